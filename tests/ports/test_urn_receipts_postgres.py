"""A receipt is counted once on PostgreSQL, whoever does what at the same time."""

import asyncio

import psycopg
import pytest

from shared.adapters.postgres.urn.drawing import FORGET
from shared.kernel.errors import Refused
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import SIPAS, count_waiting, draw, drop, invite, spend

pytestmark = REAL

MOMENT_S = 0.5
FORGOTTEN = (
    "delete from urn_answers where questionnaire = %s and batch = %s",
    "delete from urn_receipts where questionnaire = %s and batch = %s",
)
"""How an earlier version discards, which remembers nothing by itself."""


async def test_a_receipt_that_is_just_being_discarded_is_taken(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, "hash")
        await drop(urn, 1)
        await draw(urn, 1)
        async with await psycopg.AsyncConnection.connect(fresh_postgres) as discarding:
            for forget in FORGET:
                await discarding.execute(forget, (SIPAS, 1))
            late = [
                asyncio.create_task(each)
                for each in (spend(urn, "hash", 0), drop(urn, 1, key="again"))
            ]
            await asyncio.sleep(MOMENT_S)
            assert not any(each.done() for each in late), "they wait for who discards"
            await discarding.commit()

        outcomes = await asyncio.gather(*late, return_exceptions=True)

        assert [str(each) for each in outcomes] == [str(Refused("receipt-taken"))] * 2
        assert await count_waiting(urn) == 0
        await spend(urn, "hash", 1)


async def test_what_a_process_of_an_earlier_version_discards_is_taken(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await invite(urn, "hash")
        await drop(urn, 2)
        await draw(urn, 1)
        with psycopg.connect(fresh_postgres) as earlier:
            for forget in FORGOTTEN:
                earlier.execute(forget, (SIPAS, 1))

        for late in (spend(urn, "hash", 0), drop(urn, 1, first=1, key="again")):
            with pytest.raises(Refused, match="receipt-taken"):
                await late


async def test_what_is_drawn_and_stirred_was_not_counted_by_that(fresh_postgres: str) -> None:
    async with postgres.urn(fresh_postgres) as urn:
        await drop(urn, 4)
        await draw(urn, 1, most=2)
        await drop(urn, 1, first=10, key="later")

        assert await urn.stir() == 3

        with psycopg.connect(fresh_postgres) as connection:
            known = connection.execute("select count(*) from urn_counted").fetchall()
        await urn.discard(SIPAS, 1)
        assert known == [(0,)]
        with psycopg.connect(fresh_postgres) as connection:
            known = connection.execute("select count(*) from urn_counted").fetchall()
        assert known == [(2,)]
