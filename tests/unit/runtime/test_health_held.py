"""Health of who is held, rests long, or cannot be asked: none of that is a reason to restart."""

import asyncio

import pytest

from shared.kernel.errors import Conflict
from shared.runtime.health import LOOK_EVERY_S, STEP_S_MAX, STILL_S_MAX, Health
from shared.runtime.loop import Loop, keep_running
from shared.runtime.pulse import Progress
from tests.support import quick_time
from tests.support.watched_loop import AWAY, Source, stuck_after, watched

HELD = "log-unreadable"
LONG_S = 10 * STILL_S_MAX


def ever_stuck(loop: Loop, seconds: int) -> bool:
    """Whether it is stuck at any second of so many."""

    async def main() -> bool:
        watch, found = Health([loop]), False
        tasks = [asyncio.create_task(each) for each in (keep_running(loop), watch.watch())]
        for _ in range(seconds):
            await asyncio.sleep(1)
            found = found or bool(watch.stuck())
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        return found

    return quick_time.run(main())


class Held:
    """A source of which a part is held until a moment; steps fail at some of their times."""

    def __init__(self, until_s: float, fails: dict[int, Exception]) -> None:
        self._until_s = until_s
        self._fails = fails
        self._steps = 0

    async def step(self) -> int:
        """Nothing to be done."""
        self._steps += 1
        if failure := self._fails.get(self._steps):
            raise failure
        return 0

    async def progress(self) -> Progress:
        """Four facts wait."""
        return Progress(5, 9, HELD if asyncio.get_running_loop().time() < self._until_s else "")

    def loop(self) -> Loop:
        """The loop over it."""
        return Loop("test", self.step, idle_s=1, progress=self.progress)


def test_who_is_held_is_not_stuck_and_says_by_what_and_for_how_long() -> None:
    assert not stuck_after(Held(2 * LONG_S, {}).loop(), LONG_S)

    lag = watched(Held(2 * LONG_S, {}).loop(), LONG_S)
    assert (lag.facts, lag.failure) == (4, HELD)
    assert lag.failing_s > LONG_S - 2 * LOOK_EVERY_S


def test_who_is_held_forgets_what_it_failed_with_once() -> None:
    lag = watched(Held(2 * LONG_S, {3: AWAY}).loop(), LONG_S)
    assert (lag.facts, lag.failure) == (4, HELD)

    assert not ever_stuck(Held(2 * LONG_S, {3: Conflict("busy"), 99: Conflict("busy")}).loop(), 200)


def test_who_was_held_and_gets_nowhere_afterwards_is_stuck() -> None:
    assert not stuck_after(Held(STILL_S_MAX, {}).loop(), STILL_S_MAX)
    assert stuck_after(Held(STILL_S_MAX, {}).loop(), 2 * STILL_S_MAX + 2 * LOOK_EVERY_S)
    assert watched(Held(STILL_S_MAX, {}).loop(), LONG_S).failure == ""


@pytest.mark.parametrize("step_s", [5.0, 14.0, 20.0, 30.0])
def test_who_rests_long_after_long_steps_is_not_stuck(step_s: float) -> None:
    """A fact comes every second; a step that has shown what there was says 0, to rest."""
    reached = 0

    def end() -> int:
        return int(asyncio.get_running_loop().time()) + 1

    async def step() -> int:
        nonlocal reached
        read = end()
        await asyncio.sleep(step_s)
        reached = read
        return 0

    async def progress() -> Progress:
        return Progress(reached, end())

    assert not ever_stuck(Loop("test", step, rests=4, progress=progress), 900)


def test_who_is_in_the_midst_of_a_long_step_is_not_stuck() -> None:
    source = Source(0)

    async def step() -> int:
        if source.waiting:
            await asyncio.sleep(STEP_S_MAX / 2)
            source.waiting, source.reached = source.waiting - 1, source.reached + 1
        elif asyncio.get_running_loop().time() > STILL_S_MAX:
            source.waiting = 1
        return 0

    assert not ever_stuck(Loop("test", step, progress=source.progress), 900)


def test_who_cannot_be_asked_any_more_is_not_stuck() -> None:
    """What was last seen waiting may have been dealt with since."""

    async def step() -> int:
        return 0

    async def progress() -> Progress:
        if asyncio.get_running_loop().time() > LOOK_EVERY_S / 2:
            raise AWAY
        return Progress(0, 1)

    assert not ever_stuck(Loop("test", step, progress=progress), 300)


def test_an_older_look_is_not_taken_for_news() -> None:
    """Two look side by side; what the first one asked for comes last."""
    asked = 0

    async def progress() -> Progress:
        nonlocal asked
        asked += 1
        now = Progress(asked, asked + 20)
        await asyncio.sleep(3 if asked == 2 else 0)
        return now

    async def main() -> list[float | None]:
        watch = Health([Loop("test", Source(0).step, progress=progress)])
        await watch.lags()
        await asyncio.sleep(20)
        found = await asyncio.gather(watch.lags(), watch.lags())
        return [lag.seconds for [lag] in found]

    assert all(seconds is not None and seconds >= 20 for seconds in quick_time.run(main()))
