"""Loops over what waits, run in quick time, and what those who watch them say."""

import asyncio

from shared.kernel.errors import Unavailable
from shared.runtime.health import Health, Lag
from shared.runtime.loop import Loop, keep_all_running
from shared.runtime.pulse import Progress
from tests.support import quick_time

AWAY = Unavailable("topic-unavailable")


class Source:
    """Facts that wait, and a step that deals with some of them each time, or raises."""

    def __init__(self, waiting: int, done: int = 0, failure: Exception | None = None) -> None:
        self.waiting = waiting
        self.reached = 0
        self.done = done
        self.failure = failure

    async def step(self) -> int:
        """Deal with some."""
        if self.failure is not None:
            raise self.failure.with_traceback(None)
        done = min(self.done, self.waiting)
        self.waiting -= done
        self.reached += done
        return done

    async def progress(self) -> Progress:
        """How many wait."""
        return Progress(self.reached, self.reached + self.waiting)

    def loop(self) -> Loop:
        """The loop over it."""
        return Loop("test", self.step, progress=self.progress)


async def hang() -> int:
    """A step that never ends."""
    await asyncio.sleep(1_000_000)
    return 0


async def unknown() -> Progress:
    """A source that cannot be asked."""
    raise AWAY


def stuck_after(loop: Loop, seconds: float) -> bool:
    """Whether a process with this loop is stuck after a while."""

    async def main() -> bool:
        watch = Health([loop])
        tasks = [asyncio.create_task(each) for each in (keep_all_running([loop]), watch.watch())]
        await asyncio.sleep(seconds)
        stuck = watch.stuck()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert stuck in ([], ["test"])
        return bool(stuck)

    return quick_time.run(main())


def lag_after(loop: Loop, seconds: float) -> Lag:
    """Where this loop stands after it ran for a while."""

    async def main() -> Lag:
        watch = Health([loop])
        running = asyncio.create_task(keep_all_running([loop]))
        await asyncio.sleep(seconds)
        [lag] = await watch.lags()
        running.cancel()
        await asyncio.wait([running])
        return lag

    return quick_time.run(main())


def watched(loop: Loop, seconds: float) -> Lag:
    """Where a loop stands that was watched for a while."""

    async def main() -> Lag:
        watch = Health([loop])
        tasks = [asyncio.create_task(each) for each in (keep_all_running([loop]), watch.watch())]
        await asyncio.sleep(seconds)
        [lag] = await watch.lags()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        return lag

    return quick_time.run(main())
