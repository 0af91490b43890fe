"""Recall: what a service has said comes back from the topic into its own store, which lost it.

A store that was lost, or put back from a copy of an earlier moment, would give the versions of what
was told since to something else. So the service stands still until its facts are back. What stands
in the store already has to be what was told, byte by byte.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import takewhile

from shared.events import codec
from shared.events.codec import Stored
from shared.events.envelope import fact_id
from shared.ledger.numbering import Numbering
from shared.ports import Delivery, EventStore, Logged, Stream, Tracking
from shared.runtime.keep import TOPIC
from shared.runtime.relay import consumer_of
from shared.runtime.whole import whole

PAGE_FACTS = 500
NAMED_MAX = 100
"""So many facts of each kind are named."""


@dataclass(slots=True)
class Recalled:
    """What a recall came to.

    `differing` are facts that the topic has with other bytes, `missing` those without which others
    of their stream cannot come back: the topic has lost them.
    """

    read: int = 0
    kept: int = 0
    back: int = 0
    differing: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether store and topic agree."""
        return not (self.differing or self.missing)


class Recall:
    """Brings the facts of one service back; `look` only says what would come.

    What the topic has, its outbox need not tell it again: that is recorded in the end.
    """

    def __init__(
        self, topic: Stream, store: EventStore, service: str, topic_name: str = TOPIC
    ) -> None:
        self._topic = topic
        self._store = store
        self._prefix = f"{service}."
        self._relay = consumer_of(topic_name)
        self._begin()

    def _begin(self) -> None:
        self._numbering = Numbering()
        """Of the store."""
        self._told = Numbering()
        """Of the topic alone."""
        self._kept: dict[str, dict[int, bytes]] = {}

    async def look(self, name: str) -> AsyncGenerator[Recalled, None]:
        """Say what `bring` would come to, and bring nothing."""
        async with aclosing(self._read(name, brings=False)) as read:
            async for came in read:
                yield came

    async def bring(self, name: str) -> AsyncGenerator[Recalled, None]:
        """Read the topic to its end, and tell what was brought by now; `name` is nobody else's."""
        async with aclosing(self._read(name, brings=True)) as read:
            async for came in read:
                yield came
        await self._pass_told()

    async def _read(self, name: str, *, brings: bool) -> AsyncGenerator[Recalled, None]:
        self._begin()
        came = Recalled()
        async with aclosing(whole(self._topic, f"recall-{name}")) as read:
            async for deliveries in read:
                placed = [fact for each in deliveries for fact in await self._take(each, came)]
                if brings and placed:
                    await self._store.append(placed)
                came.read += len(deliveries)
                came.back += len(placed)
                yield came
        for stream, waiting in sorted(self._numbering.parked.items()):
            first = self._numbering.versions.get(stream, 0) + 1
            assert first not in waiting, "what waits, waits for something"
            came.missing.append(fact_id(stream, first))
        yield came

    async def _take(self, delivery: Delivery, came: Recalled) -> tuple[Stored, ...]:
        """What of a record is to be appended."""
        try:
            fact = codec.head(delivery.body)
        except codec.Unreadable:
            return ()  # It names no place, and so nobody of us has said it.
        if not fact.type.startswith(self._prefix):
            return ()
        self._told.take(fact)
        if fact.stream not in self._numbering.versions:
            last = await self._store.last(fact.stream)
            self._numbering.know(fact.stream, last.version if last else 0, {})
        arrival = self._numbering.take(fact)
        for repeated in arrival.repeated:
            await self._compare(repeated, came)
        return arrival.placed

    async def _compare(self, told: Stored, came: Recalled) -> None:
        kept = await self._body(told)
        if kept is None:
            return  # It waits, or comes back with this very batch.
        came.kept += 1
        if kept != told.body and len(came.differing) < NAMED_MAX:
            came.differing.append(told.id)

    async def _body(self, told: Stored) -> bytes | None:
        """The bytes that the store has; they are asked for in the order in which they lie there."""
        of_stream = self._kept.setdefault(told.stream, {})
        if told.version not in of_stream:
            after = told.version - 1
            page = await self._store.stream(told.stream, after=after, limit=PAGE_FACTS)
            of_stream |= {each.version: each.body for each in page}
        return of_stream.pop(told.version, None)

    async def _pass_told(self) -> None:
        """Record up to where the outbox has nothing to tell: all before it, the topic has."""
        passed = before = await self._store.tracked(self._relay)
        while page := await self._store.log(after=passed, limit=PAGE_FACTS):
            told = takewhile(self._is_told, page)
            last = [logged.position for logged in told][-1:]
            passed = max([passed, *last])
            if passed < page[-1].position:
                break
        if passed > before:
            await self._store.append([], tracking=Tracking(self._relay, passed))

    def _is_told(self, logged: Logged) -> bool:
        return logged.fact.version <= self._told.versions.get(logged.fact.stream, 0)
