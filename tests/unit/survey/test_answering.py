"""Answering when many do at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Missing
from tests.support.survey_desk import STREAM, desk_over, opened_desk

PEOPLE = 30
PATIENCE_S = 5.0


class CountingStore(MemoryEventStore):
    """Counts how often the stream of the questionnaire is read."""

    reads = 0

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        self.reads += stream == STREAM
        return await super().stream(stream, after=after, limit=limit)


class SlowForStrangers(MemoryEventStore):
    """Reads of what is not there wait until they are let go; they are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = asyncio.Event()
        self.made_up = 0

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        if stream != STREAM:
            self.made_up += 1
            await self.let_go.wait()
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


async def test_nobody_waits_behind_those_who_ask_for_what_is_not_there() -> None:
    desk = await opened_desk()
    [token] = await desk.invite(1)
    store = SlowForStrangers()
    await store.append(await desk.outside.store.stream(STREAM, limit=100))
    several = desk_over(replace(desk.outside, store=store), desk.clock)
    names = [f"made-up-{place}" for place in range(PEOPLE)]
    strangers = [asyncio.create_task(several.answering.asked("2021", name)) for name in names]
    await asyncio.sleep(0)

    async with asyncio.timeout(PATIENCE_S):
        await several.answer(token)

    store.let_go.set()
    told = await asyncio.gather(*strangers, return_exceptions=True)
    assert {type(each) for each in told} == {Missing}
    for name in names:
        with pytest.raises(Missing):
            await several.answering.asked("2021", name)
    assert store.made_up == PEOPLE
