"""The lives of a system: it is started on its data directory, killed, and started again."""

import asyncio
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.faults.kill.births import NONE, Being, Nursery, by_command

READY_S_MAX = 60
ENDED_S_MAX = 30

STARTING = "while it starts"
WORKING = "at work, at any moment"


@dataclass(frozen=True, slots=True)
class Death:
    """How a life ends: by its fuse at the `count`th such moment, or from outside after a time.

    The time runs from the birth of the process where it is to die while it starts, and else from
    the moment when it was ready.
    """

    moment: str
    after_s: float
    count: int = 1


class Lives:
    """One system, which its callers reach while `up` is set."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data.with_suffix(".log")
        self.up = asyncio.Event()
        self.url = ""
        self.start_s = 0.5
        self.kills: Counter[str] = Counter()
        self._nursery = Nursery(self.log)
        self._being: Being | None = None

    def at(self, path: str) -> str:
        """Where a path is answered."""
        return self.url + path.lstrip("/")

    async def live(self, death: Death, plant: str = NONE) -> None:
        """Be born of the nursery, and come to that end."""
        self._being = await self._nursery.bear(self.data, plant, death.moment, death.count)
        begun = asyncio.get_running_loop().time()
        if death.moment != STARTING:
            await self._be_ready()
            self.start_s = asyncio.get_running_loop().time() - begun
        await self._end(death)

    async def start(self) -> None:
        """Start it as anybody does, for as long as it is wanted."""
        self._being = await by_command(self.data, self.log)
        await self._be_ready()

    async def start_warm(self) -> None:
        """The same, of the nursery and thus quicker."""
        self._being = await self._nursery.bear(self.data, NONE, NONE, 0)
        await self._be_ready()

    async def kill(self) -> None:
        """End what was started, by SIGKILL."""
        await self._end(Death(WORKING, after_s=0))

    async def stop(self) -> None:
        """Ask what was started to stop; it has to end well."""
        assert self._being is not None, "it was started"
        self.up.clear()
        self._being.send(signal.SIGTERM)
        status = await asyncio.wait_for(self._being.ended(), ENDED_S_MAX)
        self._being = None
        assert status == 0, f"it ended with {status}"

    async def clean_up(self) -> None:
        """Leave no process behind, whatever happened."""
        if self._being is not None:
            self._being.send(signal.SIGKILL)
            await asyncio.wait_for(self._being.ended(), ENDED_S_MAX)
        await self._nursery.close()

    async def _be_ready(self) -> None:
        assert self._being is not None, "it was born"
        said = ""
        while "is ready" not in said:
            said = await asyncio.wait_for(self._being.line(), READY_S_MAX)
            if not said:
                self._being = None
                raise AssertionError(f"it did not come up: {self.log.read_text('utf-8')[-4000:]}")
        [self.url] = [word for word in said.split() if word.startswith("http://")]
        self.up.set()

    async def _end(self, death: Death) -> None:
        assert self._being is not None, "it was born"
        ending = asyncio.ensure_future(self._being.ended())
        await asyncio.wait([ending], timeout=death.after_s)
        burnt = ending.done()
        self.up.clear()
        if not burnt:
            self._being.send(signal.SIGKILL)
        status = await asyncio.wait_for(ending, ENDED_S_MAX)
        self._being = None
        assert status == -signal.SIGKILL, f"it ended with {status}"
        from_outside = not burnt and death.moment != STARTING
        self.kills[WORKING if from_outside else death.moment] += 1
