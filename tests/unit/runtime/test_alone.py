"""Loops under a lease: one process turns each, and lets go of what it cannot do."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from shared.adapters.postgres.leases import RECHECK_S
from shared.kernel.errors import Refused, Unavailable
from shared.runtime import service
from shared.runtime.health import LOOK_EVERY_S, STILL_S_MAX, Health, Lag
from shared.runtime.loop import PAUSE_S_MAX, Loop, Progress, keep_running
from shared.runtime.service import ASIDE_S, FAILING_S_MAX, LOOK_S
from tests.support import quick_time

NAME = "survey.relay"
AWAY = Unavailable("topic-unavailable")
FIRST, SECOND = "first", "second"
TAKEOVER_S = FAILING_S_MAX + PAUSE_S_MAX + LOOK_S
LONG_S = 20 * TAKEOVER_S
SLOW_S = 20.5
"""A step that waits in vain for so long is followed by a short pause, when it fails first."""


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

    def __init__(self, *cut_off: str, error: Exception = AWAY, fails_s: float = 0.0) -> None:
        self.cut_off = set(cut_off)
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
                raise self._error
            return 0

        async def progress() -> Progress:
            return Progress(0, 3)

        leases = Shared(self.server, process)
        return service.alone(leases, Loop(NAME, step, idle_s=LOOK_S, progress=progress))

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


def test_a_loop_turns_only_in_the_process_that_holds_its_lease() -> None:
    pair = Pair()

    run(pair, (LONG_S, lambda: None))

    assert pair.turns() == [FIRST]


def test_whoever_stands_by_tells_the_same_lag_and_that_it_stands_by() -> None:
    """It can read how far the others have come, and an alert needs to ask but one of them."""
    pair, told = Pair(), dict[str, Lag]()

    async def look() -> None:
        told.update({name: await pair.lag(name) for name in pair.loops})

    run(pair, (LOOK_EVERY_S, look), (LONG_S, look))

    seen = {name: (lag.facts, lag.stands_by, lag.seconds) for name, lag in told.items()}
    assert seen == {FIRST: (3, False, LONG_S), SECOND: (3, True, LONG_S)}


@pytest.mark.parametrize(
    ("error", "stuck"), [(AWAY, []), (Refused("topic-settings-differ"), []), (ValueError(), [NAME])]
)
def test_two_who_fail_in_turn_are_stuck_unless_it_is_for_what_lies_outside(
    error: Exception, stuck: list[str]
) -> None:
    pair, found, told = Pair(FIRST, SECOND, error=error), list[object](), list[Lag]()

    async def look() -> None:
        found.extend(each.stuck() for each in pair.health.values())
        told.extend([await pair.lag(name) for name in pair.loops])

    run(pair, *[(LOOK_EVERY_S, look)] * 300)

    assert found[-2:] == [stuck, stuck]
    assert not any(found[: int(STILL_S_MAX / LOOK_EVERY_S)])
    assert all(lag.seconds and lag.seconds > 300 * LOOK_EVERY_S - TAKEOVER_S for lag in told[-2:])
    assert all(lag.failing_s > 300 * LOOK_EVERY_S - 2 * TAKEOVER_S for lag in told[-2:])
    assert {lag.facts for lag in told} == {3}


def test_whoever_stands_by_is_well_again_when_another_gets_on() -> None:
    pair, told = Pair(FIRST, error=ValueError()), list[Lag]()
    reached = iter(range(1_000_000))

    async def progress() -> Progress:
        return Progress(next(reached), 2_000_000)

    pair.health[FIRST] = Health([replace(pair.loops[FIRST], progress=progress)])

    async def look() -> None:
        told.append(await pair.lag(FIRST))

    run(pair, (FAILING_S_MAX / 2, look), (LONG_S, look), (1, look))

    assert [(lag.failure, lag.stands_by) for lag in told] == [
        ("ValueError", False),
        ("", True),
        ("", True),
    ]


@pytest.mark.parametrize("error", [AWAY, ValueError("a mistake")])
def test_who_fails_for_too_long_leaves_it_to_one_that_stands_by(error: Exception) -> None:
    pair, early = Pair(FIRST, error=error), list[str]()

    run(
        pair,
        (FAILING_S_MAX - LOOK_S, lambda: early.extend(pair.turns())),
        (TAKEOVER_S, lambda: None),
        (LONG_S, lambda: None),
    )

    assert early == [FIRST]
    assert pair.turns() == [FIRST, SECOND]
    assert pair.server.holders == {NAME: SECOND}
    assert pair.loops[FIRST].stands_by()
    assert pair.loops[FIRST].pulse.is_well


def test_who_fails_slowly_leaves_it_to_one_that_stands_by() -> None:
    pair = Pair(FIRST, fails_s=SLOW_S)

    run(pair, (SLOW_S + 2 * LOOK_S, lambda: None))

    assert pair.steps[:2] == [FIRST, SECOND]
    assert pair.server.holders == {NAME: SECOND}


def test_who_fails_now_and_then_keeps_its_lease() -> None:
    pair = Pair()

    def change() -> None:
        pair.cut_off ^= {FIRST}

    run(pair, *[(FAILING_S_MAX / 2, change)] * 40)

    assert pair.turns() == [FIRST]


def test_who_gets_a_lease_back_has_not_failed_under_it_yet() -> None:
    pair, kept = Pair(FIRST), list[bool]()

    def give(process: str) -> None:
        pair.server.holders[NAME] = process

    run(
        pair,
        (FAILING_S_MAX / 2, lambda: give(SECOND)),
        (LONG_S, lambda: give(FIRST)),
        (FAILING_S_MAX / 2, lambda: kept.append(pair.server.holders == {NAME: FIRST})),
    )

    assert kept == [True]


def test_where_a_server_is_away_for_all_the_lease_goes_round() -> None:
    pair = Pair(FIRST, SECOND)

    run(pair, (LONG_S, lambda: None))

    turns = pair.turns()
    assert turns[:4] == [FIRST, SECOND, FIRST, SECOND]
    assert len(turns) >= LONG_S / (TAKEOVER_S + ASIDE_S) - 1


@pytest.mark.parametrize("fails_s", [0.0, SLOW_S])
def test_who_stands_aside_still_fails_and_tells_its_lag(fails_s: float) -> None:
    pair, told = Pair(FIRST, fails_s=fails_s), list[Lag]()
    del pair.loops[SECOND]

    async def look() -> None:
        told.append(await pair.lag(FIRST))

    run(pair, (SLOW_S, lambda: None), *[(LOOK_S, look)] * 60)

    assert {(lag.failure, lag.facts, lag.stands_by) for lag in told} == {(AWAY.code, 3, False)}
    assert told[-1].failing_s > 60


def test_where_nobody_stands_by_it_goes_on_when_the_server_is_back() -> None:
    pair, before = Pair(FIRST), list[int]()
    del pair.loops[SECOND]

    def back() -> None:
        before.append(len(pair.steps))
        pair.cut_off.clear()

    run(pair, (LONG_S, back), (ASIDE_S + PAUSE_S_MAX, lambda: None))

    assert len(pair.steps) > before[0]
    assert pair.loops[FIRST].pulse.is_well


def test_whoever_stands_by_asks_more_often_than_another_stands_aside() -> None:
    assert LOOK_S + RECHECK_S < ASIDE_S
