"""Loops under a lease: one process turns each, and lets go of what it cannot do."""

import logging
from dataclasses import replace

import pytest

from shared.adapters.postgres.leases import RECHECK_S
from shared.kernel.errors import Refused
from shared.runtime.alone import ASIDE_S, FAILING_S_MAX
from shared.runtime.health import LOOK_EVERY_S, STILL_S_MAX, Health, Lag
from shared.runtime.loop import PAUSE_S_MAX
from shared.runtime.pulse import FORGOTTEN_S, Progress
from shared.runtime.service import LOOK_S
from tests.support.pair import AWAY, FIRST, NAME, SECOND, TAKEOVER_S, Pair, run

LONG_S = 20 * TAKEOVER_S
SLOW_S = 20.5
"""A step that waits in vain for so long is followed by a short pause, when it fails first."""


@pytest.fixture(autouse=True)
def no_traces(caplog: pytest.LogCaptureFixture) -> None:
    """What fails for minutes would write a trace each time, which takes longer than all else."""
    caplog.set_level(logging.CRITICAL, logger="shared.runtime.loop")


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


@pytest.mark.parametrize("left", [None, 0, 3])
@pytest.mark.parametrize("error", [AWAY, Refused("topic-settings-differ"), ValueError()])
def test_two_who_fail_in_turn_are_stuck_unless_it_is_for_what_lies_outside(
    error: Exception, left: int | None
) -> None:
    """Whether it can be told what waits or not, and whether something does."""
    pair, found = Pair(FIRST, SECOND, error=error, left=left), list[object]()

    def look() -> None:
        found.extend(each.stuck() for each in pair.health.values())

    run(pair, *[(LOOK_EVERY_S, look)] * 300)

    stuck = [NAME] if isinstance(error, ValueError) else []
    assert found[-2:] == [stuck, stuck]
    assert not any(found[: int(STILL_S_MAX / LOOK_EVERY_S)])


@pytest.mark.parametrize("left", [None, 0])
def test_who_failed_long_ago_and_stood_by_since_fails_anew(left: int | None) -> None:
    pair = Pair(FIRST, error=ValueError(), fails_s=1.5, left=left)
    found: list[tuple[object, float]] = []
    again_s = 2 * FORGOTTEN_S

    async def look() -> None:
        found.append((pair.health[FIRST].stuck(), (await pair.lag(FIRST)).failing_s))

    def give() -> None:
        pair.server.holders[NAME] = FIRST

    run(pair, (again_s, look), (LOOK_S, give), (3, look))

    [(before, resting_s), (after, failing_s)] = found
    assert (before, after) == ([], [])
    assert resting_s == 0
    assert 0 < failing_s < FAILING_S_MAX


def test_who_stands_by_is_not_stuck_for_what_another_has_mended() -> None:
    pair, found = Pair(FIRST, SECOND, error=ValueError(), left=0), list[object]()

    lags = list[Lag]()

    async def look() -> None:
        lags[:] = [await pair.lag(name) for name in pair.loops]
        found.append([each.stuck() for each in pair.health.values()])

    run(pair, (3 * STILL_S_MAX, look), (0, pair.cut_off.clear), (2 * STILL_S_MAX, look))

    assert found == [[[NAME], [NAME]], [[], []]]
    assert [(lag.facts, lag.seconds) for lag in lags] == [(0, 0), (0, 0)]
    assert [lag.failure for lag in lags] == ["", ""]


def test_one_own_failure_and_a_long_rest_is_not_stuck() -> None:
    """Another may take as long as it likes: to restart the one that rests helps nobody."""
    pair, found = Pair(FIRST, error=ValueError()), list[object]()
    pair.server.holders[NAME] = FIRST

    def give() -> None:
        pair.server.holders[NAME] = SECOND

    def look() -> None:
        found.append(pair.health[FIRST].stuck())

    run(pair, (LOOK_S, give), *[(LOOK_EVERY_S, look)] * 100)

    assert pair.steps[0] == FIRST
    assert not any(found)


def test_who_is_given_a_lease_has_time_to_get_on() -> None:
    """What waits may have waited for long already."""
    pair, found = Pair(), list[object]()
    pair.server.holders[NAME] = SECOND

    def give() -> None:
        pair.server.holders[NAME] = FIRST

    async def look() -> None:
        await pair.lag(FIRST)
        found.append(pair.health[FIRST].stuck())

    run(pair, (LOOK_S, look), (LONG_S, give), (STILL_S_MAX / 2, look), (STILL_S_MAX, look))

    assert found == [[], [], [NAME]]


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

    assert {(lag.failure, lag.facts) for lag in told} == {(AWAY.code, 3)}
    assert {lag.stands_by for lag in told} == {False, True}
    assert told[-1].failing_s > 60


@pytest.mark.parametrize("fails_s", [0.0, SLOW_S])
def test_of_two_who_fail_in_turn_one_at_most_claims_the_turn(fails_s: float) -> None:
    pair, claims = Pair(FIRST, SECOND, fails_s=fails_s), list[int]()

    def look() -> None:
        claims.append(sum(not loop.stands_by() for loop in pair.loops.values()))

    run(pair, *[(LOOK_S / 4, look)] * 400)

    assert set(claims) == {0, 1}


@pytest.mark.parametrize("left", [None, 0])
def test_who_stands_aside_for_nobody_is_stuck_and_behind_all_the_same(left: int | None) -> None:
    """It may have left half done what it began, and nobody else can have mended that."""
    pair, found, told = Pair(FIRST, error=ValueError(), left=left), list[object](), list[Lag]()
    del pair.loops[SECOND]

    async def look() -> None:
        found.append(pair.health[FIRST].stuck())
        told.append(await pair.lag(FIRST))

    run(pair, (2 * STILL_S_MAX, look), *[(LOOK_S, look)] * 30)

    assert found == [[NAME]] * len(found)
    assert {lag.stands_by for lag in told} == {False, True}
    assert {(lag.facts, lag.failure) for lag in told} == {(None, "ValueError")}
    assert all(lag.seconds is not None and lag.seconds > STILL_S_MAX for lag in told)


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
