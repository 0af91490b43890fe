"""Adapters on a new PostgreSQL database, migrated before and closed afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.memory import SeededChance
from shared.adapters.migration import migrate
from shared.adapters.postgres import (
    PostgresDirectory,
    PostgresDrafts,
    PostgresKeys,
    PostgresUrn,
    connect,
)
from shared.ports import Chance
from tests.support.opened import opened


def url_of(request: pytest.FixtureRequest) -> str:
    """A new, empty database."""
    url: str = request.getfixturevalue("fresh_postgres")
    return url


@asynccontextmanager
async def event_store(url: str) -> AsyncIterator[PostgresEventStore]:
    """What a service says, on this database."""
    await migrate(url)
    async with opened(PostgresEventStore(url, "facts")) as store:
        yield store


@asynccontextmanager
async def keys(url: str) -> AsyncIterator[PostgresKeys]:
    """Keys in this database."""
    await migrate(url)
    async with connect(url) as database:
        yield PostgresKeys(database)


@asynccontextmanager
async def directory(url: str) -> AsyncIterator[PostgresDirectory]:
    """People in this database."""
    await migrate(url)
    async with connect(url) as database:
        yield PostgresDirectory(database)


@asynccontextmanager
async def drafts(url: str) -> AsyncIterator[PostgresDrafts]:
    """Drafts in this database."""
    await migrate(url)
    async with connect(url) as database:
        yield PostgresDrafts(database)


@asynccontextmanager
async def urn(url: str, chance: Chance | None = None) -> AsyncIterator[PostgresUrn]:
    """An urn in this database."""
    await migrate(url)
    async with connect(url) as database:
        yield PostgresUrn(database, chance or SeededChance(1))
