"""What several suites use: the urn in memory and in SQLite, and a database of MongoDB."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shared.adapters.mongo import Database
from shared.ports import Urn
from tests.support import urns
from tests.support.mongo import Place, Tables, by_motor, migrated, tables_of
from tests.support.opened import opened


@pytest.fixture(params=[urns.in_memory, urns.in_sqlite], ids=["memory", "sqlite"])
async def urn(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Urn]:
    make: Callable[[Path], Urn] = request.param
    async with opened(make(tmp_path)) as urn:
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
