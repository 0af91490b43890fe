"""What may be supposed of a cycle."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from shared.kernel.scheme import TieRule

Outcome = Fraction | Literal["recognised", "undecided"]


@dataclass(frozen=True, slots=True)
class DecideOtherwise:
    """The council had decided otherwise on an item as it is declared and proved now.

    It awarded points (of the scheme in force, whatever weighs the item otherwise), recognised the
    claim, or has not decided.
    """

    agency: str
    item: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Weigh:
    """A part of a tier's scheme (an area, a criterion or an item) had another maximum."""

    tier: str
    part: str
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """A part of a tier's scheme (an area, a criterion or an item) did not count."""

    tier: str
    part: str


@dataclass(frozen=True, slots=True)
class BreakTiesBy:
    """Equal indices of a tier were told apart by other columns, or numbered by another rule."""

    tier: str
    rule: TieRule
    chain: tuple[str, ...]


Change = DecideOtherwise | Weigh | LeaveOut | BreakTiesBy
