"""More questionnaires than a loop looks at in one turn: none is left out."""

from contextlib import suppress
from dataclasses import replace

import msgspec
import pytest

from services.survey.application import Surveys
from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.policy import CloseCycle
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.errors import Unavailable
from tests.support.failing import FailingUrn
from tests.support.small_cycle import at, opened_cycle
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_desk import (
    ENOUGH,
    OFFICER,
    Desk,
    desk_over,
    drop,
    opened_desk,
    surveys_of,
)

NAMES = ("a", "b", "d", "e")
"""Beside the one that every desk has, which sorts between them."""
AGENCY = "so-y-te"


@pytest.fixture
async def desk() -> Desk:
    return await opened_desk()


def two_at_once(desk: Desk) -> Surveys:
    return surveys_of(desk.outside, desk.shelf, running_max=2)


async def adopt_all(surveys: Surveys, desk: Desk, *, opened: bool) -> None:
    context = Context(desk.clock.now(), OFFICER.reference)
    for name in NAMES:
        await surveys.adopt(OFFICER, named(name), context)
        if opened:
            await surveys.open(OFFICER, "2021", name, context)


def named(name: str) -> events.QuestionnaireAdopted:
    return msgspec.structs.replace(ADOPTED, questionnaire=name)


async def test_the_calendar_opens_and_closes_them_turn_by_turn(desk: Desk) -> None:
    surveys = two_at_once(desk)
    await adopt_all(surveys, desk, opened=False)

    opened = [await surveys.follow_calendar() for _ in range(4)]
    desk.clock.set(at(12, 20))
    closed = [await surveys.follow_calendar() for _ in range(4)]

    assert opened == [2, 1, 1, 0]
    assert sum(closed) == len(NAMES) + 1
    assert list(await desk.shelf.running("", "", 10)) == []


async def test_their_answers_are_counted_turn_by_turn(desk: Desk) -> None:
    surveys = two_at_once(desk)
    await adopt_all(surveys, desk, opened=True)
    for name in NAMES:
        await drop(desk.outside.urn, AGENCY, ENOUGH, name=f"2021/{name}")

    counted = [await surveys.count_waiting() for _ in range(3)]

    of_each = ENOUGH - BATCH_ANSWERS_MIN
    assert counted == [2 * of_each, of_each, of_each]


async def test_one_that_a_server_is_always_away_to_keeps_none_behind_it_waiting() -> None:
    began = await opened_desk()
    urn = FailingUrn(began.outside.chance)
    desk = desk_over(replace(began.outside, urn=urn), began.clock)
    await adopt_all(desk.surveys, desk, opened=True)
    for name in NAMES:
        await drop(urn, AGENCY, ENOUGH, name=f"2021/{name}")
    urn.away_to = "2021/b"

    for _ in range(2):
        with suppress(Unavailable):
            await desk.surveys.count_waiting()

    waiting = {name: sum((await urn.waiting(f"2021/{name}")).values()) for name in NAMES}
    assert waiting == {name: BATCH_ANSWERS_MIN if name != "b" else ENOUGH for name in NAMES}
    with pytest.raises(Unavailable):
        await desk.surveys.count_waiting()


async def test_a_cycle_that_is_withdrawn_closes_them_all(desk: Desk) -> None:
    surveys = two_at_once(desk)
    await adopt_all(surveys, desk, opened=True)

    await surveys.perform(CloseCycle("2021"), opened_cycle()[0], None)

    assert list(await desk.shelf.running("2021/", "", 10)) == []
