"""An urn of the first shape in a file, which a later version opens."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from shared.adapters.sqlite.urn import former
from shared.adapters.sqlite.urn.tables import SCHEMA
from shared.kernel.errors import Refused
from tests.support.opened import opened
from tests.support.urn_former import GRANTED, KEPT, REFUSED, SQLITE, WAITING, check_moved
from tests.support.urns import SIPAS, in_sqlite

FORMER = {"tokens", "boxes"}
TABLES = "select name from sqlite_master where type = 'table'"


def written(folder: Path, *scripts: str) -> Path:
    """The file of an urn that was made by these, as its process left it."""
    path = folder / "urn.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
        for script in scripts:
            connection.executescript(script.format(""))
        connection.commit()
    return path


def move_in(path: Path) -> None:
    """What opening the file does first."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        former.move(connection)
        connection.execute("commit")


def dumped(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(" ".join(statement.split()) for statement in connection.iterdump())


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute(TABLES)}


async def test_an_urn_of_the_first_shape_is_moved_once_and_works(tmp_path: Path) -> None:
    path = written(tmp_path, SQLITE, KEPT)
    async with opened(in_sqlite(tmp_path)):
        pass
    moved = dumped(path)

    async with opened(in_sqlite(tmp_path)) as urn:
        assert dumped(path) == moved
        await check_moved(urn)

    assert not tables_of(path) & FORMER


@pytest.mark.parametrize("scripts", [(), (SQLITE,)], ids=["no tables", "empty tables"])
async def test_an_urn_that_knows_nothing_becomes_a_new_one(
    tmp_path: Path, scripts: tuple[str, ...]
) -> None:
    path = written(tmp_path, *scripts)

    async with opened(in_sqlite(tmp_path)) as urn:
        assert await urn.turnout(SIPAS) == {}

    (tmp_path / "new").mkdir()
    async with opened(in_sqlite(tmp_path / "new")):
        pass
    assert dumped(path) == dumped(tmp_path / "new" / "urn.db")


async def test_an_urn_in_which_answers_wait_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, SQLITE, KEPT, WAITING)
    before = dumped(path)

    with pytest.raises(Refused, match="urn-of-earlier-version") as refused:
        in_sqlite(tmp_path)

    assert refused.value.details == REFUSED
    assert dumped(path) == before


async def test_an_urn_that_was_half_made_anew_is_moved_too(tmp_path: Path) -> None:
    """Versions in between made the new tables beside those of the first shape."""
    made = [each for each in SCHEMA if "answers_by_batch" not in each]
    written(tmp_path, SQLITE, KEPT, ";".join([*made, GRANTED]))

    async with opened(in_sqlite(tmp_path)) as urn:
        await check_moved(urn)


async def test_of_several_that_move_an_urn_at_once_one_does(tmp_path: Path) -> None:
    path = written(tmp_path, SQLITE, KEPT)

    await asyncio.gather(*(asyncio.to_thread(move_in, path) for _ in range(4)))

    async with opened(in_sqlite(tmp_path)) as urn:
        await check_moved(urn)
