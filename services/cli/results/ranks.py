"""Published ranks against values: which tie rule they follow, and which ranks are not there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import assert_never, get_args

from shared.kernel.scheme import TieRule

RULES: tuple[TieRule, ...] = get_args(TieRule)

Standing = tuple[Fraction, ...]
"""What decides on a rank, higher first: the index, then the columns of the chain for ties."""


@dataclass(frozen=True, slots=True)
class Place:
    """How many stand above, in how many groups of equals, and how many stand here."""

    above: int
    groups_above: int
    here: int

    @property
    def tied(self) -> bool:
        return self.here > 1

    def ranks(self, rule: TieRule) -> range:
        """The ranks that a rule allows here; among equals `ordinal` leaves the order open."""
        match rule:
            case "competition":
                return range(self.above + 1, self.above + 2)
            case "dense":
                return range(self.groups_above + 1, self.groups_above + 2)
            case "ordinal":
                return range(self.above + 1, self.above + self.here + 1)
            case _:
                assert_never(rule)


@dataclass(frozen=True, slots=True)
class Departure:
    """An agency whose published rank is none that a rule allows."""

    agency: str
    published: int
    allowed: range


def places(standings: Mapping[str, Standing]) -> Mapping[str, Place]:
    """The place of every agency."""
    ordered = sorted(standings.items(), key=lambda pair: pair[1], reverse=True)
    found: dict[str, Place] = {}
    above = 0
    for number, (_, group) in enumerate(groupby(ordered, key=lambda pair: pair[1])):
        agencies = [agency for agency, _ in group]
        place = Place(above, number, len(agencies))
        found |= dict.fromkeys(agencies, place)
        above += place.here
    return found


def departures(
    rule: TieRule, published: Mapping[str, int], found: Mapping[str, Place]
) -> tuple[Departure, ...]:
    """The ranks that do not follow from the places by a rule; none where it was the rule."""
    times = Counter(published.values())
    return tuple(
        Departure(agency, rank, found[agency].ranks(rule))
        for agency, rank in published.items()
        if rank not in found[agency].ranks(rule) or (rule == "ordinal" and times[rank] > 1)
    )


def out_of_order(published: Mapping[str, int], standings: Mapping[str, Standing]) -> frozenset[str]:
    """The agencies whose rank among those that are there is not where their value puts them."""
    among = places({agency: (Fraction(-rank),) for agency, rank in published.items()})
    found = places({agency: standings[agency] for agency in published})
    return frozenset(
        agency
        for agency, place in among.items()
        if place.above + 1 not in found[agency].ranks("ordinal")
    )


def left_out(published: Iterable[int], whole: int | None) -> tuple[int, ...]:
    """The ranks from 1 to the last that nobody in the table has, equals counted one by one."""
    held = Counter(published)
    taken = {rank + place for rank, times in held.items() for place in range(times)}
    last = max([*held, whole or 0])
    return tuple(rank for rank in range(1, last + 1) if rank not in taken)


def spans(ranks: Sequence[int]) -> str:
    """Ranks as people list them: `3-5, 7`."""
    runs: list[list[int]] = []
    for rank in ranks:
        if runs and rank == runs[-1][-1] + 1:
            runs[-1].append(rank)
        else:
            runs.append([rank])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
