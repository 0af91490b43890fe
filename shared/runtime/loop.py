"""Loops that never end: a step is repeated while it finds work, and after a failure, with a pause.

What a step left half done it does again; nothing that it relies on lives in memory alone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

IDLE_S = 0.05
PAUSE_S_MIN = 0.1
PAUSE_S_MAX = 5.0

_log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Loop:
    """A step by its name; it returns how much it did, and 0 where there was nothing to do.

    After a step that returns 0 it rests `idle_s`, or `rests` times as long as the step took, if
    that is more: so a step that costs much leaves time to whoever shares the event loop.
    """

    name: str
    step: Step
    idle_s: float = IDLE_S
    rests: int = 0


async def keep_running(loop: Loop) -> None:
    """Run a loop until it is cancelled; a failed step is logged and tried again later."""
    pause_s, time_s = PAUSE_S_MIN, asyncio.get_running_loop().time
    while True:
        began_s = time_s()
        try:
            done = await loop.step()
        except Exception:  # noqa: BLE001 - a loop outlives whatever a step meets, and says so
            _log.exception("%s failed; it is tried again in %.1f s", loop.name, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)
            continue
        pause_s = PAUSE_S_MIN
        if not done:
            await asyncio.sleep(max(loop.idle_s, loop.rests * (time_s() - began_s)))


async def keep_all_running(loops: Iterable[Loop]) -> None:
    """Run loops side by side until cancelled."""
    async with asyncio.TaskGroup() as group:
        for loop in loops:
            group.create_task(keep_running(loop), name=loop.name)
