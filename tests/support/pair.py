"""Two processes with the same loop under a lease, in quick time."""

import asyncio
from collections.abc import Callable, Sequence

from shared.kernel.errors import Unavailable
from shared.runtime.alone import FAILING_S_MAX, alone
from shared.runtime.health import Health, Lag
from shared.runtime.loop import PAUSE_S_MAX, Loop, keep_running
from shared.runtime.pulse import Progress
from shared.runtime.service import LOOK_S
from tests.support import quick_time

NAME = "survey.relay"
AWAY = Unavailable("topic-unavailable")
FIRST, SECOND = "first", "second"
TAKEOVER_S = FAILING_S_MAX + PAUSE_S_MAX + LOOK_S
"""So long after the first failure another has the turn."""


class Server:
    """Who has which lease, by name."""

    def __init__(self) -> None:
        self.holders: dict[str, str] = {}


class Shared:
    """The leases of one of several processes."""

    def __init__(self, server: Server, process: str) -> None:
        self._server = server
        self._process = process

    async def hold(self, name: str) -> bool:
        """Whether this process has it now."""
        return self._server.holders.setdefault(name, self._process) == self._process

    async def release(self, name: str) -> None:
        """Let go of it."""
        if self._server.holders.get(name) == self._process:
            del self._server.holders[name]


class Pair:
    """Two processes with the same loop; each step fails in those that are cut off, in its time."""

    def __init__(
        self,
        *cut_off: str,
        error: Exception = AWAY,
        fails_s: float = 0.0,
        left: int | None = 3,
    ) -> None:
        self.cut_off = set(cut_off)
        self.left = left
        self.server = Server()
        self.steps: list[str] = []
        self._error = error
        self._fails_s = fails_s
        self.loops = {name: self._loop(name) for name in (FIRST, SECOND)}
        self.health = {name: Health([loop]) for name, loop in self.loops.items()}

    def _loop(self, process: str) -> Loop:
        async def step() -> int:
            self.steps.append(process)
            if process in self.cut_off:
                await asyncio.sleep(self._fails_s)
                raise self._error.with_traceback(None)
            return 0

        async def progress() -> Progress:
            return Progress(0, self.left or 0)

        leases = Shared(self.server, process)
        look = None if self.left is None else progress
        return alone(leases, Loop(NAME, step, idle_s=LOOK_S, progress=look))

    async def lag(self, process: str) -> Lag:
        """What a process tells."""
        [told] = await self.health[process].lags()
        return told

    def turns(self) -> Sequence[str]:
        """Who stepped, each as often as it came to it anew."""
        before = ["", *self.steps]
        return [step for last, step in zip(before, self.steps, strict=False) if step != last]


def run(pair: Pair, *moments: tuple[float, Callable[[], object]]) -> None:
    """Let both processes turn, the first one first; after so many seconds each, do something."""

    async def main() -> None:
        turning = [asyncio.create_task(keep_running(loop)) for loop in pair.loops.values()]
        for seconds, act in moments:
            await asyncio.sleep(seconds)
            done = act()
            if asyncio.iscoroutine(done):
                await done
        for task in turning:
            task.cancel()
        await asyncio.wait(turning)

    quick_time.run(main())
