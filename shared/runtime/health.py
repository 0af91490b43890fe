"""Health: whether the loops of a process get on, and how far behind they are.

A loop is stuck if a step does not end; or if facts wait, or may wait, and nothing moves, or every
step fails, although no server is away. A server that is away makes nobody stuck: to restart a
process does not bring it back.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.kernel.errors import is_away
from shared.runtime.loop import Loop

STEP_S_MAX = 300.0
"""A step that takes longer hangs: every call that it makes has a much smaller limit."""

STILL_S_MAX = 60.0
"""So long may nothing move, or every step fail, while facts wait and nothing is away."""

LOOK_EVERY_S = 2.0
LOOK_S_MAX = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lag:
    """What a consumer has still to deal with.

    `facts` is None where it cannot be told, now or ever, as by one that `stands_by` while another
    process turns it; and by one that fails and knows of none, since it may have left half done what
    it began. `seconds` have gone by since it was last seen with nothing left to do, or since it
    began to fail, whichever is longer; None where neither can be told. `failure` names what its
    last step failed with, and since then it has failed for `failing_s`.
    """

    consumer: str
    facts: int | None
    seconds: float | None
    failure: str
    failing_s: float
    stands_by: bool = False

    @property
    def body(self) -> Mapping[str, object]:
        """As it is shown."""
        return {
            "consumer": self.consumer,
            "lag_facts": self.facts,
            "lag_s": None if self.seconds is None else round(self.seconds, 1),
            "failure": self.failure or None,
            "failing_s": round(self.failing_s, 1),
            "stands_by": self.stands_by,
        }


@dataclass(slots=True)
class _Watched:
    """A loop, how much it was seen to have left, and since when it has never had nothing.

    `less_s` is when it was last seen to have less left than before.
    """

    loop: Loop
    facts: int | None = None
    behind_since_s: float | None = None
    less_s: float = 0.0


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
        """Where the loops stand, by a fresh look."""
        await self._look()
        now_s = _now_s()
        return [_lag_of(each, now_s) for each in self._watched]

    def stuck(self) -> Sequence[str]:
        """The loops that only a restart can help."""
        now_s = _now_s()
        return [each.loop.name for each in self._watched if _is_stuck(each, now_s)]

    async def _look(self) -> None:
        await asyncio.gather(*(_look_at(each) for each in self._watched))


async def _look_at(watched: _Watched) -> None:
    if watched.loop.lag is None:
        return
    if watched.loop.stands_by():
        watched.facts = watched.behind_since_s = None  # What waits is for another to tell.
        return
    before = watched.facts
    try:
        async with asyncio.timeout(LOOK_S_MAX):
            watched.facts = await watched.loop.lag()
    except Exception as error:  # noqa: BLE001 - whoever watches others outlives what they meet
        watched.facts = None  # Whoever cannot be asked may still be behind, as long as before.
        if not (is_away(error) or isinstance(error, TimeoutError)):
            _log.exception("%s cannot tell its lag", watched.loop.name)
        return
    if watched.facts == 0:
        watched.behind_since_s = None
    elif watched.behind_since_s is None:
        watched.behind_since_s = _now_s()
    if before is not None and watched.facts < before:
        watched.less_s = _now_s()


def _lag_of(watched: _Watched, now_s: float) -> Lag:
    pulse, stands_by = watched.loop.pulse, watched.loop.stands_by()
    is_failing = pulse.failing_since_s is not None
    facts = None if is_failing and watched.facts == 0 else watched.facts
    since_s = [s for s in (watched.behind_since_s, pulse.failing_since_s) if s is not None]
    seconds = now_s - min(since_s) if since_s else None if facts is None else 0.0
    return Lag(
        consumer=watched.loop.name,
        facts=facts,
        seconds=None if stands_by else seconds,
        failure=pulse.failure,
        failing_s=0.0 if pulse.failing_since_s is None else now_s - pulse.failing_since_s,
        stands_by=stands_by,
    )


def _is_stuck(watched: _Watched, now_s: float) -> bool:
    pulse = watched.loop.pulse
    if pulse.begun_s is not None and now_s - pulse.begun_s > STEP_S_MAX:
        return True
    if pulse.away or watched.facts == 0:
        return False
    if pulse.erring_since_s is not None and now_s - pulse.erring_since_s > STILL_S_MAX:
        return True
    if watched.facts is None or watched.behind_since_s is None:
        return False
    moved_s = max(watched.behind_since_s, watched.less_s, pulse.moved_s or 0.0)
    return now_s - moved_s > STILL_S_MAX


def _now_s() -> float:
    return asyncio.get_running_loop().time()
