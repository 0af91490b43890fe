"""What changed between two places of a ledger, and which facts changed it.

One fact is taken after the other, in ledger order, and what it changes is put down to it. So the
changes of an agency follow one another without a hole, and add up to the difference exactly. An
order that others chose afterwards (as by averaging over all orders) would divide what happened at
one moment among facts of other moments; the order of the log is the one in which it happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from shared.count.replay import Replay
from shared.count.table import tables
from shared.kernel.index import AgencyResult


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agency stands in the table of its tier."""

    tier: str
    points: Fraction
    maximum: Fraction
    index: Fraction | None
    grade: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What the entry with this number changed for an agency; None where it has no row.

    `by` names the agencies whose own points the entry changed, this one among them or not: one that
    falls because another rose is moved by others alone.
    """

    number: int
    entry: bytes
    before: Standing | None
    after: Standing | None
    by: tuple[str, ...]


class Difference:
    """Follows a replay from where it is, and puts down each change to the entry that made it."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self.first = replay.size
        self.before = _standings(replay)
        self.after = self.before
        self.changes: dict[str, list[Change]] = {}

    @property
    def last(self) -> int:
        """The number of the last entry that was taken."""
        return self._replay.size

    def take(self, entry: bytes) -> None:
        """Take the next entry."""
        self._replay.take(entry)
        if self._is_unchanged():
            return
        before, self.after = self.after, _standings(self._replay)
        by = tuple(code for code in sorted(before | self.after) if self._is_own(code, before))
        for agency in sorted(before | self.after):
            was, now = before.get(agency), self.after.get(agency)
            if was != now:
                change = Change(self._replay.size, entry, was, now, by)
                self.changes.setdefault(agency, []).append(change)

    def _is_unchanged(self) -> bool:
        """Whether every row was assessed before, so that the entry changed none."""
        state = self._replay.state
        rows = {code for code, each in state.roster.items() if each.tier in state.schemes}
        return rows == self.after.keys() and rows <= state.rows.keys()

    def _is_own(self, agency: str, before: Mapping[str, Standing]) -> bool:
        """Whether more of it has changed than its rank."""
        was, now = before.get(agency), self.after.get(agency)
        if was is None or now is None:
            return was is not now
        return replace(was, rank=None) != replace(now, rank=None)


def _standings(replay: Replay) -> dict[str, Standing]:
    return {
        row.agency: _standing(table.tier, row)
        for table in tables(replay.state)
        for row in table.rows
    }


def _standing(tier: str, row: AgencyResult) -> Standing:
    return Standing(tier, row.total.points, row.total.maximum, row.index, row.grade, row.rank)
