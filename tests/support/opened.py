"""Adapters that are closed at the end of a test, if they are of the kind that can be closed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar, runtime_checkable

Adapter = TypeVar("Adapter")


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
