"""What did not go in before its survey closed is given up, and nothing of it is kept."""

import asyncio

import pytest

from services.survey.application import Surveys
from services.survey.application.paper import LAPSED
from shared.events import survey as events
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused
from shared.ports import Typed
from shared.runtime.service import Outside
from tests.support.frail import Crashed, Line
from tests.support.paper_desk import URN_NAME
from tests.support.paper_process import (
    AT,
    FORMS,
    ONE,
    OTHER,
    PILE,
    WRONG,
    context,
    facts,
    opened,
    over,
    paper,
    shelf,
)

CALLS_MAX = 20
PAUSES_MAX = 16


async def closed_with(*typed_by: Actor) -> Outside:
    """A survey that closed while a pile was typed in by these alone, not alike if by two."""
    outside = await opened()
    for by, forms in zip(typed_by, (FORMS, WRONG), strict=False):
        await paper(outside).type_in(by, AT, PILE, forms, context())
    surveys = Surveys(shelf(outside), outside.urn, outside.ballots, outside.clock)
    await surveys.close(ONE, *AT, "survey-officer", context())
    return outside


@pytest.mark.parametrize("typed_by", [(ONE,), (ONE, OTHER)])
async def test_what_did_not_go_in_before_the_closing_is_given_up_and_forgotten(
    typed_by: tuple[Actor, ...],
) -> None:
    outside = await closed_with(*typed_by)

    finished = [await paper(outside).finish_all() for _ in range(2)]

    assert finished == [1, 0]
    assert list(await outside.drafts.piles(limit=10)) == []
    assert await outside.drafts.typed(URN_NAME, PILE) == Typed()
    [given_up] = await facts(outside, events.PaperGivenUp)
    assert isinstance(given_up, events.PaperGivenUp)
    assert given_up.pile == PILE
    assert await outside.seals.open(given_up.because) == LAPSED
    assert not await facts(outside, events.ResponsesCounted)


async def test_what_is_typed_in_before_the_closing_stays_for_the_second_person() -> None:
    outside = await opened()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())

    assert await paper(outside).finish_all() == 0
    assert [each.pile for each in await paper(outside).waiting(ONE, AT)] == [PILE]


@pytest.mark.parametrize("afterwards", [False, True])
async def test_what_lapsed_over_a_crash_is_given_up_once(*, afterwards: bool) -> None:
    crashes = 0
    while crashes < CALLS_MAX:
        outside = await closed_with(ONE)
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        try:
            await paper(over(line, outside)).finish_all()
        except Crashed:
            crashes += 1
        else:
            break

        await paper(outside).finish_all()

        assert len(await facts(outside, events.PaperGivenUp)) == 1, line.said
        assert list(await outside.drafts.piles(limit=10)) == []

    assert crashes > 3
    assert {"append", "forget"} <= set(line.said)


@pytest.mark.parametrize("pauses", range(PAUSES_MAX))
async def test_who_types_in_while_the_survey_closes_leaves_no_draft(pauses: int) -> None:
    outside = await opened()
    slow = paper(over(Line(pauses=[pauses]), outside))
    surveys = Surveys(shelf(outside), outside.urn, outside.ballots, outside.clock)

    typed, _ = await asyncio.gather(
        slow.type_in(ONE, AT, PILE, FORMS, context()),
        surveys.close(ONE, *AT, "survey-officer", context()),
        return_exceptions=True,
    )
    await paper(outside).finish_all()

    assert list(await outside.drafts.piles(limit=10)) == []
    assert not isinstance(typed, Exception) or isinstance(typed, Refused)
