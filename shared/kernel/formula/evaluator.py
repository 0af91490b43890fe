"""The value of a parsed formula: exact, and only of what its conditions ask for."""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, assert_never

from shared.kernel import points
from shared.kernel.errors import Refused
from shared.kernel.formula.tree import Name, Number, Operation, Tree

MAGNITUDE_MAX: Final = 10**40
"""How large a numerator or denominator may become on the way; no index needs more."""


def evaluate(tree: Tree, values: Mapping[str, Fraction]) -> Fraction:
    """Compute a parsed formula.

    Refused as `formula-name-unknown`, `formula-division-by-zero`, or `number-too-large` where a
    value on the way passes MAGNITUDE_MAX.
    """
    match tree:
        case Number(value):
            return value
        case Name(name):
            if name not in values:
                raise Refused("formula-name-unknown", name=name)
            return values[name]
        case Operation("if", (condition, then, otherwise)):
            return evaluate(then if _holds(condition, values) else otherwise, values)
        case Operation(word, operands):
            return _bounded(_apply(word, [evaluate(operand, values) for operand in operands]))
        case _:
            assert_never(tree)


def _apply(word: str, operands: list[Fraction]) -> Fraction:
    if word == "/" and operands[1] == 0:
        raise Refused("formula-division-by-zero")
    return _ARITHMETIC[word](*operands)


def _bounded(value: Fraction) -> Fraction:
    if max(abs(value.numerator), value.denominator) > MAGNITUDE_MAX:
        raise Refused("number-too-large", maximum=points.exact(Fraction(MAGNITUDE_MAX)))
    return value


def _holds(tree: Tree, values: Mapping[str, Fraction]) -> bool:
    assert isinstance(tree, Operation)
    word, operands = tree.word, tree.operands
    if word in _COMPARISONS:
        left, right = (evaluate(operand, values) for operand in operands)
        return _COMPARISONS[word](left, right)
    holds = (_holds(operand, values) for operand in operands)
    match word:
        case "and":
            return all(holds)
        case "or":
            return any(holds)
        case "not":
            return not next(holds)
        case _:
            raise AssertionError(word)


_COMPARISONS: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_ARITHMETIC: Final[Mapping[str, Callable[..., Fraction]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "negative": operator.neg,
    "min": lambda *numbers: min(numbers),
    "max": lambda *numbers: max(numbers),
}
