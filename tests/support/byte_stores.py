"""The parameters of a fixture that opens a store of bytes in each of its places, in turn."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from shared.adapters.mongo import Database
from tests.support.mongo import Connect, by_motor, by_pymongo, migrated
from tests.support.opened import Opening, opened
from tests.support.servers import REAL

Store = TypeVar("Store")


def in_each_place(
    memory: Callable[[], Store], folder: Callable[[Path], Store], mongo: Callable[[Database], Store]
) -> Sequence[object]:
    """In memory, in a folder, and in a document server by both drivers; each is called anew."""
    openings: dict[str, Opening[Store]] = {
        "memory": lambda _: opened(memory()),
        "folder": lambda request: opened(folder(request.getfixturevalue("tmp_path"))),
    }
    served: dict[str, Opening[Store]] = {
        "mongo": _served(mongo, by_motor),
        "mongo by pymongo": _served(mongo, by_pymongo),
    }
    return [
        *(pytest.param(opening, id=name) for name, opening in openings.items()),
        *(pytest.param(opening, id=name, marks=REAL) for name, opening in served.items()),
    ]


def _served(make: Callable[[Database], Store], connect: Connect) -> Opening[Store]:
    @asynccontextmanager
    async def opening(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
        async with migrated(connect, request.getfixturevalue("fresh_mongo")) as database:
            yield make(database)

    return opening
