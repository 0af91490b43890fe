"""Numbering: which records of the topic come next, which are repeated, and which must wait.

Per stream the next version must be the last + 1. A lower one is a repetition; a higher one is a
gap, and parks its stream, in order, until the missing versions arrive as records of the topic.
Only the place of a fact is looked at, never its content, so that a fact which cannot be read yet
is placed all the same. The outcome is a pure function of the records in their order.
"""

from dataclasses import dataclass, field

from shared.events.codec import Stored


@dataclass(frozen=True, slots=True)
class Gap:
    """A stream that waits: it ends at `version`, and versions up to `parked` wait behind it."""

    stream: str
    version: int
    parked: int


@dataclass(slots=True)
class Numbering:
    """The last version of every stream, and what waits behind a gap.

    The caller keeps facts durably; on any doubt it throws this away and builds it again from what
    it keeps.
    """

    versions: dict[str, int] = field(default_factory=dict)
    parked: dict[str, dict[int, Stored]] = field(default_factory=dict)

    def take(self, fact: Stored) -> "Arrival":
        """Place one record, and whatever it frees."""
        last = self.versions.get(fact.stream, 0)
        waiting = self.parked.get(fact.stream, {})
        if fact.version <= last or fact.version in waiting:
            return Arrival(repeated=(fact,))
        if fact.version > last + 1:
            self.parked.setdefault(fact.stream, {})[fact.version] = fact
            return Arrival(parked=(fact,))
        placed = [fact]
        while placed[-1].version + 1 in waiting:
            placed.append(waiting.pop(placed[-1].version + 1))
        if not waiting:
            self.parked.pop(fact.stream, None)
        self.versions[fact.stream] = placed[-1].version
        return Arrival(placed=tuple(placed))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one record: exactly one of the three is not empty.

    A repeated record is a duplicate if its bytes are those that were kept, and an alarm if not.
    """

    placed: tuple[Stored, ...] = ()
    parked: tuple[Stored, ...] = ()
    repeated: tuple[Stored, ...] = ()
