"""What a formula is once it has been read: numbers, names, and operations on them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, assert_never

COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "=", "!="})
CONDITIONS: Final = COMPARISONS | {"and", "or", "not"}
"""The operations whose value is true or false; that of all others is a number."""
FUNCTIONS: Final = frozenset({"min", "max", "if"})
RESERVED: Final = FUNCTIONS | {"and", "or", "not"}
"""Words that cannot be the name of an input."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that stands in the formula."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """An input; its value comes with the evaluation."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A sign or a word, and what it is applied to; "negative" is the unary minus."""

    word: str
    operands: tuple["Tree", ...]


Tree = Number | Name | Operation


def names(tree: Tree) -> frozenset[str]:
    """Name every input that a formula asks for."""
    match tree:
        case Number():
            return frozenset()
        case Name(name):
            return frozenset({name})
        case Operation(operands=operands):
            return frozenset[str]().union(*map(names, operands))
        case _:
            assert_never(tree)


def is_condition(tree: Tree) -> bool:
    """Say whether the value of a tree is true or false, rather than a number."""
    return isinstance(tree, Operation) and tree.word in CONDITIONS
