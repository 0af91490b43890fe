"""Memory adapters that fail on purpose, at the places that their ports leave open."""

from collections.abc import Iterable, Sequence
from typing import Literal

from shared.adapters.memory import (
    MemoryClock,
    MemoryDocuments,
    MemoryDrafts,
    MemoryEventStore,
    MemoryStream,
    MemoryUrn,
)
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Document, EventStore, Message, Tracking, Typed

Fate = Literal["works", "fails", "works, and the answer is lost"]


class FailingEventStore(MemoryEventStore):
    """An event store whose next appends each have their fate; afterwards all of them work."""

    def __init__(self, *fates: Fate) -> None:
        super().__init__()
        self.fates = list(fates)

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        fate = self.fates.pop(0) if self.fates else "works"
        if fate != "fails":
            await super().append(facts, tracking=tracking, behind=behind)
        if fate != "works":
            raise Unavailable("database-unavailable")


class ContestedEventStore(MemoryEventStore):
    """An event store in which somebody is always faster on one stream; it counts its readings."""

    def __init__(self) -> None:
        super().__init__()
        self.contested = ""
        self.readings = 0

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        if any(fact.stream == self.contested for fact in facts):
            raise Conflict("version-taken")
        await super().append(facts, tracking=tracking, behind=behind)

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """Some facts of a stream."""
        self.readings += 1
        return await super().stream(stream, after=after, limit=limit)


class FailingUrn(MemoryUrn):
    """An urn that is away to whoever asks what was drawn of one questionnaire."""

    away_to = ""

    async def drawn(self, questionnaire: str) -> Sequence[int]:
        """The batches that were drawn and not discarded."""
        if questionnaire == self.away_to:
            raise Unavailable("database-unavailable")
        return await super().drawn(questionnaire)


class FailingDrafts(MemoryDrafts):
    """Drafts that are away to whoever reads one pile."""

    away_to = ""

    async def typed(self, questionnaire: str, pile: str) -> Typed:
        """The drafts of a pile."""
        if pile == self.away_to:
            raise Unavailable("database-unavailable")
        return await super().typed(questionnaire, pile)


class FailingStream(MemoryStream):
    """A topic that takes a prefix of what is published next, and then fails.

    None stands for a publication that works.
    """

    def __init__(self, *prefixes: int | None) -> None:
        super().__init__(MemoryClock())
        self.prefixes = list(prefixes)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order, or some."""
        prefix = self.prefixes.pop(0) if self.prefixes else None
        await super().publish(messages[:prefix])
        if prefix is not None:
            raise Unavailable("topic-unavailable")


class FailingDocuments(MemoryDocuments):
    """Documents whose next writings each take a prefix and fail, or work where there is None."""

    def __init__(self, prefixes: Iterable[int | None] = ()) -> None:
        super().__init__()
        self.prefixes = list(prefixes)

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there is newer, or some of them."""
        prefix = self.prefixes.pop(0) if self.prefixes else None
        await super().put(collection, documents[:prefix])
        if prefix is not None:
            raise Unavailable("database-unavailable")


async def everything(store: EventStore) -> list[Stored]:
    """All facts of a store, in the order in which they were recorded."""
    return [logged.fact for logged in await store.log(after=0, limit=10_000)]


async def stream_of(store: EventStore, stream: str) -> list[Stored]:
    """All facts of one stream, by their versions."""
    return list(await store.stream(stream, limit=10_000))
