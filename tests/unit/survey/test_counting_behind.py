"""A log or an urn that was put back to a time before the other's counts nothing, which is told."""

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import msgspec
import pytest

from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.main import wire
from services.survey.policy import CloseCycle
from shared.adapters.memory import MemoryEventStore
from shared.events import codec
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.errors import Unavailable
from shared.ports import Box
from shared.runtime.health import STILL_S_MAX, Health, Lag
from shared.runtime.loop import Loop, keep_running
from tests.support import quick_time
from tests.support.frail import Overtaken
from tests.support.outside import memory_outside
from tests.support.small_cycle import at, opened_cycle
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_desk import (
    CITIZENS,
    ENOUGH,
    OFFICER,
    STREAM,
    URN,
    Desk,
    desk_over,
    drop,
    opened_desk,
)

BEHIND = "log-behind-urn"
COUNTED = "receipt-counted"
LONG_S = 10 * STILL_S_MAX

PutBack = Callable[[Desk], Awaitable[Desk]]


@pytest.fixture
async def desk() -> Desk:
    return await counted_once()


async def counted_once() -> Desk:
    """A batch was counted, and another one waits."""
    desk = await opened_desk()
    await drop(desk.outside.urn, "so-y-te", ENOUGH)
    await desk.surveys.count_waiting()
    await drop(desk.outside.urn, "so-y-te", ENOUGH + 1)
    return desk


async def put_back(desk: Desk) -> Desk:
    """The same, with a log and documents of before anything was counted."""
    store = MemoryEventStore()
    for fact in await desk.outside.store.stream(STREAM, limit=1_000):
        if not isinstance(codec.decode(fact.body).data, events.ResponsesCounted):
            await store.append([fact])
    documents = memory_outside().documents
    return desk_over(replace(desk.outside, store=store, documents=documents), desk.clock)


async def with_earlier_urn(_: Desk) -> Desk:
    """The same log, with an urn of before anything was counted."""
    desk = await opened_desk()
    await drop(desk.outside.urn, "so-y-te", ENOUGH)
    earlier = copy.deepcopy(desk.outside.urn)
    await desk.surveys.count_waiting()
    return desk_over(replace(desk.outside, urn=earlier), desk.clock)


def context(desk: Desk) -> Context:
    return Context(desk.clock.now(), OFFICER.reference)


async def test_nothing_is_counted_until_the_log_is_there_again(desk: Desk) -> None:
    behind = await put_back(desk)

    counted = [await behind.surveys.count_waiting() for _ in range(2)]
    held = (await behind.surveys.counting()).held
    # What was lost is brought back, from the topic or from a newer copy.
    [*_, lost] = await desk.outside.store.stream(STREAM, limit=1_000)
    await behind.outside.store.append([lost])
    mended = (await behind.surveys.counting()).held

    assert (counted, held, mended) == ([0, 0], BEHIND, "")
    assert await behind.surveys.count_waiting() > 0


async def test_the_others_are_counted_meanwhile(desk: Desk) -> None:
    behind = await put_back(desk)
    other = msgspec.structs.replace(ADOPTED, questionnaire="other")
    await behind.surveys.adopt(OFFICER, other, context(desk))
    await behind.surveys.open(OFFICER, "2021", "other", context(desk))
    await drop(behind.outside.urn, "so-y-te", ENOUGH, name="2021/other")

    assert await behind.surveys.count_waiting() == BATCH_ANSWERS_MIN


async def test_who_closes_it_is_told_at_once_and_nothing_is_shut(desk: Desk) -> None:
    behind = await put_back(desk)

    with pytest.raises(Unavailable, match=BEHIND):
        await behind.surveys.close(OFFICER, *CITIZENS, "survey-officer", context(desk))

    assert not (await behind.outside.urn.standing(URN)).shut


async def lags(loops: Sequence[Loop]) -> Lag:
    """What is told of counting once it had its turn."""
    counting = counting_of(loops)
    await counting.step()
    [lag] = await Health([counting]).lags()
    return lag


def counting_of(loops: Sequence[Loop]) -> Loop:
    [counting] = [loop for loop in loops if loop.name == "survey.count"]
    return counting


async def test_health_names_it(desk: Desk) -> None:
    behind = await put_back(desk)

    told = await lags(wire(behind.outside).loops)
    well = await lags(wire(desk.outside).loops)

    assert (told.failure, well.failure) == (BEHIND, "")


async def test_health_is_told_also_while_counting_comes_across_another_one(desk: Desk) -> None:
    behind = await put_back(desk)
    line = Overtaken()
    told = desk_over(replace(behind.outside, urn=line.to(behind.outside.urn)), desk.clock)
    other = msgspec.structs.replace(ADOPTED, questionnaire="other")
    await told.surveys.adopt(OFFICER, other, context(desk))
    await told.surveys.open(OFFICER, "2021", "other", context(desk))
    await told.surveys.count_waiting()
    await behind.outside.urn.discard("2021/other", 1)

    async def count() -> None:
        await told.surveys.count_waiting()

    line.at, line.other = line.calls + 1, count

    assert (await told.surveys.counting()).held == BEHIND


@pytest.mark.parametrize(("put", "code"), [(put_back, BEHIND), (with_earlier_urn, COUNTED)])
def test_who_is_held_up_is_never_stuck_and_says_by_what(put: PutBack, code: str) -> None:
    async def main() -> tuple[Sequence[str], str]:
        held = await put(await counted_once())
        counting = counting_of(wire(held.outside).loops)
        watch = Health([counting])
        tasks = [asyncio.create_task(each) for each in (keep_running(counting), watch.watch())]
        await asyncio.sleep(LONG_S)
        [lag], stuck = await watch.lags(), watch.stuck()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        return stuck, lag.failure

    assert quick_time.run(main()) == ([], code)


@pytest.mark.parametrize(("put", "code"), [(put_back, BEHIND), (with_earlier_urn, COUNTED)])
async def test_what_holds_up_counting_and_the_closing_is_logged_once(
    desk: Desk, caplog: pytest.LogCaptureFixture, put: PutBack, code: str
) -> None:
    held = await put(desk)
    caplog.set_level(logging.WARNING)

    counted = [await held.surveys.count_waiting() for _ in range(3)]
    held.clock.set(at(12, 20))
    followed = [await held.surveys.follow_calendar() for _ in range(3)]
    counted += [await held.surveys.count_waiting() for _ in range(3)]

    assert (counted, followed) == ([0] * 6, [0] * 3)
    assert (await held.surveys.counting()).held == code
    assert [each.getMessage() for each in caplog.records] == [f"{STREAM} is not counted: {code}"]


async def test_an_urn_that_was_put_back_with_a_batch_on_its_way_goes_on_and_is_closed() -> None:
    desk = await opened_desk()
    await drop(desk.outside.urn, "so-y-te", ENOUGH)
    size = {"least": BATCH_ANSWERS_MIN, "most": ENOUGH, "leave": BATCH_ANSWERS_MIN}
    await desk.outside.urn.draw(URN, [Box("so-y-te", "paper")], batch=1, **size)
    earlier = copy.deepcopy(desk.outside.urn)
    await desk.surveys.count_waiting()
    await drop(desk.outside.urn, "so-noi-vu", ENOUGH)
    await desk.surveys.count_waiting()

    again = desk_over(replace(desk.outside, urn=earlier), desk.clock)
    await again.surveys.count_waiting()
    held = (await again.surveys.counting()).held
    await again.surveys.close(OFFICER, *CITIZENS, "survey-officer", context(desk))

    assert (held, await again.waiting()) == ("", 0)
    assert len(await again.counted()) == ENOUGH + BATCH_ANSWERS_MIN


@pytest.mark.parametrize("put", [put_back, with_earlier_urn])
async def test_a_withdrawal_closes_all_that_can_be_closed(desk: Desk, put: PutBack) -> None:
    held = await put(desk)
    other = msgspec.structs.replace(ADOPTED, questionnaire="other")
    await held.surveys.adopt(OFFICER, other, context(held))
    await held.surveys.open(OFFICER, "2021", "other", context(held))

    await held.surveys.perform(CloseCycle("2021"), opened_cycle()[0], None)

    assert [each.id for each in await held.shelf.running("2021/", "", 10)] == [URN]
