"""A database of a document server for a test, by motor or by the driver that will replace it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from pymongo import AsyncMongoClient

from shared.adapters.mongo import Database, client, migrate
from tests.support.opened import opened

APPLICATION = "tests"
Place = tuple[str, str]
"""The URL of a server, and the name of a database."""

Connect = Callable[[str, str], Database]


def by_motor(url: str, database: str) -> Database:
    return client.connect(url, database=database, application=APPLICATION)


def by_pymongo(url: str, database: str) -> Database:
    """What `connect` becomes when motor goes."""
    mongo = driver(url)
    return Database(mongo[database], mongo.close, call_s_max=client.CALL_S_MAX)


def driver(url: str) -> AsyncMongoClient[dict[str, Any]]:
    """PyMongo's own client, with our options."""
    return AsyncMongoClient(url, **client.options(APPLICATION))


@asynccontextmanager
async def migrated(connect: Connect, place: Place) -> AsyncIterator[Database]:
    """A database that is ready for use."""
    async with opened(connect(*place)) as database:
        await migrate(database)
        yield database
