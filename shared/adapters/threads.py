"""Threads for libraries that block: a named, bounded number of them, and an end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from shared.kernel.errors import Unavailable

Result = TypeVar("Result")


class Threads:
    """Runs blocking work; with one thread, in the order in which it was asked for.

    Work that has begun goes on to its end, even where the task that asked for it is cancelled.
    """

    def __init__(self, name: str, count: int) -> None:
        self._executor = ThreadPoolExecutor(max_workers=count, thread_name_prefix=name)
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether no more work is taken."""
        return self._closed

    async def run(self, work: Callable[[], Result]) -> Result:
        """The work's result; raises `Unavailable("database-unavailable")` once closed."""
        if self._closed:
            raise Unavailable("database-unavailable")
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def close(self) -> None:
        """Finish what was asked for, and take no more."""
        self._closed = True
        await asyncio.to_thread(self._executor.shutdown, wait=True)
