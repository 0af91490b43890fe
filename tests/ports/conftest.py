"""What several suites use: the urn, in memory and in databases, and a database of MongoDB."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from shared.adapters.mongo import Database
from shared.ports import Urn
from tests.support import postgres, urns
from tests.support.mongo import Place, Tables, by_motor, migrated, tables_of
from tests.support.opened import opened
from tests.support.servers import REAL

Opened = AbstractAsyncContextManager[Urn]


def in_memory(request: pytest.FixtureRequest) -> Opened:
    return opened(urns.in_memory(request.getfixturevalue("tmp_path")))


def in_sqlite(request: pytest.FixtureRequest) -> Opened:
    return opened(urns.in_sqlite(request.getfixturevalue("tmp_path")))


def in_postgres(request: pytest.FixtureRequest) -> Opened:
    return postgres.urn(postgres.url_of(request))


@pytest.fixture(
    params=[
        pytest.param(in_memory, id="memory"),
        pytest.param(in_sqlite, id="sqlite"),
        pytest.param(in_postgres, id="postgres", marks=REAL),
    ]
)
async def urn(request: pytest.FixtureRequest) -> AsyncIterator[Urn]:
    make: Callable[[pytest.FixtureRequest], Opened] = request.param
    async with make(request) as urn:
        yield urn


@pytest.fixture
async def database(fresh_mongo: Place) -> AsyncIterator[Database]:
    async with migrated(by_motor, fresh_mongo) as database:
        yield database


@pytest.fixture
async def tables(fresh_mongo: Place) -> AsyncIterator[Tables]:
    """The same database without our adapters."""
    async with tables_of(fresh_mongo) as tables:
        yield tables
