"""From the text of a formula to its tree, by recursive descent.

    expression  = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation    = "not" negation | comparison
    comparison  = sum [("<" | "<=" | ">" | ">=" | "=" | "!=") sum]
    sum         = product {("+" | "-") product}
    product     = factor {("*" | "/") factor}
    factor      = "-" factor | number | name | call | "(" expression ")"
    call        = ("min" | "max" | "if") "(" expression {"," expression} ")"

A tree is a number or a condition, and where one belongs the other is refused.
"""

import re
from collections.abc import Callable, Container, Iterable
from fractions import Fraction
from itertools import repeat
from typing import NamedTuple

from shared.kernel import points
from shared.kernel.errors import Refused
from shared.kernel.formula.tree import (
    COMPARISONS,
    FUNCTIONS,
    RESERVED,
    Name,
    Number,
    Operation,
    Tree,
    is_condition,
)

CHARACTERS_MAX = 2_000
TOKENS_MAX = 300
DEPTH_MAX = 24
"""How deeply parentheses, calls and signs may be nested."""


def parse(text: str) -> Tree:
    """Read a formula whose value is a number.

    Refused as `formula-malformed` with the position (from 1) and the reason: `too-long`,
    `too-many-tokens`, `too-deep`, `token-unexpected`, `number-malformed`, `number-expected`,
    `condition-expected` or `operands-miscounted`.
    """
    return _Parser(text).formula()


class _Token(NamedTuple):
    kind: str  # "number", "name", "sign" or "end"
    text: str
    position: int


_TOKEN = re.compile(
    r"(?P<number>[0-9][0-9.]*)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign><=|>=|!=|[-+*/(),<>=])"
)
_BLANK = re.compile(r"[ \t\r\n]*")
_Rule = Callable[[], Tree]
_Demand = Callable[[_Token, Tree], Tree]


class _Parser:
    """A recursive descent: one method for each line of the grammar."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._index = 0
        self._depth = 0

    def formula(self) -> Tree:
        tree = _number(self._next, self._expression())
        if self._next.kind != "end":
            raise _refusal(self._next, "token-unexpected")
        return tree

    def _expression(self) -> Tree:
        return self._chain({"or"}, self._conjunction, _condition)

    def _conjunction(self) -> Tree:
        return self._chain({"and"}, self._negation, _condition)

    def _negation(self) -> Tree:
        if self._next.text != "not":
            return self._comparison()
        self._take()
        return Operation("not", (_condition(self._next, self._nested(self._negation)),))

    def _comparison(self) -> Tree:
        return self._chain(COMPARISONS, self._sum, _number)

    def _sum(self) -> Tree:
        return self._chain({"+", "-"}, self._product, _number)

    def _product(self) -> Tree:
        return self._chain({"*", "/"}, self._factor, _number)

    def _factor(self) -> Tree:
        token = self._take()
        match token.kind, token.text:
            case "sign", "-":
                return Operation("negative", (_number(self._next, self._nested(self._factor)),))
            case "sign", "(":
                tree = self._nested(self._expression)
                self._expect(")")
                return tree
            case "number", _:
                return Number(_decimal(token))
            case "name", word if word in FUNCTIONS:
                return self._call(token)
            case "name", name if name not in RESERVED:
                return Name(name)
            case _:
                raise _refusal(token, "token-unexpected")

    def _call(self, function: _Token) -> Tree:
        self._expect("(")
        of_if = (_condition, _number, _number)
        demands: Iterable[_Demand] = of_if if function.text == "if" else repeat(_number)
        operands: list[Tree] = []
        for demand in demands:
            operands.append(demand(self._next, self._nested(self._expression)))
            if self._next.text != ",":
                break
            self._take()
        if function.text == "if" and len(operands) != len(of_if):
            raise _refusal(function, "operands-miscounted")
        self._expect(")")
        return Operation(function.text, tuple(operands))

    def _chain(self, words: Container[str], operand: _Rule, demand: _Demand) -> Tree:
        start = self._next
        tree = operand()
        while self._next.text in words:
            left = demand(start, tree)
            word = self._take().text
            tree = Operation(word, (left, demand(self._next, operand())))
        return tree

    def _nested(self, rule: _Rule) -> Tree:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise _refusal(self._next, "too-deep")
        tree = rule()
        self._depth -= 1
        return tree

    @property
    def _next(self) -> _Token:
        return self._tokens[self._index]

    def _take(self) -> _Token:
        token = self._next
        if token.kind == "end":
            raise _refusal(token, "token-unexpected")
        self._index += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._next.text != sign:
            raise _refusal(self._next, "token-unexpected")
        self._index += 1


def _number(start: _Token, tree: Tree) -> Tree:
    if is_condition(tree):
        raise _refusal(start, "number-expected")
    return tree


def _condition(start: _Token, tree: Tree) -> Tree:
    if not is_condition(tree):
        raise _refusal(start, "condition-expected")
    return tree


def _decimal(token: _Token) -> Fraction:
    try:
        return points.parse(token.text)
    except Refused as malformed:
        raise _refusal(token, "number-malformed") from malformed


def _tokens(text: str) -> list[_Token]:
    if len(text) > CHARACTERS_MAX:
        raise _refusal(_Token("end", "", CHARACTERS_MAX), "too-long")
    tokens: list[_Token] = []
    position = _after_blanks(text, 0)
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _refusal(_Token("sign", text[position], position), "token-unexpected")
        tokens.append(_Token(match.lastgroup, match[0], position))
        if len(tokens) > TOKENS_MAX:
            raise _refusal(tokens[-1], "too-many-tokens")
        position = _after_blanks(text, match.end())
    return [*tokens, _Token("end", "", len(text))]


def _after_blanks(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    assert match is not None
    return match.end()


def _refusal(token: _Token, reason: str) -> Refused:
    position = str(token.position + 1)
    return Refused("formula-malformed", position=position, reason=reason, found=token.text)
