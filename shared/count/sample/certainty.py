"""What the rounds of a drawing say of ranks, and which agencies they cannot tell apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shared.count.sample.shape import Rounds

LEVEL: Final = Fraction(95, 100)
"""The part of all rounds that a range holds, and in which one of two has to stand above."""
TOP: Final = 3
"""Up to which rank an agency stands at the top."""

OUTSIDE: Final = (1 - LEVEL) / 2
"""The part of all rounds that may lie outside a range, on either side of it."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure the place of one agency is, as far as it hangs on who was asked.

    Its rank lies between `low` (the better) and `high` in 95 % of the rounds, of which no more than
    2.5 % lie outside on either side; None where it is not ranked. `top` is the part of the rounds
    in which it was among the first three, and `grades` that in which it had each grade ("" is
    none). `level_with` are those from which it cannot be told apart: in less than 95 % of the
    rounds one of the two stands above the other.
    """

    low: int | None
    high: int | None
    top: Fraction | None
    grades: Mapping[str, Fraction]
    level_with: tuple[str, ...]


def certainties(rounds: Rounds) -> Mapping[str, Certainty]:
    """How sure the place of each agency is."""
    return {agency: _certainty(rounds, agency) for agency in rounds.ranks}


def groups(order: Sequence[str], certain: Mapping[str, Certainty]) -> Sequence[Sequence[str]]:
    """Groups of agencies, next to each other in an order, of which no two can be told apart.

    Each is as large as can be, so that they overlap, and an agency may be in several. A chain, in
    which each is level with the next alone, would join ends that can very well be told apart.
    """
    found: list[Sequence[str]] = []
    reached = 0
    for first in range(len(order)):
        last = first
        while last + 1 < len(order) and _are_level(order[first : last + 2], certain):
            last += 1
        if last + 1 > reached:
            found.append(order[first : last + 1])
            reached = last + 1
    return found


def _are_level(agencies: Sequence[str], certain: Mapping[str, Certainty]) -> bool:
    *others, newest = agencies
    return set(others) <= set(certain[newest].level_with)


def _certainty(rounds: Rounds, agency: str) -> Certainty:
    ranks = rounds.ranks[agency]
    grades = rounds.grades[agency].items()
    placed = sum(ranks.values())
    top = sum(number for rank, number in ranks.items() if rank <= TOP)
    return Certainty(
        low=_low(ranks, placed * OUTSIDE),
        high=_high(ranks, placed * OUTSIDE),
        top=Fraction(top, placed) if placed else None,
        grades={grade: Fraction(number, rounds.rounds) for grade, number in grades if number},
        level_with=tuple(
            other for other in rounds.ranks if other != agency and _level(rounds, agency, other)
        ),
    )


def _low(ranks: Mapping[int, int], outside: Fraction) -> int | None:
    """The highest rank with so few rounds before it."""
    before = 0
    for rank, number in sorted(ranks.items()):
        before += number
        if before > outside:
            return rank
    return None


def _high(ranks: Mapping[int, int], outside: Fraction) -> int | None:
    """The lowest rank with so few rounds behind it."""
    behind = 0
    for rank, number in sorted(ranks.items(), reverse=True):
        behind += number
        if behind > outside:
            return rank
    return None


def _level(rounds: Rounds, one: str, other: str) -> bool:
    often = [rounds.above.get(pair) for pair in ((one, other), (other, one))]
    return all(number is not None and number < LEVEL * rounds.rounds for number in often)
