"""A database of PostgreSQL belongs to one service, in one mode."""

import asyncio

import pytest

from shared.adapters.migration import migrate
from shared.adapters.postgres import claim, connect
from shared.kernel.errors import Refused
from tests.support.servers import REAL

pytestmark = REAL


async def test_a_database_is_claimed_once_and_for_ever(fresh_postgres: str) -> None:
    await migrate(fresh_postgres)

    async with connect(fresh_postgres) as database:
        await claim(database, "survey", "production")
        await claim(database, "survey", "production")


@pytest.mark.parametrize(("service", "mode"), [("ranking", "production"), ("survey", "trial")])
async def test_nobody_else_may_use_it(fresh_postgres: str, service: str, mode: str) -> None:
    await migrate(fresh_postgres)

    async with connect(fresh_postgres) as database:
        await claim(database, "survey", "production")
        with pytest.raises(Refused) as refusal:
            await claim(database, service, mode)  # type: ignore[arg-type] # the parameters are modes

    assert refusal.value.code == "database-of-another"
    assert refusal.value.details == {"service": "survey", "mode": "production"}


async def test_of_two_that_claim_at_once_one_does(fresh_postgres: str) -> None:
    await migrate(fresh_postgres)

    async with connect(fresh_postgres) as one, connect(fresh_postgres) as other:
        claims = (claim(one, "survey", "trial"), claim(other, "ranking", "trial"))
        outcomes = await asyncio.gather(*claims, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes].count(Refused) == 1
