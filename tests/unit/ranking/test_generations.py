"""One pointer for each cycle says which of its generations serves, and all go by it."""

import asyncio
import re

import pytest

from services.ranking.application.generations import (
    AGENCIES,
    CYCLES,
    FIRST,
    PUBLICATIONS,
    SERVING,
    SHOWN_VERSION,
    Generation,
    Generations,
    named,
)
from services.ranking.application.routed import drawn, served
from shared.adapters.memory import MemoryDocuments
from shared.kernel.errors import Conflict, Refused
from shared.ports import Document

CYCLE, OTHER, LIKE = "2021", "2020", "2021-thu"
OLD = Generation(SHOWN_VERSION - 1, 0)


@pytest.fixture
def documents() -> MemoryDocuments:
    return MemoryDocuments()


async def made(
    documents: MemoryDocuments, cycle: str = CYCLE, by: str = "a", position: int = 1
) -> Generation:
    """A generation of a cycle that has one document, and is let serve."""
    generations = Generations(documents)
    begun = await generations.begin(cycle, by)
    await documents.put(named(CYCLES, cycle, begun), [Document(cycle, position, {"by": by})])
    await generations.switch(cycle, begun, by)
    return begun


async def has(documents: MemoryDocuments, generation: Generation, cycle: str = CYCLE) -> bool:
    return await documents.get(named(CYCLES, cycle, generation), cycle) is not None


async def test_what_was_never_rebuilt_is_served_and_drawn_where_it_always_was(
    documents: MemoryDocuments,
) -> None:
    await drawn(documents).put(CYCLES, [Document(CYCLE, 1, {})])

    assert (await Generations(documents).pointer(CYCLE)).serving == FIRST
    assert await documents.get(CYCLES, CYCLE) == Document(CYCLE, 1, {})
    assert await served(documents).get(CYCLES, CYCLE) == Document(CYCLE, 1, {})


async def test_a_generation_is_seen_once_it_serves_and_drawn_into_from_then_on(
    documents: MemoryDocuments,
) -> None:
    generations = Generations(documents)
    begun = await generations.begin(CYCLE, "a")
    await documents.put(named(CYCLES, CYCLE, begun), [Document(CYCLE, 7, {})])

    before = await served(documents).get(CYCLES, CYCLE)
    await generations.switch(CYCLE, begun, "a")
    await drawn(documents).put(CYCLES, [Document(CYCLE, 8, {"drawn": True})])

    assert before is None
    assert await served(documents).get(CYCLES, CYCLE) == Document(CYCLE, 8, {"drawn": True})
    assert await documents.get(CYCLES, CYCLE) is None


async def test_every_attempt_has_a_number_of_its_own_and_what_was_left_goes(
    documents: MemoryDocuments,
) -> None:
    generations = Generations(documents)
    first = await generations.begin(CYCLE, "a")
    await documents.put(named(CYCLES, CYCLE, first), [Document(CYCLE, 1, {})])

    second = await generations.begin(CYCLE, "a")

    assert (first.number, second.number) == (1, 2)
    assert not await has(documents, first)


async def test_of_two_who_begin_at_once_one_is_told(documents: MemoryDocuments) -> None:
    generations = Generations(documents)

    begun = await asyncio.gather(
        generations.begin(CYCLE, "a"), generations.begin(CYCLE, "b"), return_exceptions=True
    )

    assert sorted(isinstance(each, Conflict) for each in begun) == [False, True]


async def test_who_was_overtaken_does_not_switch(documents: MemoryDocuments) -> None:
    generations = Generations(documents)
    late = await generations.begin(CYCLE, "a")
    await generations.begin(CYCLE, "b")

    with pytest.raises(Conflict, match="rebuild-overtaken"):
        await generations.switch(CYCLE, late, "a")

    assert (await generations.pointer(CYCLE)).serving == FIRST


async def test_the_former_generation_stays_and_the_one_before_it_goes(
    documents: MemoryDocuments,
) -> None:
    first, second, third = [await made(documents) for _ in range(3)]

    pointer = await Generations(documents).pointer(CYCLE)

    assert (pointer.serving, pointer.former) == (third, second)
    assert [await has(documents, each) for each in (first, second, third)] == [False, True, True]


async def test_the_way_back_leads_to_the_former_generation_and_again_to_the_later(
    documents: MemoryDocuments,
) -> None:
    generations = Generations(documents)
    first, second = await made(documents, by="a"), await made(documents, by="b")

    back = await generations.roll_back(CYCLE)
    shown = await served(documents).get(CYCLES, CYCLE)
    again = await generations.roll_back(CYCLE)

    assert (back, again) == (first, second)
    assert shown == Document(CYCLE, 1, {"by": "a"})


async def test_where_nothing_served_before_there_is_no_way_back(documents: MemoryDocuments) -> None:
    with pytest.raises(Refused, match="rollback-impossible"):
        await Generations(documents).roll_back(CYCLE)


async def test_what_another_version_drew_is_no_way_back(documents: MemoryDocuments) -> None:
    """Nobody of this version would bring it up to date, and the next drawing would leave it."""
    plain = {"version": OLD.version, "number": OLD.number}
    body = {"serving": plain, "former": None, "begun": 0, "by": ""}
    await documents.put(SERVING, [Document(CYCLE, 1, body)])
    generations = Generations(documents)
    await generations.settle(CYCLE)

    with pytest.raises(Refused, match="rollback-of-version"):
        await generations.roll_back(CYCLE)

    assert (await generations.pointer(CYCLE)).serving == FIRST


async def test_a_former_version_serves_until_this_one_is_drawn(documents: MemoryDocuments) -> None:
    generations = Generations(documents)
    await documents.put(named(CYCLES, CYCLE, OLD), [Document(CYCLE, 9, {"shape": "old"})])
    plain = {"version": OLD.version, "number": OLD.number}
    body = {"serving": plain, "former": None, "begun": 0, "by": ""}
    await documents.put(SERVING, [Document(CYCLE, 1, body)])

    await drawn(documents).put(CYCLES, [Document(CYCLE, 9, {"shape": "new"})])
    before = await served(documents).get(CYCLES, CYCLE)
    listed = await served(documents).page(CYCLES, prefix="", limit=9)
    await generations.settle(CYCLE)
    after = await served(documents).get(CYCLES, CYCLE)

    assert before == Document(CYCLE, 9, {"shape": "old"})
    assert listed == [before]
    assert after == Document(CYCLE, 9, {"shape": "new"})
    assert (await generations.pointer(CYCLE)).former == OLD


async def test_what_is_settled_stays_as_it_is(documents: MemoryDocuments) -> None:
    generations = Generations(documents)
    await generations.settle(CYCLE)
    settled = await generations.pointer(CYCLE)

    await generations.settle(CYCLE)

    assert settled.changes == 1
    assert await generations.pointer(CYCLE) == settled


async def test_a_list_has_every_cycle_once_whatever_generation_it_is_in(
    documents: MemoryDocuments,
) -> None:
    old = [Document(cycle, 1, {"old": True}) for cycle in (OTHER, CYCLE, LIKE)]
    await documents.put(CYCLES, old)
    await made(documents)

    pages = [await served(documents).page(CYCLES, prefix="", limit=size) for size in (1, 2, 9)]
    behind = await served(documents).page(CYCLES, prefix="", after=CYCLE, limit=9)

    assert [[each.id for each in page] for page in pages] == [
        [OTHER],
        [OTHER, CYCLE],
        [OTHER, CYCLE, LIKE],
    ]
    assert [each.body for each in pages[-1]] == [{"old": True}, {"by": "a"}, {"old": True}]
    assert [each.id for each in behind] == [LIKE]


async def test_many_are_found_whatever_generations_they_are_in(documents: MemoryDocuments) -> None:
    begun = await made(documents)
    here = Document(f"{CYCLE}/so-y-te", 1, {"here": True})
    there = Document(f"{OTHER}/so-y-te", 1, {"there": True})
    await documents.put(named(AGENCIES, CYCLE, begun), [here])
    await documents.put(AGENCIES, [there])

    found = await served(documents).many(AGENCIES, [here.id, there.id, f"{LIKE}/so-y-te"])

    assert found == {here.id: here, there.id: there}


async def test_publications_are_written_wherever_they_may_come_to_serve(
    documents: MemoryDocuments,
) -> None:
    first, second = await made(documents), await made(documents)
    third = await Generations(documents).begin(CYCLE, "c")
    published = Document(CYCLE, 4, {"publications": [1]})

    await drawn(documents).put(PUBLICATIONS, [published])

    for generation in (FIRST, first, second, third):
        assert await documents.get(named(PUBLICATIONS, CYCLE, generation), CYCLE) == published


async def test_dropping_a_collection_drops_what_is_drawn_of_every_cycle(
    documents: MemoryDocuments,
) -> None:
    await documents.put(CYCLES, [Document(OTHER, 1, {})])
    begun = await made(documents)

    await drawn(documents).drop(CYCLES)

    assert not await has(documents, begun)
    assert await documents.get(CYCLES, OTHER) is None


async def test_other_collections_are_as_they_are(documents: MemoryDocuments) -> None:
    await made(documents)

    await drawn(documents).put("positions", [Document(CYCLE, 1, {})])

    assert await documents.get("positions", CYCLE) == Document(CYCLE, 1, {})
    assert await served(documents).many("positions", [CYCLE]) == {CYCLE: Document(CYCLE, 1, {})}


@pytest.mark.parametrize("cycle", ["$x", "a..b", "system.", "a" * 200, "2021/1", "_x", "năm"])
def test_a_cycle_that_no_store_takes_for_a_name_is_spelt_otherwise(cycle: str) -> None:
    spelt, plain = (named(CYCLES, each, Generation(2, 1)) for each in (cycle, "2021"))

    assert re.fullmatch(r"ranking_cycle\.v2\._[0-9a-f]{32}\.g1", spelt)
    assert plain == "ranking_cycle.v2.2021.g1"
