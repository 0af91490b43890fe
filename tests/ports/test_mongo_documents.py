"""What only documents on MongoDB have to be asked: lost races, limits, and what a no means."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from pymongo import InsertOne
from pymongo.errors import BulkWriteError

from shared.adapters.mongo import Database, MongoDocuments
from shared.adapters.mongo.documents import BODY_BYTES_MAX, WRITES_BYTES_MAX, WRITES_MAX
from shared.kernel.errors import Unavailable
from shared.ports import Document
from tests.support.mongo import Place, by_motor, driver, migrated
from tests.support.servers import REAL

pytestmark = REAL
SHEETS = "submission_sheet.v1"
QUOTES = len('{"points":""}')


@pytest.fixture
async def database(fresh_mongo: Place) -> AsyncIterator[Database]:
    async with migrated(by_motor, fresh_mongo) as database:
        yield database


@pytest.fixture
def documents(database: Database) -> MongoDocuments:
    return MongoDocuments(database)


def sheet(identity: str, position: int = 1, size: int = QUOTES + 1) -> Document:
    return Document(identity, position, {"points": "1" * (size - QUOTES)})


class Watched:
    """A collection as a driver has it, and how many documents each call wrote."""

    def __init__(self, handle: Any) -> None:  # noqa: ANN401 - motor's or PyMongo's
        self.handle = handle
        self.writings: list[int] = []

    def __getitem__(self, _: str) -> "Watched":
        return self

    def __getattr__(self, verb: str) -> Any:  # noqa: ANN401 - whatever a collection has
        return getattr(self.handle, verb)

    async def bulk_write(self, writes: Sequence[Any], *, ordered: bool) -> Any:  # noqa: ANN401 - as above
        self.writings.append(len(writes))
        return await self.handle.bulk_write(writes, ordered=ordered)


class Contested(Watched):
    """A collection in which somebody puts the document `a` just before the first put of it.

    MongoDB then refuses what was to be an insertion, also where the document is older. (What stands
    in for it lets who puts second wait for the first, so that it never comes to this.)
    """

    def __init__(self, handle: Any, position: int) -> None:  # noqa: ANN401 - as above
        super().__init__(handle)
        self._position = position

    async def bulk_write(self, writes: Sequence[Any], *, ordered: bool) -> Any:  # noqa: ANN401 - as above
        if not self.writings:
            first = {"_id": "a", "position": self._position, "body": '{"by":"another"}'}
            await self.handle.insert_one(first)
            writes = [InsertOne({**first})]
        return await super().bulk_write(writes, ordered=ordered)


@pytest.fixture
async def sheets(fresh_mongo: Place) -> AsyncIterator[Any]:
    """A driver's own collection."""
    async with driver(fresh_mongo[0]) as client:
        yield client[fresh_mongo[1]][SHEETS]


def over(handle: Watched) -> MongoDocuments:
    async def stay_open() -> None:
        pass

    return MongoDocuments(Database(handle, stay_open, call_s_max=9))


@pytest.mark.parametrize(
    ("position", "expected"), [(4, sheet("a", 5)), (6, None)], ids=["older", "newer"]
)
async def test_who_loses_the_race_for_a_new_document_replaces_it_only_if_it_is_older(
    sheets: Any,  # noqa: ANN401 - a driver's own
    position: int,
    expected: Document | None,
) -> None:
    contested = Contested(sheets, position)
    documents = over(contested)

    await documents.put(SHEETS, [sheet("a", 5)])

    kept = await documents.get(SHEETS, "a")
    assert kept == (expected or Document("a", position, {"by": "another"}))
    assert contested.writings == [1, 1]


async def test_no_other_unique_key_is_taken_for_a_newer_document(
    database: Database, documents: MongoDocuments
) -> None:
    await database.collection(SHEETS, away="away").index("body", unique=True)

    with pytest.raises(BulkWriteError, match="E11000"):
        await documents.put(SHEETS, [sheet("a"), sheet("b")])


async def test_no_call_writes_much(sheets: Any) -> None:  # noqa: ANN401 - a driver's own
    watched = Watched(sheets)
    documents = over(watched)
    large = [sheet(f"large/{number}", 1, WRITES_BYTES_MAX // 3) for number in range(7)]
    small = [sheet(f"small/{number:05}") for number in range(WRITES_MAX + 1)]

    await documents.put(SHEETS, large)
    await documents.put(SHEETS, small)

    assert watched.writings == [3, 3, 1, WRITES_MAX, 1]
    assert await documents.page(SHEETS, prefix="", limit=999) == [*large, *small]


async def test_a_body_of_exactly_the_limit_is_put(documents: MongoDocuments) -> None:
    largest = sheet("a" * 900, 1, BODY_BYTES_MAX)

    await documents.put(SHEETS, [largest])

    assert await documents.get(SHEETS, largest.id) == largest


async def test_a_body_over_the_limit_is_not_put_nor_what_comes_with_it(
    documents: MongoDocuments,
) -> None:
    with pytest.raises(AssertionError, match="the document b is too large"):
        await documents.put(SHEETS, [sheet("a"), sheet("b", 1, BODY_BYTES_MAX + 1)])

    assert await documents.get(SHEETS, "a") is None


async def test_a_closed_database_is_away(database: Database, documents: MongoDocuments) -> None:
    await database.close()

    with pytest.raises(Unavailable, match="documents-unavailable"):
        await documents.get(SHEETS, "a")
