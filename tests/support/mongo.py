"""A database of a document server for a test, by motor or by the driver that will replace it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pymongo import AsyncMongoClient

from shared.adapters.mongo import Database, client, migrate
from tests.support.opened import opened

APPLICATION = "tests"
Place = tuple[str, str]
"""The URL of a server, and the name of a database."""

Connect = Callable[[str, str], Database]
Tables = Any
"""A driver's own database."""

Write = Callable[[Any, Sequence[Any]], Awaitable[Any]]
"""What is done instead of `bulk_write`, with a driver's own collection and the writes."""


def by_motor(url: str, database: str) -> Database:
    return client.connect(url, database=database, application=APPLICATION)


def by_pymongo(url: str, database: str) -> Database:
    """What `connect` becomes when motor goes."""
    driver: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url, **client.options(APPLICATION))
    return Database(driver[database], driver.close, call_s_max=client.CALL_S_MAX)


@asynccontextmanager
async def migrated(connect: Connect, place: Place) -> AsyncIterator[Database]:
    """A database that is ready for use."""
    async with opened(connect(*place)) as database:
        await migrate(database)
        yield database


@asynccontextmanager
async def tables_of(place: Place) -> AsyncIterator[Tables]:
    """The same database as PyMongo has it, in which a test looks and plants."""
    url, database = place
    async with AsyncMongoClient[dict[str, Any]](url, **client.options(APPLICATION)) as driver:
        yield driver[database]


def meddled(tables: Tables, collection: str, write: Write) -> Database:
    """The database, with somebody who steps in at the writings of one collection."""

    async def stay_open() -> None:
        pass

    return Database(_Meddled(tables, collection, write), stay_open, call_s_max=client.CALL_S_MAX)


async def written(collection: Any, writes: Sequence[Any]) -> Any:  # noqa: ANN401 - a driver's own
    """What is done without meddling."""
    return await collection.bulk_write(writes, ordered=False)


class _Meddled:
    def __init__(self, tables: Tables, collection: str, write: Write) -> None:
        self._tables = tables
        self._collection = collection
        self._write = write

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a driver's own, or what stands for it
        handle = self._tables[name]
        return _Collection(handle, self._write) if name == self._collection else handle


class _Collection:
    def __init__(self, handle: Any, write: Write) -> None:  # noqa: ANN401 - a driver's own
        self._handle = handle
        self._write = write

    def __getattr__(self, verb: str) -> Any:  # noqa: ANN401 - whatever a collection has
        return getattr(self._handle, verb)

    async def bulk_write(self, writes: Sequence[Any], *, ordered: bool) -> Any:  # noqa: ANN401 - a driver's own
        assert not ordered, "one refusal does not hold up the others"
        return await self._write(self._handle, writes)
