"""Adapters that are closed at the end of a test, if they are of the kind that can be closed."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol, TypeVar, runtime_checkable

import pytest

from tests.support.servers import REAL

Adapter = TypeVar("Adapter")
Opening = Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[Adapter]]


def in_each(
    memory: Opening[Adapter], sqlite: Opening[Adapter], postgres: Opening[Adapter]
) -> Sequence[object]:
    """The parameters of a fixture that opens the adapters of one port in turn."""
    return (
        pytest.param(memory, id="memory"),
        pytest.param(sqlite, id="sqlite"),
        pytest.param(postgres, id="postgres", marks=REAL),
    )


@runtime_checkable
class Closable(Protocol):
    """What holds files or threads."""

    async def close(self) -> None:
        """Let go of them."""


@asynccontextmanager
async def opened(adapter: Adapter) -> AsyncIterator[Adapter]:
    """The adapter, for as long as the context lasts."""
    try:
        yield adapter
    finally:
        if isinstance(adapter, Closable):
            await adapter.close()
