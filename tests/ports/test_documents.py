"""What documents promise, held against memory, SQLite, MongoDB by both drivers, and an overlay."""

import asyncio
import random  # noqa: TID251 - seeded: an order to put things in
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from shared.adapters.memory import MemoryDocuments
from shared.adapters.mongo import MongoDocuments
from shared.adapters.sqlite import SqliteDocuments
from shared.kernel.errors import Unavailable
from shared.ports import Document, Documents
from shared.runtime.overlay import Overlay
from tests.support.mongo import Connect, Place, by_motor, by_pymongo, migrated
from tests.support.opened import opened
from tests.support.servers import REAL

SHEETS = "submission_sheet.v1"


Opened = AbstractAsyncContextManager[Documents]


def in_memory(_: pytest.FixtureRequest) -> Opened:
    return opened(MemoryDocuments())


def in_sqlite(request: pytest.FixtureRequest) -> Opened:
    return opened(sqlite(request.getfixturevalue("tmp_path")))


def in_mongo(request: pytest.FixtureRequest) -> Opened:
    return mongo(by_motor, request.getfixturevalue("fresh_mongo"))


def in_mongo_by_pymongo(request: pytest.FixtureRequest) -> Opened:
    return mongo(by_pymongo, request.getfixturevalue("fresh_mongo"))


def sqlite(folder: Path) -> SqliteDocuments:
    return SqliteDocuments(folder / "documents.db")


def overlaid(_: pytest.FixtureRequest) -> Opened:
    return opened(Overlay(MemoryDocuments()))


@asynccontextmanager
async def mongo(connect: Connect, place: Place) -> AsyncIterator[Documents]:
    async with migrated(connect, place) as database:
        yield MongoDocuments(database)


@pytest.fixture(
    params=[
        pytest.param(in_memory, id="memory"),
        pytest.param(in_sqlite, id="sqlite"),
        pytest.param(overlaid, id="overlay"),
        pytest.param(in_mongo, id="mongo", marks=REAL),
        pytest.param(in_mongo_by_pymongo, id="mongo by pymongo", marks=REAL),
    ]
)
async def documents(request: pytest.FixtureRequest) -> AsyncIterator[Documents]:
    make: Callable[[pytest.FixtureRequest], Opened] = request.param
    async with make(request) as documents:
        yield documents


def sheet(identity: str, position: int = 1, points: str = "1.5") -> Document:
    return Document(identity, position, {"points": points})


async def ids(documents: Documents, prefix: str, *, after: str = "", limit: int = 99) -> list[str]:
    page = await documents.page(SHEETS, prefix=prefix, after=after, limit=limit)
    return [document.id for document in page]


async def test_a_document_is_got_as_it_was_put(documents: Documents) -> None:
    body = {"điểm": ["0.50", None, {"b": 1, "a": 2**53}], "empty": {}}

    await documents.put(SHEETS, [Document("a", 7, body)])

    assert await documents.get(SHEETS, "a") == Document("a", 7, body)


async def test_any_json_comes_back_as_it_was_put(documents: Documents) -> None:
    whole = {"64 bits": [2**63 - 1, -(2**63)], "more": 2**200, "true": True, "one": 1}
    names = {"a.b": 1, "$set": {"$": []}, "": "", "\0": "\0", "_id": None, "đ\U0001f600": "'\"\\"}

    await documents.put(SHEETS, [Document("a", 2**53, {"whole": whole, "names": names})])

    kept = await documents.get(SHEETS, "a")
    assert kept == Document("a", 2**53, {"whole": whole, "names": names})
    assert kept.body is not None
    assert kept.body["whole"]["true"] is True


async def test_what_was_never_put_is_none(documents: Documents) -> None:
    await documents.put("another", [sheet("a")])

    assert await documents.get(SHEETS, "a") is None


async def test_nobody_holds_a_part_of_a_document(documents: Documents) -> None:
    points = ["1"]
    await documents.put(SHEETS, [Document("a", 1, {"points": points})])
    points.append("2")

    assert await documents.get(SHEETS, "a") == Document("a", 1, {"points": ["1"]})


async def test_many_are_those_that_exist(documents: Documents) -> None:
    await documents.put(SHEETS, [sheet("a"), sheet("b"), Document("c", 1, None)])

    found = await documents.many(SHEETS, ["c", "a", "nobody"])

    assert found == {"a": sheet("a"), "c": Document("c", 1, None)}
    assert await documents.many(SHEETS, []) == {}


async def test_a_higher_position_replaces_a_lower_one(documents: Documents) -> None:
    await documents.put(SHEETS, [sheet("a", 3, "1")])
    await documents.put(SHEETS, [sheet("a", 4, "2")])

    assert await documents.get(SHEETS, "a") == sheet("a", 4, "2")


@pytest.mark.parametrize("position", [2, 3])
async def test_the_same_or_a_lower_position_changes_nothing(
    documents: Documents, position: int
) -> None:
    await documents.put(SHEETS, [sheet("a", 3, "1")])

    await documents.put(SHEETS, [sheet("a", position, "2"), sheet("b", position)])

    assert await documents.get(SHEETS, "a") == sheet("a", 3, "1")
    assert await documents.get(SHEETS, "b") == sheet("b", position)


async def test_a_deleted_document_keeps_its_position_and_its_guard(documents: Documents) -> None:
    await documents.put(SHEETS, [sheet("a", 3)])
    await documents.put(SHEETS, [Document("a", 5, None)])
    await documents.put(SHEETS, [sheet("a", 4)])

    assert await documents.get(SHEETS, "a") == Document("a", 5, None)


async def test_a_deleted_document_can_come_back(documents: Documents) -> None:
    await documents.put(SHEETS, [Document("a", 5, None)])
    await documents.put(SHEETS, [sheet("a", 6)])

    assert await documents.get(SHEETS, "a") == sheet("a", 6)


async def test_puts_in_any_order_end_at_the_highest_position(documents: Documents) -> None:
    positions = list(range(1, 51))
    random.Random(7).shuffle(positions)

    await asyncio.gather(
        *(documents.put(SHEETS, [sheet("a", position, str(position))]) for position in positions)
    )

    assert await documents.get(SHEETS, "a") == sheet("a", 50, "50")


async def test_writers_side_by_side_end_at_the_highest_position(documents: Documents) -> None:
    names = [f"so-{number:02}" for number in range(20)]

    async def write(writer: int) -> None:
        order = random.Random(writer)
        for position in range(writer, 100, 10):
            await documents.put(
                SHEETS, [sheet(name, position, str(position)) for name in order.sample(names, 20)]
            )

    await asyncio.gather(*(write(writer) for writer in range(1, 11)))

    found = await documents.many(SHEETS, names)
    assert found == {name: sheet(name, 99, "99") for name in names}


async def test_of_those_who_put_a_new_document_at_once_the_highest_wins(
    documents: Documents,
) -> None:
    names = [f"so-{number:02}" for number in range(20)]
    positions = list(range(1, 21))
    order = random.Random(7)

    for name in names:
        order.shuffle(positions)
        await asyncio.gather(
            *(documents.put(SHEETS, [sheet(name, each, str(each))]) for each in positions)
        )

    found = await documents.many(SHEETS, names)
    assert found == {name: sheet(name, 20, "20") for name in names}


async def test_many_documents_are_put_and_found_at_once(documents: Documents) -> None:
    many = [sheet(f"{number:05}", 1, "0") for number in range(601)]

    await documents.put(SHEETS, many)

    found = await documents.many(SHEETS, [each.id for each in many])
    assert list(found.values()) == many
    assert await documents.page(SHEETS, prefix="", limit=550) == many[:550]


async def test_in_one_put_the_highest_position_wins(documents: Documents) -> None:
    await documents.put(SHEETS, [sheet("a", 2, "2"), sheet("a", 3, "3"), sheet("a", 1, "1")])

    assert await documents.get(SHEETS, "a") == sheet("a", 3, "3")


async def test_what_is_no_json_is_not_put_at_all(documents: Documents) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        await documents.put(SHEETS, [sheet("a"), Document("b", 1, {"points": float("nan")})])

    assert await documents.get(SHEETS, "a") is None


async def test_a_page_has_the_living_documents_of_a_prefix_by_id(documents: Documents) -> None:
    await documents.put(
        SHEETS,
        [sheet("2021/b"), sheet("2021/a"), sheet("2022/a"), sheet("2021"), sheet("2020/z")],
    )
    await documents.put(SHEETS, [Document("2021/aa", 1, None)])
    await documents.put("another", [sheet("2021/c")])

    assert await ids(documents, "2021/") == ["2021/a", "2021/b"]
    assert await documents.page(SHEETS, prefix="2021/b", limit=9) == [sheet("2021/b")]


async def test_pages_go_on_behind_the_last_id(documents: Documents) -> None:
    await documents.put(SHEETS, [sheet(f"2021/{letter}") for letter in "cabed"])

    assert await ids(documents, "2021/", limit=2) == ["2021/a", "2021/b"]
    assert await ids(documents, "2021/", after="2021/b", limit=2) == ["2021/c", "2021/d"]
    assert await ids(documents, "2021/", after="2021/e", limit=2) == []
    assert await ids(documents, "2021/", after="2020") == [f"2021/{letter}" for letter in "abcde"]


async def test_ids_sort_by_their_bytes(documents: Documents) -> None:
    names = ["Z", "a", "a-b", "a.b", "a/b", "ab", "z", "đ", "\uffff", "\U0001f600"]
    await documents.put(SHEETS, [sheet(name) for name in reversed(names)])

    assert await ids(documents, "") == sorted(names, key=str.encode)


@pytest.mark.parametrize("prefix", ["a", "a\U0010ffff", "\ud7ff", "\U0010ffff", "%", "_", "a*"])
async def test_a_prefix_is_taken_as_it_stands(documents: Documents, prefix: str) -> None:
    mine = [prefix, f"{prefix}!", f"{prefix}\U0010ffff", f"{prefix}\ue000"]
    others = ["!", "b", "A", "\ue000", "x%", "xx"]
    await documents.put(SHEETS, [sheet(name) for name in [*mine, *others]])

    assert await ids(documents, prefix) == sorted(mine, key=str.encode)


async def test_a_dropped_collection_is_forgotten_with_its_guards(documents: Documents) -> None:
    await documents.put(SHEETS, [sheet("a", 9)])
    await documents.put("another", [sheet("a", 9)])

    await documents.drop(SHEETS)
    await documents.drop("nobody")
    await documents.put(SHEETS, [sheet("b", 1)])

    assert await ids(documents, "") == ["b"]
    assert await documents.get(SHEETS, "a") is None
    assert await documents.get("another", "a") == sheet("a", 9)


async def test_documents_survive_a_restart(tmp_path: Path) -> None:
    async with opened(sqlite(tmp_path)) as documents:
        await documents.put(SHEETS, [sheet("a", 9)])

    async with opened(sqlite(tmp_path)) as documents:
        await documents.put(SHEETS, [sheet("a", 8, "0")])

        assert await documents.get(SHEETS, "a") == sheet("a", 9)


async def test_a_closed_database_is_away(tmp_path: Path) -> None:
    async with opened(sqlite(tmp_path)) as documents:
        pass

    with pytest.raises(Unavailable, match="database-unavailable"):
        await documents.get(SHEETS, "a")
