"""What did not go in before its survey closed is given up, and nothing of it is kept."""

import asyncio
from contextlib import suppress
from functools import partial

import pytest

from services.survey.application import Entering
from services.survey.application.paper import LAPSED, TOO_LATE
from services.survey.domain.paper import to_document
from shared.events import survey as events
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused
from shared.ports import Draft, Typed
from shared.runtime.service import Outside
from tests.support.balanced import imbalances
from tests.support.frail import Crashed, Line, Overtaken
from tests.support.paper_desk import STREAM, URN_NAME
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
    surveys,
)

CALLS_MAX = 20
PAUSES_MAX = 16
FACTS_MAX = 100
CLOSING_CALLS_MAX = 60


async def closed_with(*typed_by: Actor) -> Outside:
    """A survey that closed while a pile was typed in by these alone, not alike if by two."""
    outside = await opened()
    for by, forms in zip(typed_by, (FORMS, WRONG), strict=False):
        await paper(outside).type_in(by, AT, PILE, forms, context())
    await surveys(outside).close(ONE, *AT, "survey-officer", context())
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

    typed, _ = await asyncio.gather(
        slow.type_in(ONE, AT, PILE, FORMS, context()),
        surveys(outside).close(ONE, *AT, "survey-officer", context()),
        return_exceptions=True,
    )
    await paper(outside).finish_all()

    assert list(await outside.drafts.piles(limit=10)) == []
    assert not isinstance(typed, Exception) or isinstance(typed, Refused)


async def agreed_and_left(*, steps: int = 0) -> Outside:
    """What two typed alike, and so many steps behind the agreement the process was dead."""
    outside = await opened()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
    line = Line()
    await paper(over(line, outside)).type_in(OTHER, AT, PILE, FORMS, context())
    outside = await opened()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
    dying = Line(dies_at=line.said.index("agree") + 1 + steps, afterwards=True)
    with pytest.raises(Crashed):
        await paper(over(dying, outside)).type_in(OTHER, AT, PILE, FORMS, context())
    return outside


@pytest.mark.parametrize("steps", range(4))
async def test_what_two_typed_alike_before_the_closing_is_counted(steps: int) -> None:
    outside = await agreed_and_left(steps=steps)

    await surveys(outside).close(ONE, *AT, "survey-officer", context())
    await paper(outside).finish_all()

    stored = await outside.store.stream(STREAM, limit=FACTS_MAX)
    assert imbalances(stored) == []
    assert stored[-1].type == "survey.SurveyClosed.v1"
    assert len(await facts(outside, events.PaperEntered)) == 1
    assert len(await facts(outside, events.ResponsesCounted)) == len(
        {form.agency for form in FORMS}
    )
    assert not await facts(outside, events.PaperGivenUp)
    assert list(await outside.drafts.piles(limit=10)) == []


@pytest.mark.parametrize("afterwards", [False, True])
async def test_a_closing_that_crashes_at_any_step_counts_what_two_typed_alike(
    *, afterwards: bool
) -> None:
    crashes = 0
    while crashes < CLOSING_CALLS_MAX:
        outside = await agreed_and_left()
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        try:
            await surveys(over(line, outside)).close(ONE, *AT, "survey-officer", context())
        except Crashed:
            crashes += 1
        else:
            break

        await surveys(outside).close(ONE, *AT, "survey-officer", context("again"))
        await paper(outside).finish_all()

        assert len(await facts(outside, events.PaperEntered)) == 1, line.said
        assert imbalances(await outside.store.stream(STREAM, limit=FACTS_MAX)) == []

    assert {"drop", "append", "forget", "shut"} <= set(line.said)


async def test_what_two_typed_alike_and_came_too_late_is_given_up_for_that_reason() -> None:
    outside = await agreed_and_left()
    await outside.urn.shut(URN_NAME)
    await surveys(outside).close(ONE, *AT, "survey-officer", context())

    assert await paper(outside).finish_all() == 1

    [given_up] = await facts(outside, events.PaperGivenUp)
    assert isinstance(given_up, events.PaperGivenUp)
    assert await outside.seals.open(given_up.because) == TOO_LATE
    assert list(await outside.drafts.piles(limit=10)) == []
    assert not await facts(outside, events.PaperEntered)


async def test_the_reason_is_true_also_of_what_is_typed_in_while_it_lapses() -> None:
    reasons = set()
    line = Line()
    await paper(over(line, await closed_with(ONE))).finish_all()
    for at in range(1, len(line.said) + 1):
        outside = await closed_with(ONE)
        kept: list[Draft] = []

        async def type_alike(outside: Outside, kept: list[Draft]) -> None:
            draft = Draft(OTHER.reference, "late", to_document(FORMS))
            with suppress(Refused):  # It was given up before.
                await outside.drafts.put(URN_NAME, PILE, draft)
                kept.append(draft)

        other = partial(type_alike, outside, kept)
        await paper(over(Overtaken(at=at, other=other), outside)).finish_all()

        [given_up] = await facts(outside, events.PaperGivenUp)
        assert isinstance(given_up, events.PaperGivenUp)
        reason = await outside.seals.open(given_up.because)
        assert reason == (TOO_LATE if kept else LAPSED)
        reasons.add(reason)

    assert reasons == {TOO_LATE, LAPSED}


async def test_all_piles_that_two_typed_alike_go_in_however_many_are_listed_at_once() -> None:
    outside = await opened()
    for pile in "abcde":
        for person, forms in (("op-1", FORMS), ("op-2", FORMS if pile in "bde" else WRONG)):
            draft = Draft(person, f"{pile}-{person}", to_document(forms))
            await outside.drafts.put(URN_NAME, pile, draft)
    await outside.drafts.agree(URN_NAME, "e", ["e-op-1", "e-op-2"])
    ports = (outside.urn, outside.drafts, outside.clock, outside.chance)

    await Entering(shelf(outside), *ports).enter_all(AT, piles_max=2)

    entered = await facts(outside, events.PaperEntered)
    assert [fact.pile for fact in entered if isinstance(fact, events.PaperEntered)] == [*"bde"]
    assert [kept.pile for kept in await outside.drafts.piles(limit=10)] == ["a", "c"]
