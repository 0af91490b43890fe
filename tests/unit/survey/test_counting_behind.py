"""A log that was put back to a time before the urn's counts nothing, and that is told."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.main import wire
from shared.adapters.memory import MemoryEventStore
from shared.events import codec
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.errors import Unavailable
from shared.runtime.health import Health, Lag
from shared.runtime.loop import Loop
from tests.support.outside import memory_outside
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


@pytest.fixture
async def desk() -> Desk:
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
    [counting] = [loop for loop in loops if loop.name == "survey.count"]
    await counting.step()
    [lag] = await Health([counting]).lags()
    return lag


async def test_health_names_it_and_is_not_stuck(desk: Desk) -> None:
    behind = await put_back(desk)

    told = await lags(wire(behind.outside).loops)
    well = await lags(wire(desk.outside).loops)

    assert (told.failure, well.failure) == (BEHIND, "")
