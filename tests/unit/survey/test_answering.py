"""Answering when many do at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from tests.support.survey_desk import STREAM, desk_over, opened_desk

PEOPLE = 30


class CountingStore(MemoryEventStore):
    """Counts how often the stream of the questionnaire is read."""

    reads = 0

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        self.reads += stream == STREAM
        return await super().stream(stream, after=after, limit=limit)


async def test_of_many_who_answer_at_once_one_looks_at_what_is_asked() -> None:
    desk = await opened_desk()
    tokens = await desk.invite(PEOPLE)
    store = CountingStore()
    await store.append(await desk.outside.store.stream(STREAM, limit=100))
    several = desk_over(replace(desk.outside, store=store), desk.clock)
    await several.answer(tokens[0])
    looked = store.reads

    desk.clock.set(desk.clock.now().replace(microsecond=0).replace(second=59))
    await asyncio.gather(*map(several.answer, tokens[1:]))

    assert await several.waiting() == PEOPLE
    assert looked >= 1
    assert store.reads == 2 * looked
