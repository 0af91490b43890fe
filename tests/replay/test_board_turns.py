"""Several processes draw one board: whoever does it, and whatever was lost, it comes out right."""

from collections.abc import Sequence
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ranking.application import Board, Ledgers, board
from shared.adapters.memory import MemoryDocuments
from shared.ports import Document
from tests.support.drawn import bodies
from tests.support.kept import kept, news
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

TOLD = whole_cycle()
WHOLE = len(TOLD)


@given(
    turns=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=12),
    batch=st.sampled_from([1, 3, WHOLE - 1, WHOLE, 1_000]),
    hides=st.integers(1, 3),
    last=st.integers(0, 2),
)
@example(turns=[(0, 1), (0, 0)], batch=WHOLE, hides=1, last=1)
async def test_whoever_draws_last_the_documents_are_those_of_a_new_board(
    turns: list[tuple[int, int]], batch: int, hides: int, last: int
) -> None:
    """A fact waits and comes, and what a document says comes back to what it said before.

    Some read in small batches, and draw when others have drawn from more than they have read.
    """
    store, documents = await kept(CYCLE), MemoryDocuments()
    ledgers = [Ledgers(store, batch) for _ in range(3)]
    boards = [Board(ledgers[place], documents, name, hides) for place, name in enumerate("abc")]
    coming = iter(news())

    for turn, arriving in turns:
        for stored in islice(coming, arriving):
            await store.append([stored])
        await boards[turn].step()
    for stored in coming:
        await store.append([stored])
    while ledgers[last].position < await store.end() or await boards[last].step():
        await boards[last].step()

    anew = MemoryDocuments()
    await Board(Ledgers(store), anew, "anew").step()
    for name in (board.TABLES, board.AGENCIES, board.CYCLES):
        assert await bodies(documents, name) == await bodies(anew, name)
    assert (await boards[last].progress()).left == 0


@pytest.mark.parametrize("batch", [1, WHOLE])
@pytest.mark.parametrize("told", [0, WHOLE, WHOLE + 1])
async def test_what_another_drew_from_more_stays_until_that_is_read_too(
    told: int, batch: int
) -> None:
    """Also where the other one came to its end before it could say how far it had drawn."""
    store, documents = await kept(CYCLE), MemoryDocuments()
    parked, *placed = news()
    await store.append([parked])
    await Board(Ledgers(store), documents, "ahead").step()
    await documents.drop(board.BOARD)
    await documents.put(board.BOARD, [Document(board.DRAWN_TO, told, {})])
    ahead = await bodies(documents, board.AGENCIES)
    await store.append(placed)

    ledgers = Ledgers(store, batch)
    behind = Board(ledgers, documents, "behind", hides=1)
    while ledgers.position < WHOLE:
        await behind.step()
    before = await bodies(documents, board.AGENCIES)
    while (await behind.progress()).left:
        await behind.step()

    anew = MemoryDocuments()
    await Board(Ledgers(store), anew, "anew").step()
    assert before == ahead != await bodies(anew, board.AGENCIES)
    assert await bodies(documents, board.AGENCIES) == await bodies(anew, board.AGENCIES)


class Counting(MemoryDocuments):
    """Documents that count how often agencies are put."""

    def __init__(self) -> None:
        super().__init__()
        self.puts = 0

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Put them."""
        self.puts += collection == board.AGENCIES
        await super().put(collection, documents)


async def test_who_has_read_less_than_another_drew_from_reads_on_and_draws_once() -> None:
    store, documents = await kept(CYCLE), Counting()
    await Board(Ledgers(store), documents, "ahead").step()
    before = documents.puts

    behind = Board(Ledgers(store, 1), documents, "behind", hides=1)
    steps = [await behind.step() for _ in range(WHOLE)]

    assert steps == [1] * (WHOLE - 1) + [0]
    assert documents.puts - before == 1


async def test_documents_that_were_lost_are_drawn_anew() -> None:
    documents = MemoryDocuments()
    drawing = Board(Ledgers(await kept(CYCLE)), documents, "a")
    await drawing.step()
    for name in (board.TABLES, board.AGENCIES, board.CYCLES, board.BOARD):
        await documents.drop(name)

    left = (await drawing.progress()).left
    await drawing.step()

    assert left == WHOLE
    assert len(await documents.page(board.AGENCIES, prefix="", limit=99)) > 1
    assert (await drawing.progress()).left == 0
