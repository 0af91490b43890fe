"""Health: whether the loops of a process get on, and how far behind they are.

A loop is stuck if a step does not end; or if it fails for reasons of its own, and again a while
later, and nobody got on with what it does; or if facts wait and nothing moves, although it is its
turn and nothing fails. Nobody is stuck because of what lies outside, as a server that is away: to
restart a process does not bring it back.
"""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.kernel.errors import is_away
from shared.runtime.loop import Loop
from shared.runtime.pulse import Progress

STEP_S_MAX = 300.0
"""A step that takes longer hangs: every call that it makes has a much smaller limit."""

STILL_S_MAX = 60.0
"""So long may nothing move, or every step fail, though nothing outside is the reason."""

LOOK_EVERY_S = 2.0
LOOK_S_MAX = 5.0
ENDS_REMEMBERED_MAX = 10_000
"""Of how many looks it is remembered how far there was to go: those of some five hours."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lag:
    """What a consumer has still to deal with, whichever process does.

    `facts` is None where it cannot be told, now or ever; and by one that fails and knows of none,
    since it may have left half done what it began. For `seconds` the oldest of them has waited, as
    far as this process has seen, or for so long the consumer has failed, whichever is longer; None
    where neither can be told. `failure` names what it last failed with here, or what holds a part
    of its work, and for `failing_s` it has not got on since. One that `stands_by` leaves the work
    to another process, which may get on although it failed here for reasons of its own; what it
    failed with because of others may be over, and is not told. If there is no other, it has the
    work again after some seconds.
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
    """A loop, how far it was last seen to have come, and when it was seen to get on.

    `is_seen` says whether that could be told just now. `ends` remembers when the end was first
    seen where, as long as that has not been reached; a part was held since `held_since_s`.

    One looks at a time, so that what an earlier look saw is not taken for news after a later one.
    `looks` came to their end, and whoever waited for one of them has no need of another.
    """

    loop: Loop
    seen: Progress | None = None
    is_seen: bool = False
    got_on_s: float = -math.inf
    held_since_s: float | None = None
    ends: deque[tuple[float, int]] = field(default_factory=deque)
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    looks: int = 0

    async def look(self) -> None:
        """See how far it has come, by a look that begins now or one that is under way.

        That takes `LOOK_S_MAX` at most, however many ask, and whatever the others wait for.
        """
        looks = self.looks
        async with self.looking:
            if self.looks == looks:
                await self._look()
                self.looks += 1

    async def _look(self) -> None:
        if self.loop.progress is None:
            return
        try:
            async with asyncio.timeout(LOOK_S_MAX):
                self.see(await self.loop.progress(), _now_s())
        except Exception as error:  # noqa: BLE001 - whoever watches others outlives what they meet
            self.is_seen = False  # Whoever cannot be asked may still be behind, as long as before.
            if not (is_away(error) or isinstance(error, TimeoutError)):
                _log.exception("%s cannot tell how far it is", self.loop.name)

    def see(self, now: Progress, now_s: float) -> None:
        """Take in how far it has come by now, whoever turned it."""
        before, self.seen, self.is_seen = self.seen or now, now, True
        self._remember(before, now, now_s)
        self.held_since_s = (self.held_since_s or now_s) if now.held else None
        is_done = self.loop.pulse.is_well and (not now.left or bool(now.held))
        if not now.fails and (now.reached > before.reached or is_done):
            self.loop.pulse.got_on()

    def _remember(self, before: Progress, now: Progress, now_s: float) -> None:
        """Take in what waits since when."""
        if now.end < before.end or now.reached < before.reached:
            self.ends.clear()  # It reads something else now.
        if now.reached > before.reached:
            self.got_on_s = now_s
        while self.ends and self.ends[0][1] <= now.reached:
            self.ends.popleft()
        if now.left and (not self.ends or now.end > self.ends[-1][1]):
            if len(self.ends) == ENDS_REMEMBERED_MAX:
                self.ends.pop()  # What came then is taken to have come now; the oldest stays.
            self.ends.append((now_s, now.end))


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
        """Where the loops stand, by looks that came to their end just now."""
        await self._look()
        now_s = _now_s()
        return [_lag_of(each, now_s) for each in self._watched]

    def stuck(self) -> Sequence[str]:
        """The loops that only a restart can help."""
        now_s = _now_s()
        return [each.loop.name for each in self._watched if _is_stuck(each, now_s)]

    async def _look(self) -> None:
        await asyncio.gather(*(each.look() for each in self._watched))


def _lag_of(watched: _Watched, now_s: float) -> Lag:
    pulse, seen = watched.loop.pulse, watched.seen if watched.is_seen else None
    is_anothers = _is_anothers(watched.loop)
    failed_since_s = pulse.erring_since_s if is_anothers else pulse.failing_since_s
    since_s = [each for each in (failed_since_s, watched.held_since_s) if each is not None]
    failing_s = now_s - min(since_s, default=now_s)
    may_be_half_done = failed_since_s is not None and not is_anothers
    is_known = seen is not None and (seen.left > 0 or not may_be_half_done)
    waited_s = now_s - watched.ends[0][0] if watched.ends else 0.0
    lag_s = max(waited_s, failing_s if may_be_half_done else 0.0)
    return Lag(
        consumer=watched.loop.name,
        facts=seen.left if seen and is_known else None,
        seconds=lag_s if is_known or lag_s else None,
        failure=_failure_of(watched, is_failing=failed_since_s is not None),
        failing_s=failing_s,
        stands_by=watched.loop.stands_by(),
    )


def _failure_of(watched: _Watched, *, is_failing: bool) -> str:
    if is_failing:
        return watched.loop.pulse.failure
    return watched.seen.held if watched.seen else ""


def _is_anothers(loop: Loop) -> bool:
    """Whether another has its turn; who stands aside knows of nobody yet, and forgets nothing."""
    return loop.stands_by() and not loop.stands_aside()


def _is_stuck(watched: _Watched, now_s: float) -> bool:
    pulse = watched.loop.pulse
    if pulse.begun_s is not None and now_s - pulse.begun_s > STEP_S_MAX:
        return True
    return _errs(watched.loop, now_s) or _stands_still(watched)


def _errs(loop: Loop, now_s: float) -> bool:
    """Whether it has failed for reasons of its own for too long; if it is another's, just now."""
    since_s, last_s = loop.pulse.erring_since_s, loop.pulse.erred_s
    if since_s is None or last_s is None or last_s - since_s <= STILL_S_MAX:
        return False
    return not _is_anothers(loop) or now_s - last_s <= STILL_S_MAX


def _stands_still(watched: _Watched) -> bool:
    """Whether facts wait, and step after step that began thereafter did nothing."""
    idle = watched.loop.pulse.idle
    if idle is None or not watched.is_seen or watched.held_since_s is not None or not watched.ends:
        return False
    waits_since_s = max(watched.ends[0][0], watched.got_on_s)
    lasts = idle.last_s - max(waits_since_s, idle.first_s) > STILL_S_MAX
    return lasts and idle.before_s > waits_since_s


def _now_s() -> float:
    return asyncio.get_running_loop().time()
