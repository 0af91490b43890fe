"""Loops: they outlive whatever a step meets, say so, and rest where there is nothing to do."""

import asyncio
import logging

import pytest

from shared.kernel.errors import Conflict, Problem, Unavailable
from shared.runtime.loop import (
    END_S_MAX,
    IDLE_S,
    PAUSE_S_MAX,
    PAUSE_S_MIN,
    Loop,
    keep_all_running_until,
)
from tests.support import quick_time
from tests.support.steps import Steps, run

AWAY = Unavailable("database-unavailable")


def test_while_there_is_work_a_step_follows_the_other_without_a_pause() -> None:
    steps = Steps(3, 1, 500)

    run(Loop("test", steps.step))

    assert steps.pauses == [0, 0, 0]


def test_where_there_is_nothing_to_do_a_loop_rests() -> None:
    usual, slow = Steps(0, 2, 0), Steps(0, 0)

    run(Loop("usual", usual.step), Loop("slow", slow.step, idle_s=30))

    assert usual.pauses == pytest.approx([IDLE_S, 0, IDLE_S])
    assert slow.pauses == pytest.approx([30, 30])


@pytest.mark.parametrize(("cost_s", "pause_s"), [(0.0, 0.5), (0.1, 0.5), (2.0, 8.0)])
def test_a_step_that_costs_much_is_followed_by_a_rest_in_proportion(
    cost_s: float, pause_s: float
) -> None:
    steps = Steps(0, 0)

    async def costly() -> int:
        done = await steps.step()
        await asyncio.sleep(cost_s)
        return done

    run(Loop("test", costly, idle_s=0.5, rests=4))

    assert steps.pauses == pytest.approx([cost_s + pause_s] * 2)


def test_a_failed_step_is_tried_again_after_pauses_that_grow_to_a_limit() -> None:
    steps = Steps(*[AWAY] * 9)

    run(Loop("test", steps.step))

    expected = [min(PAUSE_S_MIN * 2**failures, PAUSE_S_MAX) for failures in range(9)]
    assert steps.pauses == pytest.approx(expected)
    assert expected[-1] == PAUSE_S_MAX


@pytest.mark.parametrize("success", [0, 1])
def test_after_a_success_the_pauses_begin_small_again(success: int) -> None:
    steps = Steps(AWAY, AWAY, AWAY, success, AWAY)

    run(Loop("test", steps.step))

    assert steps.pauses[-1] == pytest.approx(PAUSE_S_MIN)


def cancelled() -> asyncio.Future[None]:
    """What somebody else waited for, too, and gave up."""
    given_up = asyncio.get_running_loop().create_future()
    given_up.cancel()
    return given_up


def test_a_step_that_met_the_cancellation_of_something_else_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps = Steps(0, 1)

    async def step() -> int:
        if not await steps.step():
            await cancelled()
        return 1

    run(Loop("submission.relay", step))

    assert steps.pauses == pytest.approx([PAUSE_S_MIN, 0])
    assert "submission.relay failed; it is tried again in 0.1 s" in caplog.messages


def test_a_rest_that_met_the_cancellation_of_something_else_is_over() -> None:
    steps = Steps(0, 1)

    async def rest(_: float) -> None:
        await cancelled()

    run(Loop("test", steps.step, rest=rest))

    assert steps.pauses == pytest.approx([PAUSE_S_MIN, 0])


LOST = Unavailable("topic-truncated", topic="facts", partition="0", position="7")


@pytest.mark.parametrize("failure", [ValueError("a mistake"), AssertionError(), OSError(), LOST])
def test_each_failure_is_logged_by_the_name_of_its_loop_and_with_its_cause(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    run(Loop("submission.relay", Steps(failure).step))

    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "submission.relay failed; it is tried again in 0.1 s"
    assert record.exc_info is not None
    assert record.exc_info[1] is failure


FASTER = Conflict("already-tracked", consumer="topic/7")


@pytest.mark.parametrize("failure", [AWAY, FASTER])
def test_a_server_that_is_away_and_who_was_faster_are_named_without_a_trace(
    failure: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    run(Loop("submission.relay", Steps(failure).step))

    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert failure.code in record.getMessage()
    assert record.exc_info is None


def test_a_pulse_tells_what_a_loop_does() -> None:
    turning, resting, failing, hanging = Steps(*[1] * 9), Steps(1, 0, 0), Steps(AWAY), Steps()
    loops = [Loop("test", steps.step) for steps in (turning, resting, failing, hanging)]

    run(*loops, seconds=PAUSE_S_MIN / 2)

    turned, rested, failed, hung = (loop.pulse for loop in loops)
    assert (len(turning.times), turned.idle) == (10, None)
    assert rested.idle is not None
    assert turned.failure == rested.failure == ""
    assert failed.failure == AWAY.code
    assert failed.idle is None
    assert (hung.failure, hung.idle) == ("", None)


def test_a_loop_rests_as_it_is_told() -> None:
    rests: list[float] = []

    async def rest(rest_s: float) -> None:
        rests.append(rest_s)
        await asyncio.sleep(rest_s)

    run(Loop("test", Steps(0, 1, 0).step, idle_s=0.5, rest=rest), seconds=0.9)

    assert rests == [0.5, 0.5]


def test_a_loop_that_fails_or_hangs_holds_up_no_other() -> None:
    failing, hanging, working = Steps(*[AWAY] * 5), Steps(), Steps(*[0] * 5)

    run(*(Loop("test", steps.step) for steps in (failing, hanging, working)), seconds=1)

    assert len(working.times) == 6


def ended(loop: Loop, after_s: float, end_s: float) -> float:
    """When the loop came to its end, where it was over after `after_s` seconds."""

    async def main() -> float:
        over = asyncio.Event()
        running = asyncio.create_task(keep_all_running_until(over, [loop], end_s))
        await asyncio.sleep(after_s)
        over.set()
        await running
        return asyncio.get_running_loop().time()

    return quick_time.run(main())


async def _takes_ten_seconds() -> int:
    await asyncio.sleep(10)
    return 1


def test_a_loop_that_is_over_comes_to_the_end_of_its_step() -> None:
    assert ended(Loop("test", _takes_ten_seconds), after_s=12, end_s=30) == pytest.approx(20)


def test_a_step_that_takes_too_long_is_not_waited_for() -> None:
    slow = Loop("test", _takes_ten_seconds)

    assert ended(slow, after_s=12, end_s=5) == pytest.approx(17, abs=0.1)


@pytest.mark.parametrize("done", [0, AWAY])
def test_a_loop_that_rests_or_waits_ends_at_once(done: int | Exception) -> None:
    resting = Loop("test", Steps(done).step, idle_s=1_000)

    assert ended(resting, after_s=0.05, end_s=30) == pytest.approx(0.05)


class Letting:
    """What a loop holds, and takes `long_s` to let go of, or cannot."""

    def __init__(self, long_s: float, failure: Exception | None = None) -> None:
        self._long_s = long_s
        self._failure = failure
        self.let_go_s: list[float] = []

    async def go(self) -> None:
        """Let go, or raise."""
        await asyncio.sleep(self._long_s)
        if self._failure is not None:
            raise self._failure
        self.let_go_s.append(asyncio.get_running_loop().time())


def test_a_loop_lets_go_after_its_last_step_and_nothing_interrupts_it() -> None:
    letting = Letting(END_S_MAX / 2)
    loop = Loop("test", _takes_ten_seconds, end=letting.go)

    assert ended(loop, after_s=12, end_s=9) == pytest.approx(20 + END_S_MAX / 2, abs=0.1)
    assert letting.let_go_s == [pytest.approx(20 + END_S_MAX / 2)]


@pytest.mark.parametrize("done", [(), (0,), (AWAY,)])
def test_a_loop_that_is_cancelled_lets_go_too(done: tuple[int | Exception]) -> None:
    letting = Letting(END_S_MAX / 2)
    loop = Loop("test", Steps(*done).step, idle_s=1_000, end=letting.go)

    run(loop, seconds=PAUSE_S_MIN / 2)

    assert letting.let_go_s == [pytest.approx(PAUSE_S_MIN / 2 + END_S_MAX / 2)]


def test_a_step_that_took_too_long_cleans_up_without_another_interruption() -> None:
    cleaned: list[bool] = []

    async def step() -> int:
        try:
            await asyncio.sleep(1_000_000)
        finally:
            await asyncio.sleep(1)
            cleaned.append(True)
        return 1

    assert ended(Loop("test", step), after_s=1, end_s=1) == pytest.approx(3, abs=0.1)
    assert cleaned == [True]


def test_a_loop_that_does_not_let_go_is_left_in_time() -> None:
    slow = Loop("test", Steps(0).step, idle_s=1_000, end=Letting(1_000_000).go)

    assert ended(slow, after_s=1, end_s=30) == pytest.approx(1 + END_S_MAX, abs=0.1)


def test_a_failure_to_let_go_is_told_and_ends_no_other(caplog: pytest.LogCaptureFixture) -> None:
    loop = Loop("test", Steps(0).step, idle_s=1_000, end=Letting(0, ValueError("stuck")).go)

    assert ended(loop, after_s=1, end_s=30) == pytest.approx(1, abs=0.1)

    assert "test did not end well: ValueError('stuck')" in caplog.messages


@pytest.mark.parametrize("done", [(), (0,), (AWAY,)])
def test_a_cancelled_loop_ends_and_lets_its_step_clean_up(done: tuple[int | Exception]) -> None:
    steps = Steps(*done)

    run(Loop("test", steps.step), seconds=10)

    assert steps.cancelled


@pytest.mark.parametrize("first", [0, AWAY])
def test_a_loop_is_cancelled_in_its_pause_too(first: int | Exception) -> None:
    steps = Steps(first)

    run(Loop("test", steps.step, idle_s=PAUSE_S_MIN), seconds=PAUSE_S_MIN / 2)

    assert steps.times == [0]
