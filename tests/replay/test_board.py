"""What is shown survives: another version of the views, a failure, and a crowd of readers."""

import asyncio
from collections.abc import Sequence

import pytest

from services.ranking.application import Board, Ledgers, board, served
from services.ranking.application.published import Published
from services.ranking.domain import Publication
from shared.adapters.memory import MemoryDocuments
from shared.count.ledger import Ledger
from shared.events import ranking as events
from shared.events import submission
from shared.kernel.errors import Unavailable
from shared.ledger.entry import Entry
from shared.ports import Document
from tests.support.counted import replayed
from tests.support.drawn import shown
from tests.support.failing import ContestedEventStore, FailingDocuments
from tests.support.kept import kept
from tests.support.ranking import ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import DECISION, whole_cycle

TOLD = whole_cycle()
OTHER = "2020"
TABLE, WHOLE = f"{CYCLE}/department", len(TOLD)


class DroppedDocuments(MemoryDocuments):
    """Documents that another process drops just before one of them is read, once."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped_at = ""

    async def get(self, collection: str, identity: str) -> Document | None:
        """A document."""
        if identity == self.dropped_at:
            self.dropped_at = ""
            await self.drop(collection)
        return await super().get(collection, identity)


# --- Another version of the views


async def test_a_document_of_an_older_version_at_the_same_position_is_replaced_at_the_start() -> (
    None
):
    store, documents = await kept(CYCLE, OTHER), MemoryDocuments()
    await Board(Ledgers(store), documents, "a").step()
    drawn = await shown(documents, board.TABLES, TABLE)
    await documents.drop(board.TABLES)
    await documents.put(board.TABLES, [Document(TABLE, WHOLE, {**drawn, "rows": "of old"})])

    again = Board(Ledgers(store), documents, "a")
    await again.step()
    await again.step()

    assert await shown(served(documents), board.TABLES, TABLE) == drawn
    assert await shown(served(documents), board.TABLES, f"{OTHER}/department") is not None


async def test_a_published_revision_of_an_older_version_is_forgotten_at_the_start() -> None:
    store, documents = await kept(CYCLE), MemoryDocuments()
    await documents.put(board.PUBLISHED, [Document(f"{CYCLE}/1", WHOLE, {"tiers": ["old"]})])

    await Board(Ledgers(store), documents, "a").step()

    assert await shown(documents, board.PUBLISHED, f"{CYCLE}/1") is None


# --- A failure


# --- A crowd of readers


async def test_a_published_revision_is_counted_once_whoever_reads_it() -> None:
    store, documents = ContestedEventStore(), MemoryDocuments()
    await kept(CYCLE, store=store)
    crowd, later = (Published(Ledgers(store), documents) for _ in range(2))

    read = await asyncio.gather(
        *(crowd.table(CYCLE, publication(), "department") for _ in range(20))
    )
    readings = store.readings
    agency = await later.agency(CYCLE, publication(), "so-y-te")

    assert len(read) == 20
    assert all(body == read[0] for body in read)
    assert agency is not None
    assert agency["rank"] == 2
    assert store.readings == readings <= 3


async def test_a_revision_is_told_in_full_while_somebody_drops_what_is_kept() -> None:
    store = ContestedEventStore()
    await kept(CYCLE, store=store)
    documents = DroppedDocuments()
    published = Published(Ledgers(store), documents)

    for dropped in (f"{CYCLE}/1/agency/so-y-te", f"{CYCLE}/1/table/department"):
        documents.dropped_at = dropped
        agency = await published.agency(CYCLE, publication(), "so-y-te")
        table = await published.table(CYCLE, publication(), "department")

        assert agency is not None
        assert table is not None
        assert agency["rank"] == 2
        assert len(table["rows"]) > 1
        assert documents.dropped_at == ""


async def test_who_is_in_no_table_is_told_so_without_counting() -> None:
    store = ContestedEventStore()
    await kept(CYCLE, store=store)
    published = Published(Ledgers(store), MemoryDocuments())
    await published.tiers(CYCLE, publication())
    readings = store.readings

    assert await published.agency(CYCLE, publication(), "nobody") is None
    assert await published.table(CYCLE, publication(), "province") is None
    assert store.readings == readings


@pytest.mark.parametrize("prefixes", [[1], [None, 0]], ids=["some parts", "all parts"])
async def test_the_whole_of_a_revision_is_kept_behind_its_parts(prefixes: list[int | None]) -> None:
    documents = FailingDocuments(prefixes)
    published = Published(Ledgers(await kept(CYCLE)), documents)

    with pytest.raises(Unavailable):
        await published.tiers(CYCLE, publication())

    assert len(await documents.page(board.PUBLISHED, prefix=f"{CYCLE}/1/", limit=99)) >= 1
    assert await documents.get(board.PUBLISHED, f"{CYCLE}/1") is None
    assert await published.tiers(CYCLE, publication()) == ["department"]


async def test_a_revision_that_comes_to_something_else_is_counted_once_too() -> None:
    store = ContestedEventStore()
    await kept(CYCLE, store=store)
    published = Published(Ledgers(store), MemoryDocuments())

    for _ in range(3):
        with pytest.raises(Unavailable, match="publication-not-reproduced"):
            await published.tiers(CYCLE, publication(digest="another"))

    assert store.readings <= 3


async def test_the_past_is_folded_once_for_all_who_ask_for_the_same() -> None:
    store = ContestedEventStore()
    ledgers = Ledgers(await kept(CYCLE, store=store))

    asked: Sequence[Ledger] = await asyncio.gather(*(ledgers.at(CYCLE, 5) for _ in range(9)))

    assert all(ledger is asked[0] for ledger in asked)
    assert store.readings <= 3


async def test_the_service_reads_its_published_result_from_what_was_kept() -> None:
    async with ranking() as service:
        await service.hear(TOLD)
        await service.approve()
        await service.publish()

        first = (await service.get(f"/cycles/{CYCLE}/table")).json()

        document = await service.outside.documents.get(
            board.PUBLISHED, f"{CYCLE}/1/table/department"
        )
        assert document is not None
        assert document.body is not None
        assert document.body["rows"] == first["rows"]


def publication(digest: str = "") -> Publication:
    basis = replayed(TOLD).count().basis
    stated = events.Basis(position=WHOLE, root=basis.root, digest=digest or basis.digest)
    decision = submission.LegalAct(number=DECISION.number, on=DECISION.on)
    return Publication(1, stated, decision, None, f"result/{CYCLE}@2", OPENED_AT)


def _ledger() -> Ledger:
    ledger = Ledger(CYCLE)
    for stored in TOLD:
        ledger.take(Entry(OPENED_AT, stored.body))
    return ledger
