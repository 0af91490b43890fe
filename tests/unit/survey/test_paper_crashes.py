"""A pile goes in once, whatever crashes between any two steps, and whoever overtakes whom."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.survey.domain.paper import to_document
from shared.events import survey as events
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ports import Draft
from shared.runtime.service import Outside
from tests.support.balanced import imbalances
from tests.support.failing import FailingDrafts
from tests.support.frail import Crashed, Line
from tests.support.paper_desk import HEALTH, HOME, STREAM, URN_NAME
from tests.support.paper_process import (
    AT,
    FORMS,
    ONE,
    OTHER,
    PILE,
    THIRD,
    WRONG,
    context,
    facts,
    opened,
    over,
    paper,
    surveys,
)

CALLS_MAX = 60


async def typed_again(outside: Outside) -> None:
    """Both type it in once more, as people do who heard nothing; and the worker has its turns."""
    for by in (ONE, OTHER):
        await paper(outside).finish_all()
        with suppress(Refused):  # It is in; whether only once, is what is looked at.
            await paper(outside).type_in(by, AT, PILE, FORMS, context())
    await paper(outside).finish_all()


async def in_once(outside: Outside) -> bool:
    waiting = {box.agency: n for box, n in (await outside.urn.waiting(URN_NAME)).items()}
    entered = await facts(outside, events.PaperEntered)
    left = await outside.drafts.piles(limit=10)
    return waiting == {HEALTH: 1, HOME: 1} and len(entered) == 1 and list(left) == []


@pytest.mark.parametrize("afterwards", [False, True])
async def test_a_crash_between_any_two_steps_loses_and_doubles_nothing(*, afterwards: bool) -> None:
    crashes = 0
    while crashes < CALLS_MAX:
        outside = await opened()
        await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        try:
            await paper(over(line, outside)).type_in(OTHER, AT, PILE, FORMS, context())
        except Crashed:
            crashes += 1
        else:
            break

        await typed_again(outside)

        assert await in_once(outside), line.said

    assert {"put", "agree", "drop", "append", "forget"} <= set(line.said)
    assert len(line.said) == crashes


@pytest.mark.parametrize("afterwards", [False, True])
async def test_whoever_heard_nothing_says_it_again_and_hears_that_it_is_in(
    *, afterwards: bool
) -> None:
    crashes = 0
    while crashes < CALLS_MAX:
        outside = await opened()
        await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        try:
            await paper(over(line, outside)).type_in(OTHER, AT, PILE, FORMS, context())
        except Crashed:
            crashes += 1
        else:
            break

        with suppress(Refused):  # It is in.
            await paper(outside).type_in(OTHER, AT, PILE, FORMS, context())
        again = await paper(outside).read(OTHER, AT, PILE)
        await paper(outside).finish_all()

        assert again.status == "entered", line.said
        assert await in_once(outside), line.said

    assert crashes > 6


async def closed(outside: Outside) -> None:
    """The survey closes, and the worker forgets what did not go in."""
    await surveys(outside).close(ONE, *AT, "survey-officer", context())
    await paper(outside).finish_all()


@pytest.mark.parametrize("afterwards", [False, True])
@pytest.mark.parametrize("worker_turns", [0, 1])
async def test_what_two_typed_alike_goes_in_also_where_nobody_types_it_again(
    worker_turns: int, *, afterwards: bool
) -> None:
    ends: list[tuple[int, int, int]] = []
    while len(ends) < CALLS_MAX:
        outside = await opened()
        await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
        line = Line(dies_at=len(ends) + 1, afterwards=afterwards)
        try:
            await paper(over(line, outside)).type_in(OTHER, AT, PILE, FORMS, context())
        except Crashed:
            both_typed = len((await outside.drafts.typed(URN_NAME, PILE)).drafts) == 2
        else:
            break

        for _ in range(worker_turns):
            await paper(outside).finish_all()
        if both_typed and worker_turns:
            assert await in_once(outside), line.said
        await closed(outside)

        given_up = await facts(outside, events.PaperGivenUp)
        counted = await facts(outside, events.ResponsesCounted)
        entered = await facts(outside, events.PaperEntered)
        ends.append((len(entered), len(counted), len(given_up)))
        assert ends[-1][0] == 1 or not both_typed, line.said
        assert imbalances(await outside.store.stream(STREAM, limit=CALLS_MAX)) == []
        assert list(await outside.drafts.piles(limit=10)) == []

    # It came to nothing where the second was dead before the draft was kept, and nowhere else.
    assert set(ends) == {(0, 0, 1), (1, 2, 0)}
    assert ends == sorted(ends)


@pytest.mark.parametrize("afterwards", [False, True])
async def test_what_was_dropped_before_the_closing_is_recorded_after_it(
    *, afterwards: bool
) -> None:
    outside = await opened()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
    line = Line()
    await paper(over(line, outside)).type_in(OTHER, AT, PILE, FORMS, context())
    dropped_at = line.said.index("drop") + 1
    outside = await opened()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
    dying = Line(dies_at=dropped_at, afterwards=afterwards)
    with pytest.raises(Crashed):
        await paper(over(dying, outside)).type_in(OTHER, AT, PILE, FORMS, context())
    await outside.urn.shut(URN_NAME)
    await surveys(outside).close(ONE, *AT, "survey-officer", context())

    await paper(outside).finish_all()

    counted = await facts(outside, events.ResponsesCounted)
    entered = await facts(outside, events.PaperEntered)
    assert (len(entered) == 1) == afterwards == bool(counted)
    assert len(await facts(outside, events.PaperGivenUp)) == (not afterwards)
    assert imbalances(await outside.store.stream(STREAM, limit=CALLS_MAX)) == []
    assert list(await outside.drafts.piles(limit=10)) == []


@pytest.mark.parametrize("afterwards", [False, True])
async def test_a_pile_that_is_given_up_over_a_crash_is_given_up_once(*, afterwards: bool) -> None:
    crashes = 0
    while crashes < CALLS_MAX:
        outside = await opened()
        await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        try:
            await paper(over(line, outside)).give_up(OTHER, AT, PILE, "Ướt.", context("k"))
        except Crashed:
            crashes += 1
        else:
            break

        try:
            await paper(outside).give_up(OTHER, AT, PILE, "Ướt.", context("k"))
        finally:
            await paper(outside).finish_all()

        assert len(await facts(outside, events.PaperGivenUp)) == 1, line.said
        assert list(await outside.drafts.piles(limit=10)) == []

    assert crashes > 3


async def mostly(by_whom: Sequence[object]) -> None:
    """What people do at once; refusals are theirs to live with."""
    for outcome in by_whom:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Refused | Missing):
            raise outcome


@given(
    pauses=st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=12), min_size=4, max_size=4)
)
@example(pauses=[[0], [0], [0], [4]])
@settings(max_examples=40, deadline=None)
def test_whoever_overtakes_whom_a_pile_goes_in_once(pauses: list[list[int]]) -> None:
    async def run() -> bool:
        outside = await opened()
        one, other, worker, third = (paper(over(Line(pauses=each), outside)) for each in pauses)

        async def one_corrects() -> None:
            await one.type_in(ONE, AT, PILE, WRONG, context())
            await one.type_in(ONE, AT, PILE, FORMS, context())

        async def worker_turns() -> None:
            for _ in range(3):
                await worker.finish_all()

        outcomes = await asyncio.gather(
            one_corrects(),
            other.type_in(OTHER, AT, PILE, FORMS, context()),
            worker_turns(),
            third.type_in(THIRD, AT, PILE, WRONG, context()),
            return_exceptions=True,
        )
        await mostly(outcomes)
        await paper(outside).finish_all()  # It forgets what the third typed in too late.
        drafts = (await outside.drafts.typed(URN_NAME, PILE)).drafts
        if THIRD.reference in {draft.person for draft in drafts}:
            # The third was among the first two: the pile waits until they agree.
            return not await facts(outside, events.PaperEntered)
        await typed_again(outside)
        return await in_once(outside)

    assert asyncio.run(run())


async def test_more_piles_than_a_turn_looks_at_are_finished_turn_by_turn() -> None:
    outside = await opened()
    for pile in ("a", "b", "c", "d", "e"):
        other = FORMS if pile == "e" else WRONG
        await outside.drafts.put(URN_NAME, pile, Draft("op-1", f"{pile}-1", to_document(FORMS)))
        await outside.drafts.put(URN_NAME, pile, Draft("op-2", f"{pile}-2", to_document(other)))
    worker = paper(outside)

    turns = [await worker.finish_all(piles_max=2) for _ in range(3)]
    await outside.drafts.put(URN_NAME, "a", Draft("op-2", "a-3", to_document(FORMS)))
    again = await worker.finish_all(piles_max=2)

    assert (turns, again) == ([0, 0, 1], 1)
    assert [kept.pile for kept in await outside.drafts.piles(limit=10)] == ["b", "c", "d"]


async def test_a_pile_that_a_server_is_always_away_to_keeps_none_behind_it_waiting() -> None:
    drafts = FailingDrafts()
    outside = replace(await opened(), drafts=drafts)
    for pile in ("a", "b", "c"):
        for person in ("op-1", "op-2"):
            await drafts.put(URN_NAME, pile, Draft(person, f"{pile}-{person}", to_document(FORMS)))
    drafts.away_to = "b"
    worker = paper(outside)

    for _ in range(2):
        with suppress(Unavailable):
            await worker.finish_all()

    assert [kept.pile for kept in await drafts.piles(limit=10)] == ["b"]
