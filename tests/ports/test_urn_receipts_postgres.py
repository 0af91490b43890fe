"""A receipt is counted once on PostgreSQL, whoever does what at the same time."""

import asyncio

import psycopg

from shared.adapters.postgres.urn_sql import FORGET
from shared.kernel.errors import Refused
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import SIPAS, count_waiting, draw, drop, invite, spend

pytestmark = REAL

MOMENT_S = 0.5


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
