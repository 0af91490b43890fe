"""Pieces of the runtime as somebody might have written them, each with one mistake in it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from shared.events import codec
from shared.events.codec import Stored
from shared.events.envelope import cycle_of
from shared.kernel.decider import Decider, Fold
from shared.ledger.numbering import Arrival, Numbering
from shared.ports import Delivery, Document, EventStore, Logged, Message, Tracking
from shared.runtime import relay
from shared.runtime.handle import Handler, Loaded
from shared.runtime.keep import PARKED
from shared.runtime.number import Numberer
from shared.runtime.project import BATCH_FACTS_MAX, Projector
from shared.runtime.receive import Inbox

# --- Telling


class HastyRelay(relay.Relay):
    """Stores its position before the topic has acknowledged."""

    async def step(self) -> int:
        """Send one batch."""
        position = await self._store.tracked(relay.consumer_of())
        batch = await self._store.log(after=position, limit=relay.BATCH_FACTS_MAX)
        if batch:
            await self._store.append([], tracking=Tracking(relay.consumer_of(), batch[-1].position))
            await self._topic.publish([_message(logged) for logged in batch])
        return len(batch)


class LeapingRelay(relay.Relay):
    """Stores the end of the log as its position, which has moved on while it was sending."""

    async def step(self) -> int:
        """Send one batch."""
        position = await self._store.tracked(relay.consumer_of())
        batch = await self._store.log(after=position, limit=relay.BATCH_FACTS_MAX)
        if batch:
            await self._topic.publish([_message(logged) for logged in batch])
            end = await self._store.end()
            await self._store.append([], tracking=Tracking(relay.consumer_of(), end))
        return len(batch)


def _message(logged: Logged) -> Message:
    return Message(cycle_of(logged.fact.stream), logged.fact.body)


# --- Handling


class ForgetfulHandler(Handler):
    """Does not recognise a request that it has dealt with before."""

    async def _load(self, stream: str, fold: Decider[Any, Any, Any] | Fold[Any, Any]) -> Loaded:
        return replace(await super()._load(stream, fold), keys={})


class HastyHandler(Handler):
    """Acknowledges before it has recorded."""

    def __init__(self, store: EventStore) -> None:
        super().__init__(WritingBehind(store))


class PassingOn:
    """A store that hands everything on to another."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.stream, self.last, self.log = store.stream, store.last, store.log
        self.end, self.tracked, self.streams = store.end, store.tracked, store.streams


class WritingBehind(PassingOn):
    """A store that acknowledges first, and writes when it finds the time."""

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Begin to record."""
        writing = self._store.append(facts, tracking=tracking, behind=behind)
        self._writing = asyncio.ensure_future(writing)


class WritingApart(PassingOn):
    """A store that records the position first, and what was derived from it afterwards."""

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record both, one by one."""
        await self._store.append([], tracking=tracking)
        await self._store.append(facts, behind=behind)


# --- Hearing


class HastyInbox(Inbox):
    """Records its position in the topic apart from the facts, and before them."""

    def __init__(self, store: EventStore, wanted: Callable[[str], bool]) -> None:
        super().__init__(WritingApart(store), wanted)


# --- Numbering


class CredulousNumberer(Numberer):
    """Gives a number to everything that comes, repeated or not."""

    async def _take(self, delivery: Delivery, _: Sequence[Stored]) -> Sequence[Stored]:
        fact = codec.head(delivery.body)
        ends = await self._know(cycle_of(fact.stream))
        return [self._number(ends, fact, delivery.appended_at)]


class LeapingNumbering(Numbering):
    """Takes any higher version for the next one."""

    def take(self, fact: Stored) -> Arrival:
        """Place one record."""
        if fact.version <= self.versions.get(fact.stream, 0):
            return Arrival(repeated=(fact,))
        self.versions[fact.stream] = fact.version
        return Arrival(placed=(fact,))


class LeapingNumberer(Numberer):
    """Goes on behind a gap as if nothing were missing."""

    def _forget(self) -> None:
        super()._forget()
        self._numbering = LeapingNumbering()


class ArrivalNumbering(Numbering):
    """Places each fact when it comes, before those that it follows."""

    def take(self, fact: Stored) -> Arrival:
        """Place one record."""
        seen = self.parked.setdefault(fact.stream, {})
        if fact.version in seen:
            return Arrival(repeated=(fact,))
        seen[fact.version] = fact
        return Arrival(placed=(fact,))


class ArrivalNumberer(Numberer):
    """Numbers by arrival, and parks nothing."""

    def _forget(self) -> None:
        super()._forget()
        self._numbering = ArrivalNumbering()


class LightNumberer(Numberer):
    """Keeps what waits behind a gap in memory alone."""

    async def _take(self, delivery: Delivery, batch: Sequence[Stored]) -> Sequence[Stored]:
        kept = await super()._take(delivery, batch)
        return [fact for fact in kept if not fact.stream.startswith(PARKED)]


class HastyNumberer(Numberer):
    """Records its position in the topic apart from the numbers, and before them."""

    def __init__(self, store: EventStore) -> None:
        super().__init__(WritingApart(store))


# --- Showing


class HastyProjector(Projector):
    """Marks how far it has come before the documents are written."""

    async def _advance(self) -> int:
        positions = await self._positions()
        batch = await self._store.log(after=min(positions.values()), limit=BATCH_FACTS_MAX)
        if batch:
            await self._mark(batch[-1].position)
            await _apply(self, batch)
        return len(batch)


class CarelessProjector(Projector):
    """Applies a fact to a document without looking whether it has been applied."""

    async def _advance(self) -> int:
        positions = await self._positions()
        batch = await self._store.log(after=min(positions.values()), limit=BATCH_FACTS_MAX)
        if batch:
            await _apply(self, batch)
            await self._mark(batch[-1].position)
        return len(batch)


async def _apply(projector: Projector, batch: Sequence[Logged]) -> None:
    """Apply a batch to every view, whatever was applied before."""
    documents = projector._documents  # noqa: SLF001 - a part of two projectors
    for view in projector._views:  # noqa: SLF001 - the same
        changed: dict[str, Document] = {}
        for logged in batch:
            recorded = codec.decode(logged.fact.body)
            for key in view.keys(recorded):
                known = changed.get(key) or await documents.get(view.collection, key)
                body = view.apply(key, known.body if known else None, recorded)
                changed[key] = Document(key, logged.position, body)
        await documents.put(view.collection, list(changed.values()))
