"""Streams and their log in memory, all or nothing as in a database."""

import asyncio
from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import islice

from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Logged, Tracking


class MemoryEventStore:
    """An event store in memory.

    Every call gives way to other tasks before it begins, as a real store would, so that tests see
    the races that users would see; what it does then is not interrupted.
    """

    def __init__(self) -> None:
        self._facts: dict[tuple[str, int], Stored] = {}
        self._versions: dict[str, list[int]] = {}
        self._log: list[Logged] = []
        self._tracked: dict[str, int] = {}
        self._closed = False

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        await self._begin()
        if tracking is not None and self._tracked.get(tracking.consumer, 0) >= tracking.position:
            raise Conflict("already-tracked", consumer=tracking.consumer)
        places = [(fact.stream, fact.version) for fact in facts]
        if len(set(places)) < len(places) or any(place in self._facts for place in places):
            raise Conflict("version-taken", stream=facts[0].stream)
        if behind is not None and not self._has(behind):
            raise Conflict("version-missing", stream=behind.stream)
        for fact in facts:
            self._record(fact)
        if tracking is not None:
            self._tracked[tracking.consumer] = tracking.position

    def _has(self, fact: Stored) -> bool:
        there = self._facts.get((fact.stream, fact.version))
        return there is not None and there.body == fact.body

    def _record(self, fact: Stored) -> None:
        assert fact.version >= 1, f"versions count from 1: {fact.id}"
        self._facts[fact.stream, fact.version] = fact
        insort(self._versions.setdefault(fact.stream, []), fact.version)
        self._log.append(Logged(len(self._log) + 1, fact))

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Up to `limit` facts of one stream with a version above `after`, in their order."""
        await self._begin()
        versions = self._versions.get(stream, [])
        first = bisect_right(versions, after)
        return [self._facts[stream, version] for version in versions[first : first + limit]]

    async def last(self, stream: str) -> Stored | None:
        """The newest fact of a stream, or None."""
        await self._begin()
        versions = self._versions.get(stream)
        return self._facts[stream, versions[-1]] if versions else None

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """Up to `limit` facts with a position above `after`."""
        await self._begin()
        return self._log[after : after + limit]

    async def end(self) -> int:
        """The last position of the log; 0 while it is empty."""
        await self._begin()
        return len(self._log)

    async def tracked(self, consumer: str) -> int:
        """How far the consumer has come; 0 if it never began."""
        await self._begin()
        return self._tracked.get(consumer, 0)

    async def streams(self, prefix: str, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` streams whose name begins with `prefix` and sorts behind `after`."""
        await self._begin()
        found = (stream for stream in sorted(self._versions) if stream.startswith(prefix))
        return list(islice((stream for stream in found if stream > after), limit))

    async def close(self) -> None:
        """Go away: from now on every call raises `Unavailable`."""
        self._closed = True

    async def _begin(self) -> None:
        await asyncio.sleep(0)
        if self._closed:
            raise Unavailable("database-unavailable")
