"""Alone: a loop that turns in one process of a service at a time, under a lease."""

import asyncio
import logging
import math
from dataclasses import replace

from shared.ports import Leases
from shared.runtime.loop import Loop

FAILING_S_MAX = 10.0
"""Whoever holds a lease and has failed for so long lets go of it: another may reach more."""
ASIDE_S = 5.0
"""So long it does not ask for it again; whoever stands by asks more often."""

_log = logging.getLogger(__name__)


def alone(leases: Leases, loop: Loop) -> Loop:
    """The same loop, turning in one process of the service at a time, while the others stand by."""
    turn = _Turn(leases, loop)
    return replace(
        loop,
        step=turn.step,
        stands_by=lambda: turn.stands_by,
        stands_aside=lambda: turn.stands_aside,
    )


class _Turn:
    """A loop's steps under its lease."""

    def __init__(self, leases: Leases, loop: Loop) -> None:
        self._leases = leases
        self._loop = loop
        self.stands_by = self.stands_aside = False
        self._failing_since_s: float | None = None
        self._aside_until_s = -math.inf

    async def step(self) -> int | None:
        """A step, if it is this process's turn; None of who stands by or aside."""
        if _now_s() < self._aside_until_s:
            return None
        self.stands_by = not await self._leases.hold(self._loop.name)
        self.stands_aside = False
        if self.stands_by:
            self._failing_since_s = None
            return None
        return await self._turn()

    async def _turn(self) -> int | None:
        began_s = _now_s()
        try:
            done = await self._loop.step()
        except Exception:
            if self._failing_since_s is None:
                self._failing_since_s = began_s
            if _now_s() - self._failing_since_s >= FAILING_S_MAX:
                await self._let_go()
            raise
        self._failing_since_s = None
        return done

    async def _let_go(self) -> None:
        """Give whoever stands by its turn; where nobody does, this process has the next one too."""
        _log.warning("%s fails here, and is left to whoever stands by", self._loop.name)
        self._failing_since_s = None
        self._aside_until_s = _now_s() + ASIDE_S
        # Before it lets go: whoever stands by may have the turn before this process hears of it.
        self.stands_by = self.stands_aside = True
        await self._leases.release(self._loop.name)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
