"""Threads for libraries that block: a named, bounded number of them, and an end."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from shared.kernel.errors import Unavailable

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


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


class PatientThreads:
    """Threads that wait for a server, for callers who wait no longer than `timeout_s`.

    Work that is given up goes on to its end in its thread, and what it came to is only logged.
    While every thread is at such work a call fails at once, as it does where `waiting_max` others
    wait for a thread already.
    """

    def __init__(self, name: str, count: int, *, timeout_s: float, waiting_max: int) -> None:
        self._executor = ThreadPoolExecutor(max_workers=count, thread_name_prefix=name)
        self._free = asyncio.Semaphore(count)
        self._count = count
        self._timeout_s = timeout_s
        self._waiting_max = waiting_max
        self._waiting = 0
        self._running: set[asyncio.Future[Any]] = set()
        self._given_up: set[asyncio.Future[Any]] = set()
        self._closed = False

    async def run(self, work: Callable[[], Result]) -> Result:
        """The work's result; raises `Unavailable("database-unavailable")` if it is not there."""
        self._check_room()
        running: asyncio.Future[Result] | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                running = await self._begin(work)
                return await asyncio.shield(running)
        except TimeoutError as error:
            if running is not None and not running.done():
                self._given_up.add(running)
            raise Unavailable("database-unavailable") from error

    async def close(self) -> None:
        """Take no more work, and wait for what was begun, for as long as a call may take.

        A thread that a paused server holds even then keeps its process from ending by itself.
        """
        self._closed = True
        if self._running:
            await asyncio.wait(self._running, timeout=self._timeout_s)
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _check_room(self) -> None:
        stuck = len(self._given_up) >= self._count
        if self._closed or stuck or self._waiting >= self._waiting_max:
            raise Unavailable("database-unavailable")

    async def _begin(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        if self._closed:
            self._free.release()
            raise Unavailable("database-unavailable")
        running = asyncio.get_running_loop().run_in_executor(self._executor, work)
        self._running.add(running)
        running.add_done_callback(self._end)
        return running

    def _end(self, ended: asyncio.Future[Any]) -> None:
        self._free.release()
        self._running.discard(ended)
        # `shield` no longer listens to what its caller gave up: asyncio would miss a reader here.
        error = None if ended.cancelled() else ended.exception()
        if ended in self._given_up:
            self._given_up.discard(ended)
            _log.info("work that was given up has ended: %s", error or "it was done")
