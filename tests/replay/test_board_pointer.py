"""A board goes by a pointer: whoever moves it, and whatever it names, one drawing is shown."""

from collections.abc import Sequence
from typing import Any

from services.ranking.application import Board, Ledgers, Rebuilder, Stores, board, served
from services.ranking.application.generations import DRAWN, PUBLICATIONS, Generations
from shared.adapters.alone import Alone
from shared.adapters.memory import MemoryClock, MemoryDocuments, MemoryEventStore, MemoryStream
from shared.ports import Document, Documents
from tests.support.kept import kept, news
from tests.support.ranking import came_to
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

OTHER = "2020"
WHOLE = len(whole_cycle())
LISTED_MAX = 99

Shown = dict[tuple[str, str], Any]


async def shown(documents: Documents, cycle: str = CYCLE) -> Shown:
    """What is served of a cycle, as it is drawn."""
    found: Shown = {}
    for collection in DRAWN:
        page = await served(documents).page(collection, prefix=cycle, limit=LISTED_MAX)
        found |= {(collection, each.id): each.body for each in page}
    return found


async def drawn_anew(store: MemoryEventStore, cycle: str = CYCLE) -> Shown:
    """What a new board draws of a cycle."""
    anew = MemoryDocuments()
    await Board(Ledgers(store), anew, "anew").step()
    return await shown(anew, cycle)


# --- A pointer that moves


class Swaying(MemoryDocuments):
    """Documents of a cycle whose pointer is moved back whenever agencies or tables were put."""

    def __init__(self) -> None:
        super().__init__()
        self.sways = False

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Put, and move the pointer."""
        await super().put(collection, documents)
        if self.sways and collection.startswith(("ranking_agency", "ranking_table")):
            await Generations(self).roll_back(CYCLE)


async def test_a_pointer_that_moves_away_and_back_within_one_showing_leaves_one_drawing() -> None:
    store, documents = await kept(CYCLE), Swaying()
    drawing = Board(Ledgers(store), documents, "a")
    await drawing.step()
    topic = MemoryStream(MemoryClock(OPENED_AT))
    stores = Stores(MemoryEventStore(), store, topic, documents, Alone())
    rebuilt = await came_to(Rebuilder(stores, "again"))
    await drawing.step()
    await store.append(news())
    before = await Generations(documents).pointer(CYCLE)

    documents.sways = True
    await drawing.step()
    documents.sways = False
    mixed, after = await shown(documents), await Generations(documents).pointer(CYCLE)
    await drawing.step()

    assert rebuilt.serves
    assert (after.serving, after.changes) == (before.serving, before.changes + 2)
    assert mixed != await drawn_anew(store)
    assert await shown(documents) == await drawn_anew(store)


async def test_what_a_board_settles_itself_is_not_drawn_twice() -> None:
    store, documents = await kept(CYCLE, OTHER), Counting()
    drawing = Board(Ledgers(store), documents, "a")

    for _ in range(3):
        await drawing.step()

    assert documents.puts == {board.AGENCIES: 2, board.TABLES: 2, board.CYCLES: 2}


class Counting(MemoryDocuments):
    """Documents that count how often each kind of them is put."""

    def __init__(self) -> None:
        super().__init__()
        self.puts = dict.fromkeys(DRAWN, 0)

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Put them."""
        if collection in self.puts:
            self.puts[collection] += 1
        await super().put(collection, documents)


# --- What another version drew


class Watched(MemoryDocuments):
    """Documents that look what serves of the other cycle whenever something is changed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Shown] | None = None

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Put, and look."""
        await super().put(collection, documents)
        await self._look()

    async def drop(self, collection: str) -> None:
        """Drop, and look."""
        await super().drop(collection)
        await self._look()

    async def _look(self) -> None:
        if self.seen is not None:
            self.seen.append(await shown(self, OTHER))


async def test_what_another_version_drew_is_drawn_anew_and_no_other_cycle_is_touched() -> None:
    store, documents = await kept(CYCLE, OTHER), Watched()
    await Board(Ledgers(store), documents, "a").step()
    others = await shown(documents, OTHER)
    await falsify(documents, board.AGENCIES, f"{CYCLE}/so-y-te")
    published = Document(CYCLE, 4, {"publications": [1]})
    await documents.put(PUBLICATIONS, [published])

    documents.seen = []
    again = Board(Ledgers(store), documents, "b")
    for _ in range(3):
        await again.step()

    pointers = await Generations(documents).pointers()
    assert await shown(documents) == await drawn_anew(store)
    assert documents.seen == [others] * len(documents.seen)
    assert {cycle: each.serving.name for cycle, each in pointers.items()} == {
        CYCLE: "v2.g1",
        OTHER: "v2.g0",
    }
    assert await served(documents).get(PUBLICATIONS, CYCLE) == published


async def falsify(documents: MemoryDocuments, collection: str, key: str) -> None:
    """Let a document say something else at the same position, as another version would."""
    whole = await documents.page(collection, prefix="", limit=LISTED_MAX)
    await documents.drop(collection)
    false = [Document(each.id, each.position, {"old": True}) for each in whole if each.id == key]
    assert [each.position for each in false] == [WHOLE]
    await documents.put(collection, [*false, *whole])
