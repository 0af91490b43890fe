"""Planted faults: adapters that break a promise, each in the way of a well-known mistake."""

import asyncio
import os
import secrets
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.events.codec import Stored
from shared.ports import (
    Box,
    Document,
    Documents,
    Draw,
    EventStore,
    Message,
    Slip,
    Stream,
    Tracking,
    Urn,
)
from shared.runtime.project import POSITIONS
from shared.runtime.relay import consumer_of
from shared.runtime.service import Outside
from tests.faults.kill.fuse import Fused

LATER_S = 2.0
RECEIPT_BYTES = 16
HELD_BACK_MIN = 8


class _Changed:
    """A port with some of its calls replaced; the rest are its own."""

    def __init__(self, port: object, **calls: Callable[..., Any]) -> None:
        self._port = port
        self._calls = calls

    def __getattr__(self, verb: str) -> Any:  # noqa: ANN401 - whatever the port has
        return self._calls.get(verb) or getattr(self._port, verb)


def acknowledges_before_it_appends(outside: Outside) -> Outside:
    """What was told to be recorded waits in memory; the process dies before there is a moment.

    Until then it reads there what it believes to be recorded.
    """
    store: EventStore = outside.store
    waiting: list[Stored] = []
    dying: list[asyncio.Task[None]] = []

    async def append(
        facts: Sequence[Stored], *, tracking: Tracking | None = None, behind: Stored | None = None
    ) -> None:
        if not facts:
            await store.append(facts, tracking=tracking, behind=behind)
            return
        waiting.extend(facts)
        dying.append(asyncio.create_task(_die_later()))

    async def stream(name: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        facts = await store.stream(name, after=after, limit=limit)
        believed = [fact for fact in waiting if fact.stream == name and fact.version > after]
        return [*facts, *believed][:limit]

    return _with(outside, store=_Changed(store, append=append, stream=stream))


async def _die_later() -> None:
    await asyncio.sleep(LATER_S)
    _die()


def stores_the_position_before_it_publishes(outside: Outside) -> Outside:
    """A relay that goes on before the topic has acknowledged; here it dies in between."""
    store: EventStore = outside.store
    topic: Stream = outside.topic
    consumer = consumer_of(outside.topic_name)

    async def publish(messages: Sequence[Message]) -> None:
        told = await store.log(after=await store.tracked(consumer), limit=len(messages))
        await store.append([], tracking=Tracking(consumer, told[-1].position))
        _die()
        await topic.publish(messages)

    return _with(outside, topic=_Changed(topic, publish=publish))


def tracks_before_it_appends(outside: Outside) -> Outside:
    """Who hears of facts keeps the position before the facts; here the process dies in between.

    It does so once the relay knows that it has told them, or else it tells them again.
    """
    inbox: EventStore = outside.inbox

    async def append(
        facts: Sequence[Stored], *, tracking: Tracking | None = None, behind: Stored | None = None
    ) -> None:
        if facts and tracking is not None:
            await inbox.append([], tracking=tracking)
            await _die_later()
        await inbox.append(facts, tracking=tracking, behind=behind)

    return _with(outside, inbox=_Changed(inbox, append=append))


def forgets_the_key_of_a_batch(outside: Outside) -> Outside:
    """Whoever sends a batch again, because no answer came, is taken for somebody else."""
    urn: Urn = outside.urn

    async def drop(
        questionnaire: str, _: str, slips: Sequence[tuple[str, Slip]], *, digest: str
    ) -> bool:
        others = [
            (agency, replace(slip, receipt=secrets.token_hex(RECEIPT_BYTES)))
            for agency, slip in slips
        ]
        return await urn.drop(questionnaire, secrets.token_hex(), others, digest=digest)

    async def dropped(*_: str, **__: str) -> bool:
        return False

    return _with(outside, urn=_Changed(urn, drop=drop, dropped=dropped))


def discards_answers_before_they_are_counted(outside: Outside) -> Outside:
    """The urn is emptied when a batch is drawn; here the process dies before it is recorded."""
    urn: Urn = outside.urn

    async def draw(
        questionnaire: str, boxes: Sequence[Box], *, batch: int, **sizes: int
    ) -> Draw | None:
        drawn = await urn.draw(questionnaire, boxes, batch=batch, **sizes)
        if drawn is not None:
            await urn.discard(questionnaire, batch)
            _die()
        return drawn

    return _with(outside, urn=_Changed(urn, draw=draw))


def marks_documents_as_shown_that_are_not(outside: Outside) -> Outside:
    """Positions of views are kept, and their documents are not; the process dies of some of them.

    A single one could be whole again, as soon as what it is about changes once more.
    """
    documents: Documents = outside.documents
    held_back = 0

    async def put(collection: str, wanted: Sequence[Document]) -> None:
        nonlocal held_back
        if collection != POSITIONS:
            held_back += len(wanted)
            return
        await documents.put(collection, wanted)
        if held_back >= HELD_BACK_MIN:
            _die()

    return _with(outside, documents=_Changed(documents, put=put))


PLANTS: Mapping[str, Callable[[Outside], Outside]] = {
    plant.__name__: plant
    for plant in (
        acknowledges_before_it_appends,
        stores_the_position_before_it_publishes,
        tracks_before_it_appends,
        forgets_the_key_of_a_batch,
        discards_answers_before_they_are_counted,
        marks_documents_as_shown_that_are_not,
    )
}


def _with(outside: Outside, **ports: _Changed | Fused) -> Outside:
    changed: Any = ports
    return replace(outside, **changed)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
