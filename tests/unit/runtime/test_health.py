"""Health: a process is stuck if it hangs or gets nowhere, and never because a server is away."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import pytest

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Message
from shared.runtime.health import LOOK_EVERY_S, STEP_S_MAX, STILL_S_MAX, Health, Lag
from shared.runtime.loop import PAUSE_S_MAX, Loop, keep_all_running
from shared.runtime.receive import Inbox
from shared.runtime.service import Receiver
from tests.support import quick_time
from tests.support.claims import stored

AWAY = Unavailable("topic-unavailable")
LOST = Unavailable("topic-truncated", topic="facts", partition="0", position="7")

Step = Callable[[], Awaitable[int]]


class Source:
    """Facts that wait, and a step that deals with some of them each time, or raises."""

    def __init__(self, waiting: int, done: int = 0, failure: Exception | None = None) -> None:
        self.waiting = waiting
        self.done = done
        self.failure = failure

    async def step(self) -> int:
        """Deal with some."""
        if self.failure is not None:
            raise self.failure
        self.waiting -= min(self.done, self.waiting)
        return min(self.done, self.waiting)

    async def lag(self) -> int:
        """How many wait."""
        return self.waiting

    def loop(self) -> Loop:
        """The loop over it."""
        return Loop("test", self.step, lag=self.lag)


class Broken(MemoryEventStore):
    """A store with a mistake."""

    async def append(self, *_: object, **__: object) -> None:
        """Fail."""
        raise ValueError("a mistake")


async def hang() -> int:
    """A step that never ends."""
    await asyncio.sleep(1_000_000)
    return 0


async def unknown() -> int:
    """A source that cannot be asked."""
    raise AWAY


def stuck_after(loop: Loop, seconds: float) -> bool:
    """Whether a process with this loop is stuck after a while."""

    async def main() -> bool:
        health = Health([loop])
        tasks = [asyncio.create_task(each) for each in (keep_all_running([loop]), health.watch())]
        await asyncio.sleep(seconds)
        stuck = health.stuck()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert stuck in ([], ["test"])
        return bool(stuck)

    return quick_time.run(main())


def lag_after(loop: Loop, seconds: float) -> Lag:
    """Where this loop stands after it ran for a while."""

    async def main() -> Lag:
        health = Health([loop])
        running = asyncio.create_task(keep_all_running([loop]))
        await asyncio.sleep(seconds)
        [lag] = await health.lags()
        running.cancel()
        await asyncio.wait([running])
        return lag

    return quick_time.run(main())


@pytest.mark.parametrize("seconds", [STILL_S_MAX / 2, 10 * STILL_S_MAX])
def test_who_has_nothing_to_do_is_not_stuck(seconds: float) -> None:
    assert not stuck_after(Source(0).loop(), seconds)


def test_who_gets_nowhere_while_facts_wait_is_stuck_after_a_while() -> None:
    assert not stuck_after(Source(5).loop(), STILL_S_MAX / 2)
    assert stuck_after(Source(5).loop(), STILL_S_MAX + 2 * LOOK_EVERY_S)


def test_who_fails_for_a_reason_of_its_own_while_facts_wait_is_stuck() -> None:
    failing = Source(5, failure=ValueError("a mistake"))

    assert stuck_after(failing.loop(), STILL_S_MAX + 2 * LOOK_EVERY_S)


@pytest.mark.parametrize("error", [ValueError("a mistake"), Conflict("busy"), LOST])
def test_who_cannot_tell_what_waits_and_fails_for_a_reason_of_its_own_is_stuck(
    error: Exception,
) -> None:
    """So it is with a receiver, which leaves the topic after every failure."""
    failing = Loop("test", Source(5, failure=error).step, lag=unknown)

    assert not stuck_after(failing, STILL_S_MAX / 2)
    assert stuck_after(failing, STILL_S_MAX + PAUSE_S_MAX)


def test_a_receiver_whose_store_fails_for_a_reason_of_its_own_is_stuck() -> None:
    topic = MemoryStream(MemoryClock())
    receiver = Receiver(topic, "ranking", Inbox(Broken(), lambda _: True))

    async def step() -> int:
        if not told:
            told.append(stored(1, "1"))
            await topic.publish([Message("2021", told[0].body)])
        return await receiver.step()

    told: list[Stored] = []
    loop = Loop("test", step, lag=receiver.lag, end=receiver.close)

    assert stuck_after(loop, STILL_S_MAX + PAUSE_S_MAX)


def test_who_fails_and_has_nothing_left_to_do_is_not_stuck() -> None:
    failing = Source(0, failure=ValueError("a mistake"))

    assert not stuck_after(failing.loop(), 10 * STILL_S_MAX)


def test_who_meets_a_server_that_is_away_now_and_then_does_not_fail_by_itself() -> None:
    failures = itertools.cycle([ValueError("a mistake"), AWAY])

    async def step() -> int:
        raise next(failures)

    loop = Loop("test", step, lag=unknown)

    assert not stuck_after(loop, 10 * STILL_S_MAX)
    assert not stuck_after(loop, 10 * STILL_S_MAX + PAUSE_S_MAX)


def test_nobody_is_stuck_because_a_server_is_away() -> None:
    assert not stuck_after(Source(5, failure=AWAY).loop(), 10 * STILL_S_MAX)


def test_who_works_on_a_long_backlog_is_not_stuck() -> None:
    async def slowly() -> int:
        await asyncio.sleep(1)
        return await source.step()

    source = Source(10_000, done=1)

    assert not stuck_after(Loop("test", slowly, lag=source.lag), 10 * STILL_S_MAX)


@pytest.mark.parametrize("lag", [None, unknown])
def test_a_step_that_does_not_end_is_stuck_whatever_waits(
    lag: Callable[[], Awaitable[int]] | None,
) -> None:
    assert not stuck_after(Loop("test", hang, lag=lag), STEP_S_MAX / 2)
    assert stuck_after(Loop("test", hang, lag=lag), STEP_S_MAX + 1)


def test_who_has_less_left_now_and_then_gets_on_although_it_says_nothing() -> None:
    source = Source(5)

    async def quietly() -> int:
        source.waiting = 3 + (source.waiting + 1) % 3
        await asyncio.sleep(1)
        return 0

    assert not stuck_after(Loop("test", quietly, lag=source.lag), 10 * STILL_S_MAX)


def test_whoever_watches_outlives_what_a_lag_meets(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> int | None:
        lags = iter((ValueError("a mistake"), 7))

        async def lag() -> int:
            found = next(lags)
            if isinstance(found, int):
                return found
            raise found

        health = Health([Loop("test", hang, lag=lag)])
        watching = asyncio.create_task(health.watch())
        await asyncio.sleep(LOOK_EVERY_S / 2)
        [seen] = await health.lags()
        watching.cancel()
        return seen.facts

    assert quick_time.run(main()) == 7
    assert "test cannot tell its lag" in caplog.text


def test_a_loop_that_always_fails_says_for_how_long() -> None:
    seen = lag_after(Loop("test", Source(0, failure=ValueError("a mistake")).step), 100)

    assert seen.failure == "ValueError"
    assert seen.failing_s >= 90


def test_lag_is_told_in_facts_and_in_seconds_since_nothing_was_left() -> None:
    async def main() -> list[tuple[int | None, float | None]]:
        source = Source(0)
        health, seen = Health([source.loop()]), []
        for waiting in (0, 3, 4, 0):
            source.waiting = waiting
            [lag] = await health.lags()
            seen.append((lag.facts, lag.seconds))
            await asyncio.sleep(10)
        return seen

    assert quick_time.run(main()) == [(0, 0.0), (3, 0.0), (4, 10.0), (0, 0.0)]


def test_a_lag_that_cannot_be_told_is_unknown() -> None:
    async def main() -> list[tuple[object, object]]:
        health = Health([Loop("test", hang, lag=unknown), Loop("without", hang)])
        bodies = [lag.body for lag in await health.lags()]
        return [(body["lag_facts"], body["lag_s"]) for body in bodies]

    assert quick_time.run(main()) == [(None, None)] * 2


@pytest.mark.parametrize(("waiting", "told"), [(0, None), (3, 3)])
def test_who_fails_is_behind_for_as_long_as_it_fails(waiting: int, told: int | None) -> None:
    """Nothing may wait by its own account; but it knows not what it left half done."""
    lag = lag_after(Source(waiting, failure=AWAY).loop(), 100)

    assert lag.facts == told
    assert lag.seconds is not None
    assert lag.seconds >= 90
