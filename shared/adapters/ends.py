"""Where streams, log and consumers end, as far as it is known without asking the database.

Most readings of a store ask whether there is anything new, and mostly there is not. Whoever alone
writes to a database can answer that without it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import msgspec

from shared.events.codec import Stored
from shared.ports import Tracking

STREAMS_MAX = 4_096
"""Of how many streams the end is remembered."""


@dataclass(frozen=True, slots=True)
class _End:
    """A version above which a stream has nothing, and the fact that it has there, if known."""

    version: int
    fact: Stored | None = None


class Ends:
    """What was last written or read; used by several threads.

    A reading that began before something else was written is out of date when it is over, and is
    not remembered: `now` is taken before it and given back with what was read. While something is
    written nothing is known: the database may tell of it before it was told here.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._writings = 0
        self._is_writing = False
        self._streams: dict[str, _End] = {}
        self._positions: dict[str, int] = {}
        self._log: int | None = None

    @property
    def now(self) -> int:
        """How much has been written so far."""
        return self._writings

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Something is being written, by the one thread that writes, until the context ends."""
        self._is_writing = True
        try:
            yield
        finally:
            self._is_writing = False

    def behind(self, stream: str, version: int) -> Sequence[Stored] | None:
        """What a stream has above this version, if that is known: nothing, or its last fact."""
        end = self._streams.get(stream)
        if self._is_writing or end is None:
            return None
        if version >= end.version:
            return []
        return [end.fact] if end.fact is not None and version == end.version - 1 else None

    def is_log_read(self, position: int) -> bool:
        """Whether the log is known to have no position above this one."""
        end = self._log
        return not self._is_writing and end is not None and position >= end

    def tracked(self, consumer: str) -> int | None:
        """How far a consumer has come, if that is known."""
        return None if self._is_writing else self._positions.get(consumer)

    def read_stream(self, stream: str, after: int, facts: Sequence[Stored], now: int) -> None:
        """A stream was read to its end from a version on, above which it has these facts."""
        with self._lock:
            if now == self._writings:
                self._make_room()
                self._streams[stream] = _end_of(facts[-1]) if facts else _End(after)

    def read_log(self, position: int, now: int) -> None:
        """The log was read to its end, and has nothing above this position."""
        with self._lock:
            if now == self._writings:
                self._log = position

    def read_tracked(self, consumer: str, position: int, now: int) -> None:
        """It was read how far a consumer has come."""
        with self._lock:
            if now == self._writings:
                self._positions[consumer] = position

    def write(
        self, facts: Sequence[Stored], positions: Sequence[int], tracking: Tracking | None
    ) -> None:
        """Something was written; of streams that were not known before nothing is known now."""
        with self._lock:
            self._writings += 1
            for fact in facts:
                known = self._streams.get(fact.stream)
                if known is not None and fact.version > known.version:
                    self._streams[fact.stream] = _end_of(fact)
            if self._log is not None:
                self._log = max(self._log, *positions, 0)
            if tracking is not None:
                self._positions[tracking.consumer] = tracking.position

    def forget(self) -> None:
        """Something may have been written, or not."""
        with self._lock:
            self._writings += 1
            self._streams.clear()
            self._positions.clear()
            self._log = None

    def _make_room(self) -> None:
        if len(self._streams) >= STREAMS_MAX:
            self._streams.clear()


def _end_of(fact: Stored) -> _End:
    """The fact as the database tells it: without the trace of what recorded it."""
    return _End(fact.version, msgspec.structs.replace(fact, trace="") if fact.trace else fact)
