"""Steps of a loop that do as they are told, and the loop that takes them, in quick time."""

import asyncio
from collections.abc import Sequence

from shared.runtime.loop import Loop, keep_all_running
from tests.support import quick_time


class Steps:
    """A step that does as it is told, remembers when, and then hangs."""

    def __init__(self, *done: int | Exception) -> None:
        self._done = list(done)
        self.times: list[float] = []
        self.cancelled = False

    async def step(self) -> int:
        """Work, or raise."""
        self.times.append(asyncio.get_running_loop().time())
        if not self._done:
            await self._hang()
        done = self._done.pop(0)
        if isinstance(done, Exception):
            raise done
        return done

    async def _hang(self) -> None:
        try:
            await asyncio.sleep(1_000_000)
        finally:
            self.cancelled = True

    @property
    def pauses(self) -> Sequence[float]:
        """The seconds between one step and the next."""
        return [after - before for before, after in zip(self.times, self.times[1:], strict=False)]


def run(*loops: Loop, seconds: float = 1_000) -> None:
    """Let the loops run for a while, and cancel them."""

    async def main() -> None:
        running = asyncio.create_task(keep_all_running(loops))
        await asyncio.sleep(seconds)
        assert not running.done(), "a loop never ends"
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()

    quick_time.run(main())
