"""An event loop in which a seed decides what runs next, and time passes by the step.

Nothing of it is real: no clock, no thread, no socket. Whatever is ready may run, in any order, so
that tasks meet in more ways than a first-in-first-out loop would ever show; and the same seed
gives the same run, step by step.
"""

import asyncio
import heapq
from asyncio import events
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import Context
from itertools import count
from random import Random  # noqa: TID251 - seeded: the same seed gives the same run
from typing import Any, TypeVar, TypeVarTuple, cast

STEP_S = 0.000_2
STEPS_MAX = 1_000_000

Result = TypeVar("Result")
Args = TypeVarTuple("Args")


class Endless(Exception):
    """A run that takes more steps than any run should."""


class SeededLoop(asyncio.AbstractEventLoop):
    """As much of an event loop as coroutines, tasks, locks and sleeping need."""

    def __init__(self, chance: Random) -> None:
        self.steps = 0
        self._random = chance.random
        self._ready: list[asyncio.Handle] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()
        self._now = 0.0  # Seconds, as asyncio has them; no points are counted with it.
        self._running = False

    def run_until_complete(
        self, future: Generator[Any, None, Result] | Awaitable[Result]
    ) -> Result:
        """Run until the future, or the coroutine, is done."""
        task = asyncio.ensure_future(cast("Awaitable[Result]", future), loop=self)
        before = events._get_running_loop()  # noqa: SLF001 - what every loop has to say of itself
        events._set_running_loop(self)  # noqa: SLF001 - the same
        self._running = True
        try:
            while not task.done():
                self._step()
        finally:
            self._running = False
            events._set_running_loop(before)  # noqa: SLF001 - the same
        return task.result()

    def _step(self) -> None:
        ready, timers = self._ready, self._timers
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise Endless(f"more than {STEPS_MAX} steps")
        self._now += STEP_S
        if not ready:
            assert timers, "everybody waits for somebody else"
            self._now = max(self._now, timers[0][0])
        while timers and timers[0][0] <= self._now:
            ready.append(heapq.heappop(timers)[2])
        place = int(self._random() * len(ready))
        ready[place], ready[-1] = ready[-1], ready[place]
        handle = ready.pop()
        if not handle.cancelled():
            handle._run()  # noqa: SLF001 - a handle is run by its loop

    def time(self) -> float:
        """Seconds since the beginning of the run."""
        return self._now

    def call_soon(
        self,
        callback: Callable[[*Args], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Make it ready."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Args], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Make it ready after a while."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Args], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Make it ready at a time."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), handle))
        return handle

    def create_future(self) -> "asyncio.Future[Any]":
        """A future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(
        self,
        coro: Coroutine[Any, Any, Result] | Generator[Any, None, Result],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> "asyncio.Task[Result]":
        """A task of this loop."""
        return asyncio.Task(coro, loop=self, name=name, context=context)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """A task that nobody waits for has died; that is what the simulation is about."""

    def get_debug(self) -> bool:
        """Without asyncio's own checks, which cost more than the run."""
        return False

    def is_running(self) -> bool:
        """Whether it runs."""
        return self._running

    def is_closed(self) -> bool:
        """Never: there is nothing to close."""
        return False

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A cancelled timer is passed over when its time comes."""
