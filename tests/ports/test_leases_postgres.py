"""What leases on PostgreSQL promise to several processes: one has each, and the others stand by."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from shared.adapters.postgres import PostgresLeases
from shared.adapters.postgres.leases import RECHECK_S
from shared.kernel.errors import Unavailable
from tests.support.opened import opened
from tests.support.servers import REAL

pytestmark = REAL

PROJECT = Path(__file__).parents[2]
RELAY = "survey.relay"
SOON_S = 10.0
NOWHERE = "postgresql://cchc:secret@127.0.0.1:9/nothing"
BREAK_ALL = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'cchc leases' and datname = current_database()
"""
HOLDER = """
import asyncio, sys
from shared.adapters.postgres import PostgresLeases

async def main():
    leases = PostgresLeases(sys.argv[1], "survey")
    print(await leases.hold("survey.relay"), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def one(fresh_postgres: str) -> AsyncIterator[PostgresLeases]:
    async with opened(PostgresLeases(fresh_postgres, "survey")) as leases:
        yield leases


@pytest.fixture
async def other(fresh_postgres: str) -> AsyncIterator[PostgresLeases]:
    async with opened(PostgresLeases(fresh_postgres, "survey")) as leases:
        yield leases


async def until_held(leases: PostgresLeases) -> None:
    async with asyncio.timeout(SOON_S):
        while not await leases.hold(RELAY):
            await until_asked_again()


async def until_asked_again() -> None:
    await asyncio.sleep(1.1 * RECHECK_S)


async def test_of_two_processes_one_has_a_lease(one: PostgresLeases, other: PostgresLeases) -> None:
    held = [await each.hold(RELAY) for each in (one, other, one, other)]
    await until_asked_again()

    assert held == [True, False, True, False]
    assert [await other.hold(RELAY), await one.hold(RELAY)] == [False, True]


async def test_each_lease_is_held_for_itself(one: PostgresLeases, other: PostgresLeases) -> None:
    assert await one.hold(RELAY)
    assert await other.hold("survey.react")
    assert not await one.hold("survey.react")


async def test_services_that_share_a_database_do_not_share_leases(
    one: PostgresLeases, fresh_postgres: str
) -> None:
    async with opened(PostgresLeases(fresh_postgres, "ranking")) as another_service:
        assert await one.hold(RELAY)
        assert await another_service.hold(RELAY)


async def test_who_stands_by_takes_over_when_the_holder_ends(
    one: PostgresLeases, other: PostgresLeases
) -> None:
    assert await one.hold(RELAY)
    assert not await other.hold(RELAY)

    await one.close()

    await until_held(other)
    with pytest.raises(Unavailable, match="database-unavailable"):
        await one.hold(RELAY)


async def test_who_stands_by_takes_over_what_the_holder_lets_go_of_and_nothing_else(
    one: PostgresLeases, other: PostgresLeases
) -> None:
    assert await one.hold(RELAY)
    assert await one.hold("survey.react")
    await other.release(RELAY)
    assert not await other.hold(RELAY)

    await one.release(RELAY)

    await until_held(other)
    assert not await one.hold(RELAY)
    assert await one.hold("survey.react")
    assert not await other.hold("survey.react")


async def test_who_lets_go_of_a_lease_that_its_connection_has_lost_is_content(
    one: PostgresLeases, other: PostgresLeases, fresh_postgres: str
) -> None:
    assert await one.hold(RELAY)
    async with await psycopg.AsyncConnection.connect(fresh_postgres, autocommit=True) as breaker:
        await breaker.execute(BREAK_ALL)

    await one.release(RELAY)

    await until_held(other)
    assert not await one.hold(RELAY)


async def test_who_stands_by_takes_over_when_the_holder_is_killed(
    other: PostgresLeases, fresh_postgres: str
) -> None:
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLDER, fresh_postgres),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    told = await holder.stdout.readline()
    before = await other.hold(RELAY)

    holder.kill()
    await holder.wait()

    assert (told, before) == (b"True\n", False)
    await until_held(other)


async def test_who_stands_still_loses_its_leases(
    other: PostgresLeases, fresh_postgres: str
) -> None:
    still = PostgresLeases(fresh_postgres, "survey", standstill_s_max=1)
    async with opened(still):
        assert await still.hold(RELAY)
        assert not await other.hold(RELAY)

        await until_held(other)

        with pytest.raises(Unavailable, match="database-unavailable"):
            await still.hold(RELAY)


async def test_a_holder_whose_connection_broke_knows_that_it_lost_its_leases(
    one: PostgresLeases, other: PostgresLeases, fresh_postgres: str
) -> None:
    assert await one.hold(RELAY)
    assert await other.hold("survey.react")

    async with await psycopg.AsyncConnection.connect(fresh_postgres, autocommit=True) as breaker:
        await breaker.execute(BREAK_ALL)
    await until_asked_again()
    with pytest.raises(Unavailable, match="database-unavailable"):
        await other.hold(RELAY)
    await until_asked_again()
    await until_held(other)

    with pytest.raises(Unavailable, match="database-unavailable"):
        await one.hold(RELAY)
    await until_asked_again()
    assert not await one.hold(RELAY)


async def test_who_asked_in_vain_just_now_does_not_ask_again() -> None:
    async with opened(PostgresLeases(NOWHERE, "survey")) as leases, asyncio.timeout(SOON_S):
        asked = [leases.hold(f"survey.{number}") for number in range(50)]

        outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {Unavailable}
