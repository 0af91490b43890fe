"""How a number comes to be, written so that anybody can do the sum.

    100 * 79.5 / 96        min(0.5 * 7, 2)        4 * (2 * (2/3) + 1 * 1) / (2 + 1)

It is written as a scheme's formulas are (`shared.kernel.formula`), with exact numbers in the place
of names. Nothing in it is rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from shared.kernel import points


@dataclass(frozen=True, slots=True)
class Working:
    """A number, and the expression that it is the value of.

    `how` is a stable code for what is done, and `of` names what the numbers in the expression
    belong to, in their order, as far as they have a name.
    """

    how: str
    expression: str
    value: Fraction
    of: tuple[str, ...] = ()


def written(value: Fraction) -> str:
    """A number as it stands in an expression."""
    text = points.exact(value)
    return f"({text})" if "/" in text or value < 0 else text


def given(how: str, value: Fraction, *of: str) -> Working:
    """A number that was not computed, but said by somebody."""
    return Working(how, written(value), value, of)


def summed(how: str, parts: Mapping[str, Fraction]) -> Working:
    """The sum of what is named; 0 for nothing."""
    expression = " + ".join(map(written, parts.values())) or "0"
    return Working(how, expression, points.total(parts.values()), tuple(parts))
