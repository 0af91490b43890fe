"""Health: whether the loops of a process get on, and how far behind they are.

A loop is stuck if a step does not end, or if facts wait and nothing moves although no server is
away. A server that is away makes nobody stuck: to restart a process does not bring it back.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.kernel.errors import Problem
from shared.runtime.loop import Loop

STEP_S_MAX = 300.0
"""A step that takes longer hangs: every call that it makes has a much smaller limit."""

STILL_S_MAX = 60.0
"""So long may facts wait while nothing moves and nothing is away."""

LOOK_EVERY_S = 2.0
LOOK_S_MAX = 5.0


@dataclass(frozen=True, slots=True)
class Lag:
    """What a consumer has still to deal with.

    `facts` is None where it cannot be told now. `seconds` have gone by since it was last seen with
    nothing left to do. `failure` names what its last step failed with.
    """

    consumer: str
    facts: int | None
    seconds: float
    failure: str

    @property
    def body(self) -> Mapping[str, object]:
        """As it is shown."""
        return {
            "consumer": self.consumer,
            "lag_facts": self.facts,
            "lag_s": round(self.seconds, 1),
            "failure": self.failure or None,
        }


@dataclass(slots=True)
class _Watched:
    """A loop, how much it was seen to have left, and since when it has never had nothing."""

    loop: Loop
    facts: int | None = None
    behind_since_s: float | None = None


class Health:
    """Watches loops; times are those of the event loop's own clock."""

    def __init__(self, loops: Sequence[Loop] = ()) -> None:
        self._watched = [_Watched(loop) for loop in loops]

    async def watch(self) -> None:
        """Look at them again and again, until cancelled."""
        while True:
            await self._look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def lags(self) -> Sequence[Lag]:
        """Where the loops stand that can tell it, by a fresh look."""
        await self._look()
        now_s = _now_s()
        return [
            Lag(
                consumer=each.loop.name,
                facts=each.facts,
                seconds=0.0 if each.behind_since_s is None else now_s - each.behind_since_s,
                failure=each.loop.pulse.failure,
            )
            for each in self._watched
            if each.loop.lag is not None
        ]

    def stuck(self) -> Sequence[str]:
        """The loops that only a restart can help."""
        now_s = _now_s()
        return [each.loop.name for each in self._watched if _is_stuck(each, now_s)]

    async def _look(self) -> None:
        await asyncio.gather(*(_look_at(each) for each in self._watched))


async def _look_at(watched: _Watched) -> None:
    if watched.loop.lag is None:
        return
    try:
        async with asyncio.timeout(LOOK_S_MAX):
            watched.facts = await watched.loop.lag()
    except (Problem, TimeoutError):
        watched.facts = None  # Whoever cannot be asked may still be behind, as long as before.
        return
    if watched.facts == 0:
        watched.behind_since_s = None
    elif watched.behind_since_s is None:
        watched.behind_since_s = _now_s()


def _is_stuck(watched: _Watched, now_s: float) -> bool:
    pulse = watched.loop.pulse
    if pulse.begun_s is not None and now_s - pulse.begun_s > STEP_S_MAX:
        return True
    if not watched.facts or watched.behind_since_s is None or pulse.away:
        return False
    return now_s - max(watched.behind_since_s, pulse.moved_s or 0.0) > STILL_S_MAX


def _now_s() -> float:
    return asyncio.get_running_loop().time()
