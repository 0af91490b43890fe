"""What the urn on PostgreSQL promises of ballots beside its port: to many processes."""

import asyncio

import psycopg
import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.postgres import PostgresUrn, connect
from shared.kernel.errors import Refused
from tests.support import postgres
from tests.support.servers import REAL
from tests.support.urns import SIPAS, invite

pytestmark = REAL

MOMENT_S = 0.5
IN_USE = "update urn_rights set revoked = false where token_sha256 = 'token'"


async def test_who_ends_exchanges_waits_for_one_that_is_under_way_and_counts_it(
    fresh_postgres: str,
) -> None:
    async with (
        postgres.urn(fresh_postgres, SecretChance()) as one,
        connect(fresh_postgres) as database,
    ):
        other = PostgresUrn(database, SecretChance())
        await invite(one, "token", "late")
        async with await psycopg.AsyncConnection.connect(fresh_postgres) as third:
            await third.execute(IN_USE)
            exchanging = asyncio.create_task(one.exchange(SIPAS, "token", "blinded"))
            await asyncio.sleep(MOMENT_S)
            ending = asyncio.create_task(other.end_exchange(SIPAS))
            await asyncio.sleep(MOMENT_S)
            waited = not exchanging.done() and not ending.done()
            await third.rollback()
        await asyncio.gather(exchanging, ending)

        assert waited
        assert await other.ballots_out(SIPAS) == 1
        with pytest.raises(Refused, match="exchange-ended"):
            await one.exchange(SIPAS, "late", "another")
