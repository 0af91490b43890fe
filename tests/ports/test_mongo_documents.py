"""What only documents on MongoDB have to be asked: lost races, limits, and what a no means."""

from collections.abc import Sequence
from typing import Any

import pytest
from pymongo import InsertOne
from pymongo.errors import ConfigurationError

from shared.adapters.mongo import Database, MongoDocuments
from shared.adapters.mongo.database import NotWritten
from shared.adapters.mongo.documents import AWAY, BODY_BYTES_MAX, WRITES_BYTES_MAX, WRITES_MAX
from shared.kernel.errors import Unavailable
from shared.ports import Document
from tests.support.mongo import Tables, meddled, written
from tests.support.servers import REAL

pytestmark = REAL
SHEETS = "submission_sheet.v1"
QUOTES = len('{"points":""}')


@pytest.fixture
def documents(database: Database) -> MongoDocuments:
    return MongoDocuments(database)


def sheet(identity: str, position: int = 1, size: int = QUOTES + 1) -> Document:
    return Document(identity, position, {"points": "1" * (size - QUOTES)})


@pytest.mark.parametrize(
    ("position", "expected"), [(4, sheet("a", 5)), (6, None)], ids=["older", "newer"]
)
async def test_who_loses_the_race_for_a_new_document_replaces_it_only_if_it_is_older(
    tables: Tables, position: int, expected: Document | None
) -> None:
    """MongoDB refuses what was to be an insertion, also where the other document is older.

    What stands in for it lets who is second wait for the first, so that it never comes to this.
    """
    writings = 0

    async def lose_the_first(sheets: Any, writes: Sequence[Any]) -> Any:  # noqa: ANN401 - a driver's
        nonlocal writings
        writings += 1
        if writings == 1:
            faster = {"_id": "a", "position": position, "body": '{"by":"another"}'}
            await sheets.insert_one(faster)
            writes = [InsertOne(dict(faster))]
        return await written(sheets, writes)

    documents = MongoDocuments(meddled(tables, SHEETS, lose_the_first))

    await documents.put(SHEETS, [sheet("a", 5)])

    kept = await documents.get(SHEETS, "a")
    assert kept == (expected or Document("a", position, {"by": "another"}))
    assert writings == 2


async def test_no_other_unique_key_is_taken_for_a_newer_document(
    database: Database, documents: MongoDocuments
) -> None:
    await database.collection(SHEETS, away="away").index(("body",), unique=True)

    with pytest.raises(NotWritten, match="11000"):
        await documents.put(SHEETS, [sheet("a"), sheet("b")])


async def test_no_call_writes_much(tables: Tables) -> None:
    writings = []

    async def count(sheets: Any, writes: Sequence[Any]) -> Any:  # noqa: ANN401 - a driver's
        writings.append(len(writes))
        return await written(sheets, writes)

    documents = MongoDocuments(meddled(tables, SHEETS, count))
    large = [sheet(f"large/{number}", 1, WRITES_BYTES_MAX // 3) for number in range(7)]
    small = [sheet(f"small/{number:05}") for number in range(WRITES_MAX + 1)]

    await documents.put(SHEETS, large)
    await documents.put(SHEETS, small)

    assert writings == [3, 3, 1, WRITES_MAX, 1]
    assert await documents.page(SHEETS, prefix="", limit=200) == [*large, *small]


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


async def test_a_server_whose_names_are_not_found_is_away(database: Database) -> None:
    """So the driver says it of an address of the kind `mongodb+srv`, at each call anew."""

    async def look_up() -> None:
        raise ConfigurationError("The DNS query name does not exist")

    with pytest.raises(Unavailable, match=AWAY):
        await database.answer(look_up, AWAY)
