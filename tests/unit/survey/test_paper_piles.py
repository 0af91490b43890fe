"""Any pile that two typed alike goes in once; any single difference keeps all of it out."""

import asyncio
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from services.survey.domain.filled import Filled
from services.survey.domain.paper import Form
from shared.events import survey as events
from shared.kernel.actor import Actor
from shared.kernel.errors import Missing, Refused
from tests.support.paper_desk import HEALTH, HOME, URN_NAME
from tests.support.paper_process import AT, ONE, OTHER, PILE, THIRD, context, facts, opened, paper

FORM = st.tuples(st.sampled_from([HEALTH, HOME]), st.sampled_from("12345"))
Pile = list[tuple[str, str]]
LOOKS = 40


def forms(pile: Pile) -> list[Form]:
    return [Form(agency, Filled({"q1": option})) for agency, option in pile]


async def typed(first: Pile, second: Pile, *, times: int) -> tuple[int, int]:
    """How many answers lie in the urn, and how many piles are said to."""
    outside = await opened()
    for _ in range(times):
        for by, pile in ((ONE, first), (OTHER, second)):
            try:
                await paper(outside).type_in(by, AT, PILE, forms(pile), context())
            except Refused as refusal:
                if refusal.code != "pile-entered":
                    raise
    waiting = await outside.urn.waiting(URN_NAME)
    return sum(waiting.values()), len(await facts(outside, events.PaperEntered))


@given(pile=st.lists(FORM, min_size=1, max_size=8), times=st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_any_pile_that_two_typed_alike_goes_in_once(pile: Pile, times: int) -> None:
    assert asyncio.run(typed(pile, pile, times=times)) == (len(pile), 1)


@given(pile=st.lists(FORM, min_size=1, max_size=8), place=st.integers(0, 7), other=FORM)
@settings(max_examples=25, deadline=None)
def test_any_single_difference_keeps_all_of_it_out(
    pile: Pile, place: int, other: tuple[str, str]
) -> None:
    place %= len(pile)
    changed = [*pile[:place], other, *pile[place + 1 :]] if pile[place] != other else pile[1:]

    if changed:
        assert asyncio.run(typed(pile, changed, times=2)) == (0, 0)


@given(pile=st.lists(FORM, min_size=1, max_size=8), persons=st.integers(2, 3))
@settings(max_examples=25, deadline=None)
def test_whoever_types_the_same_at_once_is_never_told_of_a_difference(
    pile: Pile, persons: int
) -> None:
    assert "different" not in asyncio.run(told_at_once(pile, persons))


async def told_at_once(pile: Pile, persons: int) -> set[str]:
    """What those are told who type in the same at once, one of them asking again and again."""
    outside = await opened()
    told: set[str] = set()

    async def type_in(by: Actor) -> None:
        with suppress(Refused):
            told.add((await paper(outside).type_in(by, AT, PILE, forms(pile), context())).status)

    async def look() -> None:
        for _ in range(LOOKS):
            with suppress(Missing):
                told.add((await paper(outside).read(ONE, AT, PILE)).status)

    people = (ONE, OTHER, THIRD)[:persons]
    await asyncio.gather(look(), *map(type_in, people))
    return told
