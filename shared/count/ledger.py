"""A cycle's ledger as far as it was read, counted, and what stands beside it."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from shared.count.hindrance import Hindrance
from shared.count.history import History
from shared.count.replay import Count, Replay
from shared.count.state import Note
from shared.count.table import notes
from shared.events import codec
from shared.events.envelope import Recorded, fact_id
from shared.kernel.errors import Missing
from shared.ledger.entry import Entry
from shared.ledger.numbering import Gap

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class _Beside(NamedTuple):
    """The place of a fact that stands beside the ledger, and when it was heard."""

    stream: str
    version: int
    at: int


def _beside(entry: Entry) -> _Beside:
    fact = codec.place_as_kept(entry.fact)
    return _Beside(fact.stream, fact.version, _micros(entry.at))


class Ledger:
    """What one cycle's entries come to, and which facts wait or were told with other bytes.

    Entries have to be given in their order, those of the three kinds in any order among them. One
    that is asked about its past keeps a `history`.
    """

    def __init__(self, cycle: str, history: History | None = None) -> None:
        self.replay = Replay(cycle)
        self._history = history
        self._times = array("q")
        self._parked: list[_Beside] = []
        self._altered: list[_Beside] = []
        self._counted: tuple[int, Count] | None = None

    @property
    def cycle(self) -> str:
        """The cycle whose ledger this is."""
        return self.replay.state.cycle

    @property
    def records(self) -> int:
        """How many entries of all kinds were read; it grows with every change."""
        return self.replay.size + self.parked + len(self._altered)

    @property
    def altered(self) -> Sequence[str]:
        """The facts that were told again with other bytes, as often as that was heard."""
        return [fact_id(each.stream, each.version) for each in self._altered]

    @property
    def parked(self) -> int:
        """How many entries were parked, those included that wait no more."""
        return len(self._parked)

    def take(self, entry: Entry, recorded: Recorded | None = None) -> None:
        """Read the next entry of the ledger itself, as `Replay.take` does."""
        self.replay.take(entry.fact, recorded)
        self._times.append(_micros(entry.at))
        if self._history is not None:
            self._history.keep(self.replay)

    def park(self, entry: Entry) -> None:
        """Read an entry that waits, or waited, for one before it."""
        self._parked.append(_beside(entry))

    def set_aside(self, entry: Entry) -> None:
        """Read an entry that was told again with other bytes."""
        self._altered.append(_beside(entry))

    def shortly_before(self, number: int) -> "Ledger":
        """This ledger as it was a few entries before that number, or at it.

        Whoever asks goes on with the entries from there to the number. Beside it stands already
        what waited by the time of that entry, and what was told otherwise by then. Raises
        `Missing("number-unknown")`.
        """
        number = self.number_at(number)
        assert self._history is not None, "who is asked about the past keeps a history"
        earlier = Ledger(self.cycle)
        earlier.replay = self._history.nearest(number) or earlier.replay
        earlier._times = self._times[: earlier.replay.size]
        if number:
            until = self._times[number - 1]
            earlier._parked = [each for each in self._parked if each.at <= until]
            earlier._altered = [each for each in self._altered if each.at <= until]
        return earlier

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The streams that wait for something, by name."""
        waiting: dict[str, int] = {}
        for fact in self._parked:
            if fact.version > self.replay.version_of(fact.stream):
                waiting[fact.stream] = max(fact.version, waiting.get(fact.stream, 0))
        return tuple(
            Gap(stream, self.replay.version_of(stream), last)
            for stream, last in sorted(waiting.items())
        )

    def reached_by(self, at: datetime) -> int:
        """The number of the last entry that was taken by a time; 0 if there was none."""
        return bisect_right(self._times, _micros(at))

    def number_at(self, at: int | datetime) -> int:
        """The number of the last entry at a place that is told by its number or by a time.

        Raises `Missing("number-unknown")` where no entry has that number yet.
        """
        if isinstance(at, datetime):
            return self.reached_by(at)
        if at > self.replay.size:
            raise Missing("number-unknown", number=str(at), size=str(self.replay.size))
        return at

    def taken_at(self, number: int) -> datetime:
        """The time of an entry."""
        return _EPOCH + self._times[number - 1] * _MICROSECOND

    def count(self) -> Count:
        """Count what has been read; what waits, and what was told otherwise, hinders too."""
        if self._counted is None or self._counted[0] != self.records:
            count = self.replay.count()
            parked = (Hindrance("stream-parked", stream=gap.stream) for gap in self.gaps)
            altered = {Hindrance("entry-altered", fact=fact) for fact in self.altered}
            hindrances = tuple(sorted((*count.hindrances, *parked, *altered)))
            self._counted = (self.records, Count(count.tables, hindrances, count.basis))
        return self._counted[1]

    def notes(self) -> tuple[Note, ...]:
        """What was said and is not counted."""
        return notes(self.replay.state)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
