"""What leases promise: of the processes of a service, one at a time has each."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from shared.adapters.alone import Alone
from shared.adapters.postgres import PostgresLeases
from shared.adapters.postgres.leases import RECHECK_S
from shared.ports import Leases
from tests.support.opened import opened
from tests.support.postgres import url_of
from tests.support.servers import REAL

RELAY = "survey.relay"


def alone(_: pytest.FixtureRequest) -> Leases:
    return Alone()


def in_postgres(request: pytest.FixtureRequest) -> Leases:
    return PostgresLeases(url_of(request), "survey")


@pytest.fixture(
    params=[pytest.param(alone, id="alone"), pytest.param(in_postgres, id="postgres", marks=REAL)]
)
async def leases(request: pytest.FixtureRequest) -> AsyncIterator[Leases]:
    make: Callable[[pytest.FixtureRequest], Leases] = request.param
    async with opened(make(request)) as leases:
        yield leases


async def test_who_asks_first_has_a_lease_and_keeps_it(leases: Leases) -> None:
    held = [await leases.hold(RELAY), await leases.hold(RELAY)]
    await asyncio.sleep(1.1 * RECHECK_S)

    assert [*held, await leases.hold(RELAY)] == [True, True, True]


async def test_a_process_has_many_leases(leases: Leases) -> None:
    held = await asyncio.gather(*(leases.hold(f"survey.{number}") for number in range(20)))

    assert held == [True] * 20


async def test_what_was_let_go_of_can_be_had_again(leases: Leases) -> None:
    assert await leases.hold(RELAY)

    await leases.release(RELAY)

    assert await leases.hold(RELAY)


async def test_who_lets_go_of_what_it_does_not_have_keeps_what_it_has(leases: Leases) -> None:
    assert await leases.hold(RELAY)

    await leases.release("survey.react")

    assert await leases.hold(RELAY)
