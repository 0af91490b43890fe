"""Numbering: which records of the topic come next, which are repeated, and which must wait.

Per stream the next version must be the last + 1. A lower one is a repetition; a higher one is a
gap, and parks its stream, in order, until the missing versions arrive as records of the topic.
Only the place of a fact is looked at, never its content, so that a fact which cannot be read yet
is placed all the same. The outcome is a pure function of the records in their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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

    def know(self, stream: str, version: int, waiting: dict[int, Stored]) -> Sequence[Stored]:
        """Go on from what is kept of a stream: where it ends, and what waits behind that.

        What waits for nothing any more is placed, and returned. There is such a fact where one
        member of a group parked it while another, which did not know, placed the one before it.
        """
        freed: list[Stored] = []
        while version + len(freed) + 1 in waiting:
            freed.append(waiting.pop(version + len(freed) + 1))
        self.versions[stream] = version + len(freed)
        if waiting:
            self.parked[stream] = waiting
        else:
            self.parked.pop(stream, None)
        return freed

    def take(self, fact: Stored) -> "Arrival":
        """Place one record, and whatever it frees."""
        last = self.versions.get(fact.stream, 0)
        waiting = self.parked.get(fact.stream)
        if fact.version == last + 1 and waiting is None:
            self.versions[fact.stream] = fact.version
            return Arrival(placed=(fact,))
        waiting = waiting or {}
        if fact.version == last + 1:
            first = waiting.pop(fact.version, fact)
            return Arrival(placed=(first, *self.know(fact.stream, fact.version, waiting)))
        if fact.version <= last or fact.version in waiting:
            return Arrival(repeated=(fact,))
        self.parked.setdefault(fact.stream, {})[fact.version] = fact
        return Arrival(parked=(fact,))


class Arrival(NamedTuple):
    """What became of one record: exactly one of the three is not empty.

    A repeated record is a duplicate if its bytes are those that were kept, and an alarm if not.
    """

    placed: tuple[Stored, ...] = ()
    parked: tuple[Stored, ...] = ()
    repeated: tuple[Stored, ...] = ()
