"""The event store: what a service recorded, and what it heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.events.codec import Stored


@dataclass(frozen=True, slots=True)
class Tracking:
    """How far a consumer has come in a source; positions count from 1, 0 is the beginning."""

    consumer: str
    position: int


@dataclass(frozen=True, slots=True)
class Logged:
    """A fact in a store's own log, which is its outbox: positions grow, and may have holes."""

    position: int
    fact: Stored


class EventStore(Protocol):
    """Streams of facts, and one log of them all in the order in which they were committed."""

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, durably, or nothing.

        Raises `Conflict("version-taken")` where a stream already has one of the versions,
        `Conflict("version-missing")` where a stream does not have, or not with these bytes, the
        fact `behind` which they were decided, and `Conflict("already-tracked")` where the consumer
        is at that position or beyond. No facts with a tracking is allowed. Raises `Unavailable`
        while the database is away.
        """

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Up to `limit` facts of one stream with a version above `after`, in their order."""

    async def last(self, stream: str) -> Stored | None:
        """The newest fact of a stream, or None."""

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """Up to `limit` facts with a position above `after`, and none is skipped for ever."""

    async def end(self) -> int:
        """The last position of the log; 0 while it is empty."""

    async def tracked(self, consumer: str) -> int:
        """How far the consumer has come; 0 if it never began."""

    async def streams(self, prefix: str, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` streams whose name begins with `prefix` and sorts behind `after`."""
