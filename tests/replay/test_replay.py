"""One result, however it is come by: live, after a restart, rebuilt, or from exported facts."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings

from services.ranking.application import Board, Ledgers
from services.ranking.application.board import AGENCIES, TABLES
from services.ranking.views import PUBLICATIONS
from shared.adapters.memory import MemoryDocuments
from shared.count.replay import Replay
from shared.events import submission
from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.ports import Document
from tests.support.arrival import interleaved, repeated
from tests.support.counted import replayed
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import DECISION, SEALED, Teller, whole_cycle

TOLD = whole_cycle()
AT = f"/cycles/{CYCLE}"
few_examples = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
async def published() -> AsyncIterator[Ranking]:
    """A result that was approved and published."""
    async with ranking() as service:
        await service.hear(TOLD)
        await service.approve()
        await service.publish()
        yield service


def withdrawal() -> Stored:
    teller = Teller()
    for stored in TOLD:
        teller.repeat(stored)
    return teller.tell(
        f"cycle/{CYCLE}",
        submission.AgencyWithdrawn(
            cycle=CYCLE, agency="so-y-te", decision=DECISION, because=SEALED
        ),
    )


async def digest_of(service: Ranking) -> str:
    digest: str = (await service.get(f"{AT}/table", "auditor")).json()["digest"]
    return digest


async def test_documents_made_again_from_the_ledger_are_those_that_are_served(
    published: Ranking,
) -> None:
    before = await published.documents()

    report = await published.rebuilt()

    assert report.differing == []
    assert report.facts == report.shown_to == len(TOLD) + 2
    assert report.serves
    assert await published.documents() == before


async def test_a_rebuild_names_the_document_that_is_not_what_the_ledger_says(
    published: Ranking,
) -> None:
    [table] = [key for key in await published.documents() if key[0] == TABLES]
    await published.falsify(*table, {"rows": []})

    report = await published.rebuilt()

    assert report.differing == [f"{TABLES}/{CYCLE}/department"]
    assert not report.serves


async def test_what_disappears_live_is_gone_after_a_rebuild_too(published: Ranking) -> None:
    await published.hear([withdrawal()])

    before = await published.documents()

    report = await published.rebuilt()

    assert report.differing == []
    assert report.serves
    assert await published.documents() == before


async def test_a_board_that_starts_anew_changes_no_document(published: Ranking) -> None:
    before = await published.documents()

    board = published.board()
    while await board.step():
        pass

    assert await published.documents() == before


async def test_a_board_that_missed_the_withdrawal_of_an_agency_still_removes_it(
    published: Ranking,
) -> None:
    await published.hear_without_counting([withdrawal()])

    board = published.board()
    while await board.step():
        pass

    assert (AGENCIES, f"{CYCLE}/so-y-te") not in await published.documents()


async def test_exported_facts_come_to_the_published_digest(published: Ranking) -> None:
    exported = await published.get(f"{AT}/facts", "auditor")

    replay = Replay(CYCLE)
    for entry in exported.content.splitlines():
        replay.take(entry)

    assert replay.count().basis.digest == await digest_of(published)
    assert replay.root == exported.headers["Ledger-Root"]


@pytest.mark.slow
@few_examples
@given(interleaved(TOLD))
async def test_any_order_that_keeps_the_streams_gives_one_digest(arriving: list[Stored]) -> None:
    async with ranking() as service:
        await service.hear(arriving)

        assert await digest_of(service) == replayed(TOLD).count().basis.digest


@pytest.fixture(scope="module")
def told_once() -> object:
    """The documents that everything comes to which was told once."""

    async def main() -> object:
        async with ranking() as service:
            await service.hear(TOLD)
            return await service.documents()

    return asyncio.run(main())


@pytest.mark.slow
@few_examples
@given(arriving=repeated(TOLD))
async def test_what_is_told_twice_gives_the_same_documents(
    told_once: object, arriving: list[Stored]
) -> None:
    async with ranking() as service:
        await service.hear(arriving)

        assert await service.documents() == told_once


class _FailingDocuments(MemoryDocuments):
    """Fails once, when so many collections were written."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        self._left -= 1
        if self._left == -1:
            raise Unavailable("database-unavailable")
        await super().put(collection, documents)


@pytest.mark.parametrize("after", [0, 1, 2])
async def test_documents_that_were_written_in_part_are_written_whole(
    published: Ranking, after: int
) -> None:
    documents = _FailingDocuments(after)
    board = Board(Ledgers(published.outside.inbox), documents, "again")

    with pytest.raises(Unavailable):
        await board.step()
    while await board.step():
        pass

    for (collection, key), body in (await published.documents()).items():
        if collection != PUBLICATIONS.collection:
            kept = await documents.get(collection, key)
            assert kept is not None
            assert kept.body == body
