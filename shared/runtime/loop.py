"""Loops that never end: a step is repeated while it finds work, and after a failure, with a pause.

What a step left half done it does again; nothing that it relies on lives in memory alone. Each loop
has a pulse, from which others see whether it turns, and whether it gets anywhere.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from shared.kernel.errors import Conflict, is_away
from shared.runtime.pulse import Progress, Pulse

IDLE_S = 0.05
PAUSE_S_MIN = 0.1
PAUSE_S_MAX = 5.0
END_POLL_S = 0.05
END_S_MAX = 5.0
"""How long a loop may take at most to let go of what it holds."""

_log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[int | None]]
Rest = Callable[[float], Awaitable[object]]
End = Callable[[], Awaitable[None]]
Look = Callable[[], Awaitable[Progress]]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Loop:
    """A step by its name; it returns how much it did, 0 where there was nothing to do.

    It returns None where it was not its turn, which says nothing of the work. Unless it did
    something, the loop rests `idle_s`, or `rests` times as long as the step took, if that is more:
    so a step that costs much leaves time to whoever shares the event loop. `rest` may end sooner,
    where it hears that there is something new. `progress` tells how far the loop has come,
    whichever process turned it, if that can be told, and `stands_by` whether it is left to another
    one now; `stands_aside` says that this is because it failed here, whoever takes it or nobody.
    `end` lets go of what the steps hold; it is called when the loop ends, however that comes.
    """

    name: str
    step: Step
    idle_s: float = IDLE_S
    rests: int = 0
    rest: Rest = asyncio.sleep
    progress: Look | None = None
    stands_by: Callable[[], bool] = lambda: False
    stands_aside: Callable[[], bool] = lambda: False
    end: End | None = None
    pulse: Pulse = field(default_factory=Pulse, compare=False)


async def keep_running(loop: Loop, over: asyncio.Event | None = None) -> None:
    """Run a loop until it is cancelled, or until the end of the step in which `over` is set.

    A failed step is logged and tried again later. So is one that met the cancellation of something
    else: nobody would miss a loop that it had ended.
    """
    loop.pulse.is_over = False
    try:
        await _keep_turning(loop, over)
    finally:
        loop.pulse.is_over = True
        await _let_go(loop)


async def _keep_turning(loop: Loop, over: asyncio.Event | None) -> None:
    pause_s = PAUSE_S_MIN
    while over is None or not over.is_set():
        try:
            rest_s = await _turn(loop)
            if rest_s is not None:
                await _own(loop.rest(rest_s))
        except Exception as error:  # noqa: BLE001 - a loop outlives whatever a step meets
            _tell(loop, error, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)
        else:
            pause_s = PAUSE_S_MIN


async def _let_go(loop: Loop) -> None:
    """Call the loop's end, which holds up nobody for long, and whose failure changes nothing."""
    if loop.end is None:
        return
    try:
        async with asyncio.timeout(END_S_MAX):
            await loop.end()
    except Exception as error:  # noqa: BLE001 - the loop has ended, whatever it met
        _log.warning("%s did not end well: %r", loop.name, error)


async def _turn(loop: Loop) -> float | None:
    """One step; how long to rest after it, or None where it did something."""
    pulse, time_s = loop.pulse, asyncio.get_running_loop().time
    began_s = pulse.begun_s = time_s()
    try:
        done = await _own(loop.step())
    except Exception as error:
        pulse.failed(error, began_s, time_s())
        raise
    finally:
        pulse.begun_s = None
    pulse.went_well(done, began_s, time_s())
    if done is not None and loop.progress is None:
        pulse.got_on()
    return None if done else max(loop.idle_s, loop.rests * (time_s() - began_s))


async def _own(work: Awaitable[Result]) -> Result:
    """What a step or a rest comes to; only the loop's own cancellation cancels it.

    Another one, of something that was waited for, is a failure like others.
    """
    try:
        return await work
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RuntimeError("what was waited for was cancelled") from error


def _tell(loop: Loop, error: Exception, pause_s: float) -> None:
    """Say what failed.

    A server that is away is no surprise, nor is one who was faster: no trace fills the log.
    """
    again = "%s failed; it is tried again in %.1f s"
    if is_away(error) or isinstance(error, Conflict):
        _log.warning(f"{again}: %s (%r)", loop.name, pause_s, error, error.__cause__)
    else:
        _log.error(again, loop.name, pause_s, exc_info=error)


async def keep_all_running(loops: Iterable[Loop]) -> None:
    """Run loops side by side until cancelled."""
    async with asyncio.TaskGroup() as group:
        for loop in loops:
            group.create_task(keep_running(loop), name=loop.name)


async def keep_all_running_until(over: asyncio.Event, loops: Iterable[Loop], end_s: float) -> None:
    """Run loops side by side until it is over, and let each come to the end of its step.

    A step that takes longer than `end_s` from then on is cancelled; each loop then lets go of what
    it holds.
    """
    async with asyncio.TaskGroup() as group:
        tasks = {
            group.create_task(keep_running(loop, over), name=loop.name): loop for loop in loops
        }
        await over.wait()
        await _end(tasks, end_s)


async def _end(tasks: Mapping[asyncio.Task[None], Loop], end_s: float) -> None:
    """Cancel what rests at once, and what is in the midst of a step when the time is up.

    Each is cancelled once, so that nothing interrupts it while it cleans up.
    """
    time_s = asyncio.get_running_loop().time
    deadline_s = time_s() + end_s
    turning = dict(tasks)
    while pending := [task for task in tasks if not task.done()]:
        is_late = time_s() >= deadline_s
        for task, loop in list(turning.items()):
            if loop.pulse.is_over or is_late or loop.pulse.begun_s is None:
                del turning[task]
                if not loop.pulse.is_over:
                    task.cancel()
        await asyncio.wait(pending, timeout=END_POLL_S)
