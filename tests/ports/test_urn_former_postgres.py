"""An urn of the first shape on PostgreSQL, which a later version migrates."""

import asyncio

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresUrn, connect
from shared.adapters.postgres.urn.tables import TABLES
from shared.kernel.errors import Refused, Unavailable
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urn_former import GRANTED, KEPT, POSTGRES, REFUSED, WAITING, check_moved
from tests.support.urns import SIPAS, draw, drop

pytestmark = REAL

COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' order by 1, 2
"""
FORMER = {"urn_tokens", "urn_boxes"}


def written(url: str, *scripts: str) -> None:
    with psycopg.connect(url) as connection:
        for script in scripts:
            connection.execute(script.format("urn_").encode())


def asked(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


async def test_an_urn_of_the_first_shape_is_moved_once_and_works(fresh_postgres: str) -> None:
    written(fresh_postgres, POSTGRES, KEPT)
    await migrate(fresh_postgres)

    async with postgres.urn(fresh_postgres) as urn:
        await check_moved(urn)

    assert not {table for table, _ in asked(fresh_postgres, COLUMNS)} & FORMER


async def test_an_urn_that_knows_nothing_becomes_a_new_one(fresh_postgres: str) -> None:
    written(fresh_postgres, POSTGRES)
    await migrate(fresh_postgres)
    moved = asked(fresh_postgres, COLUMNS)

    written(fresh_postgres, "drop schema public cascade; create schema public")
    await migrate(fresh_postgres)

    assert moved == asked(fresh_postgres, COLUMNS)


async def test_an_urn_in_which_answers_wait_is_refused_and_left_as_it_is(
    fresh_postgres: str,
) -> None:
    written(fresh_postgres, POSTGRES, KEPT, WAITING)
    before = asked(fresh_postgres, COLUMNS)

    with pytest.raises(Refused, match="urn-of-earlier-version") as refused:
        await migrate(fresh_postgres)

    assert refused.value.details == REFUSED
    assert asked(fresh_postgres, COLUMNS) == before
    assert asked(fresh_postgres, "select count(*) from urn_answers") == [(3,)]


async def test_an_urn_that_was_half_made_anew_is_moved_too(fresh_postgres: str) -> None:
    """Versions in between made the new tables beside those of the first shape."""
    made = [each for each in TABLES if "on urn_answers" not in each]
    written(fresh_postgres, POSTGRES, KEPT, *made, GRANTED)
    async with connect(fresh_postgres) as database:
        with pytest.raises(Unavailable, match="database-not-migrated"):
            await PostgresUrn(database, SecretChance()).waiting(SIPAS)

    async with postgres.urn(fresh_postgres) as urn:
        await check_moved(urn)


async def test_of_four_that_move_an_urn_at_once_one_does(fresh_postgres: str) -> None:
    written(fresh_postgres, POSTGRES, KEPT)

    await asyncio.gather(*(migrate(fresh_postgres) for _ in range(4)))

    async with postgres.urn(fresh_postgres) as urn:
        await check_moved(urn)


async def test_rights_that_were_moved_tell_no_order_of_their_use(fresh_postgres: str) -> None:
    written(fresh_postgres, POSTGRES, KEPT)

    await migrate(fresh_postgres)

    assert asked(fresh_postgres, "select count(distinct xmin::text) from urn_rights") == [(1,)]
    in_place = asked(fresh_postgres, "select token_sha256 from urn_rights order by ctid")
    assert in_place == [("late",), ("spent",), ("unused",)]


async def test_an_urn_that_is_migrated_again_keeps_what_waits(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await drop(urn, 3)

        await migrate(fresh_postgres)

        assert sorted(await draw(urn, 1) or []) == [0, 1, 2]


async def test_the_index_that_nobody_needs_any_more_is_gone(fresh_postgres: str) -> None:
    found = "select to_regclass('urn_comments_by_release') is not null"
    index = "create index urn_comments_by_release on urn_comments (questionnaire, released)"
    written(fresh_postgres, *TABLES, index)
    before = asked(fresh_postgres, found)

    await migrate(fresh_postgres)

    assert (before, asked(fresh_postgres, found)) == ([(True,)], [(False,)])
