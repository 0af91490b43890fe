"""When a program that calls the API calls again, and when it gives up; in time that leaps.

What it says and hears is tried in test_client.py, with a server in a process of its own too.
"""

import asyncio
import itertools
from dataclasses import dataclass, field, replace

import httpx
import pytest

from shared.adapters import client
from shared.adapters.client import PATIENCE, PAUSE_S_MAX
from shared.adapters.memory import SeededChance
from shared.adapters.web.problem import RETRY_AFTER_S
from shared.kernel import errors
from shared.ports import Chance
from tests.support import quick_time
from tests.support.unsteady import AWAY

ROUNDING_S = 1e-6
LAST = 6
"""By then pauses are as long as they get, and differ by chance alone."""


@dataclass
class Absence:
    """A server that says no for a while, and then answers after another; in quick time."""

    away_s: float
    says: str = ""
    status: int = 503
    afterwards_s: float = 0.0
    chance: Chance = field(default_factory=lambda: SeededChance(1))
    at_s: list[float] = field(default_factory=list)

    @property
    def pauses_s(self) -> list[float]:
        """What lay between the attempts."""
        return [after - before for before, after in itertools.pairwise(self.at_s)]

    async def meet(self) -> object:
        """Call it once."""
        transport, chance = httpx.MockTransport(self._answer), self.chance
        async with client.connect("http://echo", chance=chance, transport=transport) as api:
            return await api.get("/call")

    async def _answer(self, _: httpx.Request) -> httpx.Response:
        now_s = asyncio.get_running_loop().time()
        self.at_s.append(now_s)
        if now_s < self.away_s:
            headers = [(b"Retry-After", self.says.encode())]
            return httpx.Response(self.status, headers=headers, content=AWAY)
        await asyncio.sleep(self.afterwards_s)
        return httpx.Response(200, content=b"{}")


def test_a_server_that_comes_back_while_there_is_time_is_waited_for() -> None:
    away = Absence(60 - PAUSE_S_MAX)

    assert quick_time.run(away.meet()) == {}
    assert away.at_s[-1] >= 60 - PAUSE_S_MAX


def test_pauses_grow_up_to_a_limit_and_are_not_those_of_others() -> None:
    first, second = Absence(40.0), Absence(40.0, chance=SeededChance(2))
    quick_time.run(first.meet())
    quick_time.run(second.meet())

    longest_s = [min(PATIENCE.pause_s * 2**n, PAUSE_S_MAX) for n in range(len(first.pauses_s))]
    for paused_s, limit_s in zip(first.pauses_s, longest_s, strict=True):
        assert limit_s / 2 <= paused_s + ROUNDING_S
        assert paused_s <= limit_s
    assert len({round(paused_s, 6) for paused_s in first.pauses_s[-LAST:]}) > 1
    assert first.at_s != second.at_s


@pytest.mark.parametrize("rest_s", [1, RETRY_AFTER_S, 25])
def test_a_server_is_not_asked_before_it_wants_to_be(rest_s: int) -> None:
    away = Absence(30.0, says=str(rest_s))

    quick_time.run(away.meet())

    assert len(away.pauses_s) > 1
    for paused_s in away.pauses_s:
        assert rest_s <= paused_s + ROUNDING_S
        assert paused_s <= rest_s + PAUSE_S_MAX


def test_who_is_put_off_for_longer_than_there_is_time_gives_up_at_once() -> None:
    away = Absence(1.0, says="60")

    with pytest.raises(errors.Unavailable, match="database-unavailable"):
        quick_time.run(away.meet())

    assert away.at_s == [0]


@pytest.mark.parametrize(
    "says", ["", "soon", "-1", "1.5", "٣", "9" * 5_000, "Wed, 21 Oct 2026 07:28:00 GMT"]
)
def test_whoever_does_not_say_in_seconds_when_to_come_is_asked_after_a_pause(says: str) -> None:
    away = Absence(1.0, says=says)

    assert quick_time.run(away.meet()) == {}
    assert max(away.pauses_s) <= PAUSE_S_MAX


def test_what_was_heard_last_is_said_where_the_time_ends_without_an_answer() -> None:
    away = Absence(1.0, afterwards_s=PATIENCE.call_s)

    with pytest.raises(errors.Unavailable, match="database-unavailable"):
        quick_time.run(away.meet())


def test_a_refusal_is_not_said_again_whenever_it_wants_to_be() -> None:
    refusing = Absence(1.0, says="1", status=409)

    with pytest.raises(errors.Refused, match="database-unavailable"):
        quick_time.run(refusing.meet())

    assert refusing.at_s == [0]


async def test_a_pause_of_nothing_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="pause"):
        async with client.connect("http://echo", patience=replace(PATIENCE, pause_s=0.0)):
            pass
