"""What is told of a loop under a lease: whose failure it is, and for how long."""

import pytest

from shared.runtime.health import LOOK_EVERY_S, Lag
from shared.runtime.pulse import FORGOTTEN_S
from tests.support.pair import AWAY, FIRST, SECOND, TAKEOVER_S, Pair, run


@pytest.mark.parametrize("error", [AWAY, ValueError()])
def test_two_who_fail_in_turn_tell_for_how_long(error: Exception) -> None:
    pair, told = Pair(FIRST, SECOND, error=error), list[Lag]()

    async def look() -> None:
        told.extend([await pair.lag(name) for name in pair.loops])

    run(pair, *[(LOOK_EVERY_S, look)] * 300)

    assert all(lag.seconds and lag.seconds > 300 * LOOK_EVERY_S - TAKEOVER_S for lag in told[-2:])
    longest_s = max(lag.failing_s for lag in told[-2:])
    assert longest_s > 300 * LOOK_EVERY_S - 2 * TAKEOVER_S
    assert {lag.facts for lag in told} == {3}


@pytest.mark.parametrize("left", [None, 0])
def test_who_stands_by_does_not_tell_of_an_outage_that_is_over(left: int | None) -> None:
    pair, told = Pair(FIRST, SECOND, left=left), list[Lag]()

    async def look() -> None:
        told.extend([await pair.lag(name) for name in pair.loops])

    def fail_again() -> None:
        pair.cut_off.update({FIRST, SECOND})

    back, again = (0, pair.cut_off.clear), (0, fail_again)
    run(pair, (40, look), back, (20, look), (2 * FORGOTTEN_S, look), again, (15, look))

    _, _, *over, first, second = told
    assert [(lag.failure, lag.failing_s, lag.seconds or 0) for lag in over] == [("", 0, 0)] * 4
    assert 0 < max(first.failing_s, second.failing_s) < 20
