"""The urn of two suites, in memory, in SQLite and in PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from shared.ports import Urn
from tests.support import postgres, urns
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
