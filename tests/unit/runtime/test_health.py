"""Health: a process is stuck if it hangs or gets nowhere, and never because a server is away."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.ports import Delivery, Subscription
from shared.runtime.health import LOOK_EVERY_S, STEP_S_MAX, STILL_S_MAX
from shared.runtime.loop import PAUSE_S_MAX, Loop
from shared.runtime.pulse import Progress
from shared.runtime.receive import Inbox
from shared.runtime.service import Receiver
from tests.support.claims import stored
from tests.support.watched_loop import AWAY, Source, hang, lag_after, stuck_after, unknown

LOST = Unavailable("topic-truncated", topic="facts", partition="0", position="7")


@pytest.fixture(autouse=True)
def no_traces(caplog: pytest.LogCaptureFixture) -> None:
    """What fails for minutes would write a trace each time, which takes longer than all else."""
    caplog.set_level(logging.CRITICAL, logger="shared.runtime.loop")


class Broken(MemoryEventStore):
    """A store with a mistake."""

    async def append(self, *_: object, **__: object) -> None:
        """Fail."""
        raise ValueError("a mistake")


class SlowTopic(MemoryStream):
    """A topic that gives its partitions late, as one does that is dealt among several."""

    def __init__(self, joins_s: float, records: int) -> None:
        super().__init__(MemoryClock())
        self._joins_s = joins_s
        self._records = records

    @asynccontextmanager
    async def subscribe(self, *_: object) -> AsyncIterator[Subscription]:
        """Join; the partitions come later."""
        yield SlowSubscription(asyncio.get_running_loop().time() + self._joins_s, self._records)


class SlowSubscription:
    """One partition, from some moment on."""

    def __init__(self, given_s: float, records: int) -> None:
        self._given_s = given_s
        self._records = records

    def _is_given(self) -> bool:
        return asyncio.get_running_loop().time() >= self._given_s

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """What is there, once it is given."""
        if self._records and self._is_given():
            fact = stored(1, "1")
            return [Delivery(0, 1, MemoryClock().now(), "2021", fact.body)][:limit]
        await asyncio.sleep(timeout_s)
        return ()

    async def behind(self) -> Mapping[int, int | None]:
        """How many there are behind what was fetched."""
        if not self._is_given():
            raise AWAY
        return {0: self._records}


@pytest.mark.parametrize("seconds", [STILL_S_MAX / 2, 10 * STILL_S_MAX])
def test_who_has_nothing_to_do_is_not_stuck(seconds: float) -> None:
    assert not stuck_after(Source(0).loop(), seconds)


def test_who_gets_nowhere_while_facts_wait_is_stuck_after_a_while() -> None:
    assert not stuck_after(Source(5).loop(), STILL_S_MAX / 2)
    assert stuck_after(Source(5).loop(), STILL_S_MAX + 2 * LOOK_EVERY_S)


def test_who_gets_nowhere_after_a_server_was_away_is_stuck_too() -> None:
    source = Source(5, failure=AWAY)

    async def step() -> int:
        if asyncio.get_running_loop().time() > STILL_S_MAX:
            source.failure = None
        return await source.step()

    loop = Loop("test", step, progress=source.progress)

    assert not stuck_after(loop, 1.9 * STILL_S_MAX)
    assert stuck_after(loop, 2 * STILL_S_MAX + PAUSE_S_MAX + LOOK_EVERY_S)


def test_who_fails_for_a_reason_of_its_own_while_facts_wait_is_stuck() -> None:
    failing = Source(5, failure=ValueError("a mistake"))

    assert stuck_after(failing.loop(), STILL_S_MAX + 2 * LOOK_EVERY_S)


@pytest.mark.parametrize("error", [ValueError("a mistake"), Conflict("busy")])
def test_who_cannot_tell_what_waits_and_fails_for_a_reason_of_its_own_is_stuck(
    error: Exception,
) -> None:
    """So it is with a receiver, which leaves the topic after every failure."""
    failing = Loop("test", Source(5, failure=error).step, progress=unknown)

    assert not stuck_after(failing, STILL_S_MAX / 2)
    assert stuck_after(failing, STILL_S_MAX + PAUSE_S_MAX)


@pytest.mark.parametrize("joins_s", [0.0, 0.9, 3.2, 11.0])
def test_a_receiver_whose_store_fails_for_a_reason_of_its_own_is_stuck(joins_s: float) -> None:
    """However long it takes to be given partitions anew, and however well it waits for them."""
    receiver = Receiver(SlowTopic(joins_s, records=1), "ranking", Inbox(Broken(), lambda _: True))
    loop = Loop("test", receiver.step, progress=receiver.progress, end=receiver.close)

    assert not stuck_after(loop, STILL_S_MAX / 2)
    assert stuck_after(loop, STILL_S_MAX + 2 * joins_s + PAUSE_S_MAX)


def test_a_receiver_that_waits_for_partitions_is_not_stuck() -> None:
    receiver = Receiver(SlowTopic(30, records=0), "ranking", Inbox(Broken(), lambda _: True))
    loop = Loop("test", receiver.step, progress=receiver.progress, end=receiver.close)

    assert not stuck_after(loop, 10 * STILL_S_MAX)


@pytest.mark.parametrize("error", [LOST, Refused("topic-settings-differ"), AWAY])
def test_nobody_is_stuck_for_what_lies_outside_but_says_for_how_long_it_lasts(
    error: Exception,
) -> None:
    """No restart brings lost records back, nor a topic that somebody has widened."""
    seconds = 10 * STILL_S_MAX

    assert not stuck_after(Source(5, failure=error).loop(), seconds)
    assert not stuck_after(Loop("test", Source(5, failure=error).step, progress=unknown), seconds)
    assert lag_after(Source(5, failure=error).loop(), seconds).failing_s > seconds - PAUSE_S_MAX


def test_who_always_fails_is_stuck_even_if_it_knows_of_nothing_left() -> None:
    """It may have left half done what it began; and what /ops/lag says of it agrees."""
    failing = Source(0, failure=ValueError("a mistake"))

    assert stuck_after(failing.loop(), STILL_S_MAX + PAUSE_S_MAX)


def test_who_failed_and_has_nothing_left_since_is_well() -> None:
    source = Source(0, failure=ValueError("a mistake"))

    async def step() -> int:
        if asyncio.get_running_loop().time() > STILL_S_MAX / 2:
            source.failure = None
        return await source.step()

    assert not stuck_after(Loop("test", step, progress=source.progress), 10 * STILL_S_MAX)


def test_who_meets_a_server_that_is_away_now_and_then_does_not_fail_by_itself() -> None:
    failures = itertools.cycle([ValueError("a mistake"), AWAY])

    async def step() -> int:
        raise next(failures)

    loop = Loop("test", step, progress=unknown)

    assert not stuck_after(loop, 10 * STILL_S_MAX)
    assert not stuck_after(loop, 10 * STILL_S_MAX + PAUSE_S_MAX)


def test_who_works_on_a_long_backlog_is_not_stuck() -> None:
    async def slowly() -> int:
        await asyncio.sleep(1)
        return await source.step()

    source = Source(10_000, done=1)

    assert not stuck_after(Loop("test", slowly, progress=source.progress), 10 * STILL_S_MAX)


@pytest.mark.parametrize("progress", [None, unknown])
def test_a_step_that_does_not_end_is_stuck_whatever_waits(
    progress: Callable[[], Awaitable[Progress]] | None,
) -> None:
    assert not stuck_after(Loop("test", hang, progress=progress), STEP_S_MAX / 2)
    assert stuck_after(Loop("test", hang, progress=progress), STEP_S_MAX + 1)


def test_who_gets_on_now_and_then_is_not_stuck_although_it_says_nothing() -> None:
    source = Source(1_000)

    async def quietly() -> int:
        source.waiting, source.reached = source.waiting - 1, source.reached + 1
        await asyncio.sleep(10)
        return 0

    loop = Loop("test", quietly, progress=source.progress)

    assert not stuck_after(loop, 10 * STILL_S_MAX)
