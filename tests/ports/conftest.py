"""What several suites use: event store and urn, in memory and in databases, and one of MongoDB."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.memory import MemoryEventStore
from shared.adapters.mongo import Database
from shared.ports import EventStore, Urn
from tests.support import postgres, urns
from tests.support.mongo import Place, Tables, by_motor, migrated, tables_of
from tests.support.opened import in_each, opened

Request = pytest.FixtureRequest
OpenedStore = AbstractAsyncContextManager[EventStore]
OpenedUrn = AbstractAsyncContextManager[Urn]


def store_in_memory(_: Request) -> OpenedStore:
    return opened(MemoryEventStore())


def store_in_sqlite(request: Request) -> OpenedStore:
    return opened(SqliteEventStore(request.getfixturevalue("tmp_path") / "facts.db"))


def store_in_postgres(request: Request) -> OpenedStore:
    return postgres.event_store(postgres.url_of(request))


@pytest.fixture(params=in_each(store_in_memory, store_in_sqlite, store_in_postgres))
async def store(request: Request) -> AsyncIterator[EventStore]:
    make: Callable[[Request], OpenedStore] = request.param
    async with make(request) as store:
        yield store


def urn_in_memory(request: Request) -> OpenedUrn:
    return opened(urns.in_memory(request.getfixturevalue("tmp_path")))


def urn_in_sqlite(request: Request) -> OpenedUrn:
    return opened(urns.in_sqlite(request.getfixturevalue("tmp_path")))


def urn_in_postgres(request: Request) -> OpenedUrn:
    return postgres.urn(postgres.url_of(request))


@pytest.fixture(params=in_each(urn_in_memory, urn_in_sqlite, urn_in_postgres))
async def urn(request: Request) -> AsyncIterator[Urn]:
    make: Callable[[Request], OpenedUrn] = request.param
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
