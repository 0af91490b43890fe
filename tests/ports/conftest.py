"""What several suites use: event store, urn and keys, in memory and in databases, and MongoDB's."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.memory import MemoryEventStore, MemoryKeys
from shared.adapters.mongo import Database
from shared.adapters.sealing import Keys
from shared.ports import EventStore, Urn
from tests.support import postgres, urns
from tests.support.key_files import in_sqlite
from tests.support.mongo import Place, Tables, by_motor, migrated, tables_of
from tests.support.opened import in_each, opened

Request = pytest.FixtureRequest
OpenedStore = AbstractAsyncContextManager[EventStore]
OpenedUrn = AbstractAsyncContextManager[Urn]
OpenedKeys = AbstractAsyncContextManager[Keys]


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


def keys_in_memory(_: Request) -> OpenedKeys:
    return opened(MemoryKeys())


def keys_in_sqlite(request: Request) -> OpenedKeys:
    return opened(in_sqlite(request.getfixturevalue("tmp_path")))


def keys_in_postgres(request: Request) -> OpenedKeys:
    return postgres.keys(postgres.url_of(request))


@pytest.fixture(params=in_each(keys_in_memory, keys_in_sqlite, keys_in_postgres))
async def keys(request: Request) -> AsyncIterator[Keys]:
    make: Callable[[Request], OpenedKeys] = request.param
    async with make(request) as keys:
        yield keys
