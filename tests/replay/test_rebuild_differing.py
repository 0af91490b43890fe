"""What a rebuild says of documents that differ, and of somebody else who rebuilds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from services.ranking.application import Manner, Order, Rebuilder, Source
from services.ranking.application.generations import (
    AGENCIES,
    CYCLES,
    DRAWN,
    PUBLICATIONS,
    SERVING,
    SHOWN_VERSION,
    TABLES,
    Generation,
    Generations,
    named,
)
from services.ranking.application.making import LOOKS_MAX
from services.ranking.main import rebuilding
from shared.adapters.memory import MemoryDocuments
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.ports import Document
from tests.support.kept import kept
from tests.support.ranking import FALSE_POSITION, Ranking, came_to, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

OTHER = "2020"
LATER = timedelta(seconds=1)

# --- What differs


@pytest.mark.parametrize("collection", [TABLES, AGENCIES, CYCLES, PUBLICATIONS])
async def test_what_differs_is_named_and_serves_only_if_that_is_said(
    published: Ranking, collection: str
) -> None:
    right = await published.documents()
    key = next(key for name, key in right if name == collection)
    await published.falsify(collection, key, {**right[collection, key], "false": True})
    false = await published.documents()

    stays = await published.rebuilt()
    after = await published.documents()
    serves = await published.rebuilt(switch="always")

    assert (f"{collection}/{key}" in stays.differing) is not stays.is_unmet
    assert stays.is_unmet is (collection == CYCLES), "the position of the whole is false as well"
    assert not stays.serves
    assert after == false
    assert serves.serves
    assert await published.documents() == right


async def test_a_document_too_many_and_one_that_is_missing_are_named(published: Ranking) -> None:
    await published.outside.documents.drop(TABLES)
    await published.falsify(AGENCIES, f"{CYCLE}/nobody", {"agency": "nobody"})

    came = await published.rebuilt()

    assert came.differing == [f"{AGENCIES}/{CYCLE}/nobody", f"{TABLES}/{CYCLE}/department"]


async def test_what_serves_from_more_than_there_is_was_not_met_and_does_not_differ(
    published: Ranking,
) -> None:
    right = await published.documents()
    whole = {**right[CYCLES, CYCLE], "counted_to": FALSE_POSITION}
    await published.falsify(CYCLES, CYCLE, whole)

    came = await published.rebuilt()
    serves = await published.rebuilt(switch="always")

    assert (came.compared, came.served_to, came.differing) == (None, FALSE_POSITION, [])
    assert (came.body["state"], came.serves) == ("not-met", False)
    assert serves.serves
    assert await published.documents() == right


class DrawnAllTheWhile(MemoryDocuments):
    """Documents of which somebody draws a tier anew whenever they are read."""

    def __init__(self) -> None:
        super().__init__()
        self.draws = 0

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """A page, behind which somebody has drawn."""
        if self.draws and (collection, prefix) == (AGENCIES, CYCLE) and not after:
            self.draws -= 1
            table = await self.get(TABLES, f"{CYCLE}/department")
            assert table is not None
            await self.put(TABLES, [replace(table, position=table.position + 1)])
        return await super().page(collection, prefix=prefix, after=after, limit=limit)


async def test_what_goes_on_changing_is_not_compared_until_it_stands_still() -> None:
    documents = DrawnAllTheWhile()
    async with ranking(documents=documents) as service:
        await service.hear(whole_cycle())
        documents.draws = LOOKS_MAX
        unsteady = await service.rebuilt()
        begun = (await Generations(documents).pointer(CYCLE)).begun

        came = await service.rebuilt()

    assert unsteady.stopped is not None
    assert (unsteady.stopped.code, unsteady.serves) == ("serving-unsteady", False)
    assert begun == 0
    assert (came.compared, came.differing, came.serves) == (4, [], True)


@pytest.mark.parametrize(("source", "others"), [("ledger", "made"), ("topic", "stopped")])
async def test_what_goes_on_changing_stops_no_other_cycle(source: Source, others: str) -> None:
    documents = DrawnAllTheWhile()
    async with ranking(documents=documents) as service:
        await kept(OTHER, store=service.outside.inbox)  # type: ignore[arg-type]  # in memory
        await service.hear(whole_cycle())
        documents.draws = LOOKS_MAX
        manner = Manner(source, "never")

        told = [each async for each in service.rebuilder().tell([CYCLE, OTHER], manner)]

    came = {cycle: (body["state"], body.get("problem", {}).get("code")) for cycle, body in told}
    # The topic has nothing of the other one, which its rebuild comes to by itself.
    why = None if source == "ledger" else "rebuild-topic-ends"
    assert came == {CYCLE: ("stopped", "serving-unsteady"), OTHER: (others, why)}


async def test_an_order_whose_cycle_goes_on_changing_comes_to_its_end() -> None:
    documents = DrawnAllTheWhile()
    async with ranking(documents=documents) as service:
        await service.hear(whole_cycle())
        rebuilds = rebuilding(service.stores(), "worker", service.clock)
        who = Actor("an", "administrator")
        first, second = [
            await rebuilds.order(who, Order([CYCLE]), Context(at, idempotency_key=str(at)))
            for at in (OPENED_AT, OPENED_AT + LATER)
        ]
        documents.draws = LOOKS_MAX

        while await rebuilds.step():
            pass

        ended = [await rebuilds.read(who, str(each["rebuild"])) for each in (first, second)]
    assert [each["state"] for each in ended] == ["ended", "ended"]
    assert [each["cycles"][CYCLE]["state"] for each in ended] == ["stopped", "serves"]


async def test_who_is_only_to_compare_changes_nothing_that_serves(published: Ranking) -> None:
    came = await published.rebuilt(switch="never")

    assert (came.differing, came.serves) == ([], False)
    assert await published.serving() == "v2.g0"


# --- Another version


async def test_what_a_former_version_drew_serves_until_this_one_has_drawn_all_of_it(
    published: Ranking,
) -> None:
    new, documents = await published.documents(), published.outside.documents
    former = Generation(SHOWN_VERSION - 1, 0)
    for collection in DRAWN:
        keys = [key for name, key in new if name == collection]
        old = [Document(key, FALSE_POSITION, {"shape": "old"}) for key in keys]
        await documents.put(named(collection, CYCLE, former), old)
    pointer = await Generations(documents).pointer(CYCLE)
    moved = Document(CYCLE, pointer.changes + 1, replace(pointer, serving=former).body)
    await documents.put(SERVING, [moved])
    old_shape = await published.documents()

    came = await published.rebuilt(switch="never")
    await published.board().show_all()

    assert {str(old_shape[place]) for place in new if place[0] in DRAWN} == {"{'shape': 'old'}"}
    assert (came.compared, came.differing) == (None, [])
    assert await published.documents() == new
    assert await published.serving() == f"v{SHOWN_VERSION}.g0"


# --- Two at once


async def test_who_was_overtaken_says_so_and_the_other_serves(published: Ranking) -> None:
    late = published.rebuilder("late").make([CYCLE], Manner())
    await anext(late)

    came = await published.rebuilt(name="faster")

    with pytest.raises(Conflict, match="rebuild-overtaken"):
        async for _ in late:
            pass
    assert came.serves
    assert await published.serving() == came.generation


class TakenLeases:
    """Leases of which another process has all."""

    async def hold(self, name: str) -> bool:
        """Never."""
        assert name == f"rebuild/{CYCLE}"
        return False

    async def release(self, name: str) -> None:
        """What is not held is not released."""
        raise AssertionError(name)


async def test_a_cycle_that_somebody_else_rebuilds_is_left_alone(published: Ranking) -> None:
    rebuilder = Rebuilder(replace(published.stores(), leases=TakenLeases()), "b")

    with pytest.raises(Conflict, match="rebuild-under-way"):
        await came_to(rebuilder)

    assert (await Generations(published.outside.documents).pointer(CYCLE)).begun == 0
