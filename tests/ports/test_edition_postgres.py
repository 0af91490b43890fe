"""Tables have an edition: a process waits for its own, and works with later ones if it may."""

import asyncio

import psycopg
import pytest

from shared.adapters.migration import migrate
from shared.adapters.postgres import connect, edition
from shared.adapters.postgres.edition import EDITION, OURS, Edition, require
from shared.kernel.errors import Refused, Unavailable
from tests.support.servers import REAL

pytestmark = REAL

LATER = Edition(EDITION + 1, OURS.oldest)
LEAVES_US = Edition(EDITION + 2, EDITION + 1)


async def check(url: str, own: Edition = OURS) -> None:
    async with connect(url) as database:
        await require(database, own)


def made_by(url: str, made: Edition) -> None:
    """Let another version have migrated the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "update edition set edition = %s, oldest = %s", (made.number, made.oldest)
        )


def noted(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("select edition, oldest from edition").fetchall()


async def test_a_process_waits_until_the_tables_are_made(fresh_postgres: str) -> None:
    with pytest.raises(Unavailable, match="database-not-migrated"):
        await check(fresh_postgres)

    await migrate(fresh_postgres)

    await check(fresh_postgres)


async def test_a_process_of_a_later_version_waits_for_its_own_migrate(fresh_postgres: str) -> None:
    await migrate(fresh_postgres)

    with pytest.raises(Unavailable, match="database-not-migrated"):
        await check(fresh_postgres, LATER)


async def test_half_an_edition_is_none(fresh_postgres: str) -> None:
    """Its number is written when all of it is made."""
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute(edition.SCHEMA[0])

    with pytest.raises(Unavailable, match="database-not-migrated"):
        await check(fresh_postgres)


async def test_a_process_works_beside_a_later_version(fresh_postgres: str) -> None:
    await migrate(fresh_postgres)
    made_by(fresh_postgres, LATER)

    await check(fresh_postgres)


async def test_who_migrates_behind_a_later_version_leaves_its_tables(fresh_postgres: str) -> None:
    """So does a version that is taken back: what it would make may be older than what is there."""
    await migrate(fresh_postgres)
    made_by(fresh_postgres, LATER)
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute("drop table drafts")

    await migrate(fresh_postgres)

    with psycopg.connect(fresh_postgres) as connection:
        assert connection.execute("select to_regclass('drafts')").fetchone() == (None,)
    assert noted(fresh_postgres) == [(LATER.number, LATER.oldest)]


async def test_who_is_left_behind_is_told_so(fresh_postgres: str) -> None:
    await migrate(fresh_postgres)
    made_by(fresh_postgres, LEAVES_US)

    for attempt in (check(fresh_postgres), migrate(fresh_postgres)):
        with pytest.raises(Refused, match="database-of-later-version") as refused:
            await attempt

        assert refused.value.details == {
            "found": str(LEAVES_US.number),
            "oldest": str(LEAVES_US.oldest),
            "own": str(EDITION),
        }


async def test_a_database_of_before_there_were_editions_gets_one(fresh_postgres: str) -> None:
    await migrate(fresh_postgres)
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute("drop table edition")

    await asyncio.gather(*(migrate(fresh_postgres) for _ in range(2)))

    assert noted(fresh_postgres) == [(OURS.number, OURS.oldest)]
