"""A cycle made again: the same from every source, whoever is killed, and all or nothing."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ranking.application import Came, Manner, Source
from services.ranking.application.generations import (
    CYCLES,
    PUBLICATIONS,
    PUBLISHED,
    Generations,
)
from shared.events.codec import Stored
from tests.support.arrival import interleaved, repeated
from tests.support.failing import everything
from tests.support.ranking import Ranking, change, changed, ranking
from tests.support.small_cycle import CYCLE
from tests.support.stopping import Killed, StoppingDocuments
from tests.support.told import whole_cycle

TOLD = whole_cycle()
SOURCES: Sequence[Source] = ("ledger", "topic")
few_examples = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])


def stopping(service: Ranking) -> StoppingDocuments:
    assert isinstance(service.outside.documents, StoppingDocuments)
    return service.outside.documents


# --- The same from every source


@pytest.mark.parametrize("source", SOURCES)
async def test_what_was_made_is_what_served_and_nothing_else_was_written(
    published: Ranking, source: Source
) -> None:
    before, outside = await published.documents(), published.outside
    logs = [await everything(store) for store in (outside.store, outside.inbox)]

    came = await published.rebuilt(source)

    assert (came.differing, came.serves, came.stopped) == ([], True, None)
    assert (came.generation, came.facts, came.compared) == ("v2.g1", len(TOLD) + 2, len(before) - 1)
    assert await published.documents() == before
    assert [await everything(store) for store in (outside.store, outside.inbox)] == logs
    assert await published.service.loops[0].step() == 0


@pytest.mark.slow
@few_examples
@given(st.one_of(interleaved(TOLD), repeated(TOLD)), st.data())
async def test_live_caught_up_from_the_ledger_and_from_the_topic_it_is_the_same(
    arriving: list[Stored], data: st.DataObject
) -> None:
    """Also where some come too early, and wait, and where one is told with other bytes."""
    for _ in range(data.draw(st.integers(0, 3))):
        early = data.draw(st.integers(1, len(arriving) - 1))
        arriving.insert(data.draw(st.integers(0, early - 1)), arriving.pop(early))
    altered = arriving[data.draw(st.integers(0, len(arriving) - 1))]
    shown = data.draw(st.integers(0, len(arriving)))
    async with ranking() as service:
        await service.hear(arriving[:shown])
        await service.tell(altered.body.replace(b'"1.0"', b'"1.1"'))
        await service.hear_without_counting(arriving[shown:])

        behind = [await service.rebuilt(source, "never") for source in SOURCES]
        await service.settle()
        caught_up = await service.documents()
        after = [await service.rebuilt(source) for source in SOURCES]

        assert [came.stopped for came in behind + after] == [None] * 4
        assert [came.differing for came in behind + after] == [[]] * 4
        assert [came.serves for came in after] == [True, True]
        assert await service.documents() == caught_up


@pytest.mark.parametrize("source", SOURCES)
async def test_what_serves_is_compared_with_the_place_that_it_was_drawn_from(
    published: Ranking, source: Source
) -> None:
    before = await published.documents()
    await published.hear_without_counting([*TOLD[:3], changed()])

    came = await published.rebuilt(source)

    assert came.differing == []
    assert came.compared == len(before) - 1
    assert await published.documents() != before
    after = await published.documents()
    await published.settle()
    assert await published.documents() == after


async def test_a_cycle_that_nobody_has_drawn_yet_is_drawn() -> None:
    async with ranking() as service, ranking() as live:
        await live.hear(TOLD)
        await service.hear_without_counting(TOLD)

        came = await service.rebuilt()

        assert (came.compared, came.differing, came.serves) == (None, [], True)
        assert await service.documents() == await live.documents()


# --- All or nothing


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kept_first", [False, True], ids=["before", "in the midst of"])
async def test_who_is_killed_at_any_writing_leaves_the_old_or_the_new_and_the_next_one_ends_it(
    published: Ranking, source: Source, *, kept_first: bool
) -> None:
    new, documents = await published.documents(), stopping(published)
    for collection, key in new:
        if collection != PUBLICATIONS:
            await published.falsify(collection, key, {"old": True})
    old = await published.documents()
    seen = []

    for writing in range(1, 100):
        documents.kill(writing, kept_first=kept_first)
        try:
            came = await published.rebuilt(source, "always")
            break
        except Killed:
            seen.append(await published.documents())

    documents.kill(None)
    assert came.serves
    assert len(seen) >= 7
    assert [shown in (old, new) for shown in seen] == [True] * len(seen)
    assert (seen[0], seen[-1]) == (old, new)
    assert await published.documents() == new


async def test_facts_that_come_meanwhile_are_shown_too_and_go_on_being_drawn(
    published: Ranking,
) -> None:
    remaking = published.rebuilder().make([CYCLE], Manner())
    await anext(remaking)
    await change(published)
    expected = await published.documents()

    [came] = [told async for told in remaking if isinstance(told, Came)]

    assert (came.facts, came.shown_to, came.differing) == (len(TOLD) + 2, len(TOLD) + 3, [])
    assert await published.documents() == expected
    await published.settle()
    assert await published.documents() == expected
    assert await published.serving() == "v2.g1"


async def test_the_live_board_draws_into_what_serves_and_no_more_into_what_did(
    published: Ranking,
) -> None:
    await published.rebuilt()
    await change(published)

    former = await published.outside.documents.get(CYCLES, CYCLE)
    serving = (await published.documents())[CYCLES, CYCLE]
    came = await published.rebuilt(switch="never")

    assert former is not None
    assert former.body is not None
    assert (former.body["counted_to"], serving["counted_to"]) == (len(TOLD) + 2, len(TOLD) + 3)
    assert came.differing == []


async def test_on_the_way_back_what_was_missed_is_drawn(published: Ranking) -> None:
    await published.rebuilt()
    await change(published)
    await published.approve()
    expected = await published.documents()

    await Generations(published.outside.documents).roll_back(CYCLE)
    await published.settle()

    assert await published.serving() == "v2.g0"
    assert await published.documents() == expected


async def test_a_published_revision_is_made_anew_at_its_next_reading(published: Ranking) -> None:
    first = (await published.get(f"/cycles/{CYCLE}/table")).json()
    await published.falsify(PUBLISHED, f"{CYCLE}/1/table/department", {"rows": []})

    await published.rebuilt()

    assert (await published.get(f"/cycles/{CYCLE}/table")).json() == first
    assert (await published.get(f"/cycles/{CYCLE}/publications")).json()["publications"]
