"""The urn of two suites, in memory and in SQLite."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shared.ports import Urn
from tests.support import urns
from tests.support.opened import opened


@pytest.fixture(params=[urns.in_memory, urns.in_sqlite], ids=["memory", "sqlite"])
async def urn(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Urn]:
    make: Callable[[Path], Urn] = request.param
    async with opened(make(tmp_path)) as urn:
        yield urn
