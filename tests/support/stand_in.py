"""A store that stands before another: others write through that one, or it is exchanged."""

from collections.abc import Awaitable, Callable, Sequence

from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.ports import EventStore, Logged, Tracking


class StandIn:
    """An event store over `behind`; `first` is called once, just before the next append."""

    def __init__(self, behind: EventStore) -> None:
        self.behind = behind
        self.first: Callable[[], Awaitable[object]] | None = None
        self.unreadable = ""
        """A stream that fails for a reason of its own."""
        self.away_after: int | None = None
        """After so many readings of streams it is away, for one of them."""

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        first, self.first = self.first, None
        if first is not None:
            await first()
        await self.behind.append(facts, tracking=tracking, behind=behind)

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Some facts of a stream."""
        if stream == self.unreadable:
            raise OSError(stream)
        if self.away_after == 0:
            self.away_after = None
            raise Unavailable("database-unavailable")
        if self.away_after is not None:
            self.away_after -= 1
        return await self.behind.stream(stream, after=after, limit=limit)

    async def last(self, stream: str) -> Stored | None:
        """The newest fact of a stream, or None."""
        return await self.behind.last(stream)

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """Some facts of the log."""
        return await self.behind.log(after=after, limit=limit)

    async def end(self) -> int:
        """The last position of the log."""
        return await self.behind.end()

    async def tracked(self, consumer: str) -> int:
        """How far the consumer has come."""
        return await self.behind.tracked(consumer)

    async def streams(self, prefix: str, *, after: str = "", limit: int) -> Sequence[str]:
        """Some streams, by name."""
        return await self.behind.streams(prefix, after=after, limit=limit)
