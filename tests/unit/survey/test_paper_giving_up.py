"""A pile goes in or comes to nothing: one of the two is recorded, and it is what happened."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.survey.application import Entering
from services.survey.domain.paper import to_document
from shared.events import survey as events
from shared.kernel.errors import Refused
from shared.ports import Draft
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
    context,
    facts,
    opened,
    over,
    paper,
    shelf,
    surveys,
)

Steps = Callable[[Line, Outside], Awaitable[None]]

CALLS_MAX = 60
FACTS_MAX = 100


async def typed_by_one() -> Outside:
    outside = await opened()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
    return outside


async def typed_alike(line: Line, outside: Outside) -> None:
    """The second person types it in, on a line that may die."""
    with suppress(Crashed, Refused):
        await paper(over(line, outside)).type_in(OTHER, AT, PILE, FORMS, context())


async def given_up(line: Line, outside: Outside) -> None:
    """Somebody gives it up, on a line that may die."""
    with suppress(Crashed, Refused):
        await paper(over(line, outside)).give_up(ONE, AT, PILE, "Ướt.", context("k"))


async def closed(outside: Outside) -> None:
    """The survey closes, and the worker has its turns."""
    await paper(outside).finish_all()
    await surveys(outside).close(ONE, *AT, "survey-officer", context())
    for _ in range(2):
        await paper(outside).finish_all()


async def said(outside: Outside) -> str:
    """What the log says that became of the pile, where it is one thing, and true."""
    entered = await facts(outside, events.PaperEntered)
    nothing = await facts(outside, events.PaperGivenUp)
    counted = await facts(outside, events.ResponsesCounted)
    assert len(entered) + len(nothing) == 1
    assert bool(counted) == bool(entered)
    assert imbalances(await outside.store.stream(STREAM, limit=FACTS_MAX)) == []
    assert list(await outside.drafts.piles(limit=10)) == []
    return "entered" if entered else "given-up"


async def calls_of(work: Steps) -> int:
    line = Line()
    await work(line, await typed_by_one())
    return len(line.said)


@pytest.mark.parametrize(
    ("one", "other"), [(given_up, typed_alike), (typed_alike, given_up)], ids=["typed", "given up"]
)
async def test_who_overtakes_at_any_step_and_dies_at_any_of_theirs_leaves_one_end(
    one: Steps, other: Steps
) -> None:
    ends = set()
    for at in range(1, await calls_of(one) + 1):
        for dies_at in range(await calls_of(other) + 1):
            outside = await typed_by_one()
            dying = Line(dies_at=dies_at)
            line = Overtaken(at=at, other=partial(other, dying, outside))
            await one(line, outside)

            await closed(outside)

            ends.add(await said(outside))

    assert ends == {"entered", "given-up"}


async def test_what_was_being_given_up_over_a_crash_is_typed_in_no_more_and_given_up_again() -> (
    None
):
    outside = await typed_by_one()
    line = Line()
    await given_up(line, outside)
    outside = await typed_by_one()
    await given_up(Line(dies_at=line.said.index("give_up") + 1, afterwards=True), outside)

    code = ""
    try:
        await paper(outside).type_in(OTHER, AT, PILE, FORMS, context())
    except Refused as refusal:
        code = refusal.code
    seen = await paper(outside).read(ONE, AT, PILE)
    turn = await paper(outside).finish_all()
    await paper(outside).give_up(OTHER, AT, PILE, "Ướt.", context("again"))

    assert (code, seen.status, turn) == ("pile-given-up", "given-up", 0)
    assert await said(outside) == "given-up"


async def test_what_was_agreed_upon_after_its_name_was_given_up_is_not_put_in() -> None:
    outside = await typed_by_one()
    await given_up(Line(), outside)
    for person in ("op-1", "op-2"):  # They were about to, before it was given up.
        await outside.drafts.put(URN_NAME, PILE, Draft(person, person, to_document(FORMS)))
    await outside.drafts.agree(URN_NAME, PILE, ["op-1", "op-2"])
    typed = await outside.drafts.typed(URN_NAME, PILE)
    ports = (outside.urn, outside.drafts, outside.clock, outside.chance)

    await Entering(shelf(outside), *ports).enter(AT, PILE, typed)

    assert await outside.urn.waiting(URN_NAME) == {}
    assert await said(outside) == "given-up"


PAUSES = st.lists(st.integers(0, 6), min_size=1, max_size=10)


@given(pauses=st.tuples(PAUSES, PAUSES, PAUSES, PAUSES), dies_at=st.integers(0, 15))
@example(pauses=([0], [0], [1], [2]), dies_at=0)
@settings(max_examples=25, deadline=None)
def test_whoever_overtakes_whom_one_thing_becomes_of_a_pile(
    pauses: tuple[list[int], list[int], list[int], list[int]], dies_at: int
) -> None:
    async def run() -> None:
        outside = await typed_by_one()
        one, other, giver, closer = (Line(pauses=each) for each in pauses)
        other.dies_at = dies_at

        async def one_again() -> None:
            with suppress(Refused):
                await paper(over(one, outside)).type_in(ONE, AT, PILE, FORMS, context())

        async def close() -> None:
            world = over(closer, outside)
            await surveys(world).close(ONE, *AT, "survey-officer", context())
            await paper(world).finish_all()

        await asyncio.gather(
            one_again(), typed_alike(other, outside), given_up(giver, outside), close()
        )
        for _ in range(2):
            await paper(outside).finish_all()
        await said(outside)

    asyncio.run(run())
