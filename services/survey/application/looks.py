"""What was seen a moment ago is known, and what was refused; who asks meanwhile shares a look."""

from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from services.survey.application.joined import Joined
from services.survey.application.shelf import Place
from shared.kernel.errors import Missing, Refused
from shared.ports import Clock

REFUSALS_MAX = 1_024
"""So many refusals are known at once: names that nobody knows can be made up without end."""

Seen = TypeVar("Seen")
Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Known]):
    known: Known
    seen_at: datetime


class Looks(Generic[Seen]):
    """Looks at places by `look`; what came of it is known for `known_s` since it began.

    Each place has a look of its own, so that nobody waits for what somebody else is refused.
    Failures that are no refusal go to all who wait for that look, and are not remembered.
    """

    def __init__(
        self,
        look: Callable[[Place, datetime], Coroutine[Any, Any, Seen]],
        clock: Clock,
        *,
        known_s: float,
        refusals_max: int = REFUSALS_MAX,
    ) -> None:
        self._look = look
        self._clock = clock
        self._known = timedelta(seconds=known_s)
        self._refusals_max = refusals_max
        self._joined = Joined[Seen]()
        self._seen: dict[Place, _Kept[Seen]] = {}
        # Apart, so that no number of them pushes out what is there.
        self._refusals: OrderedDict[Place, _Kept[Refused | Missing]] = OrderedDict()

    async def at(self, place: Place) -> Seen:
        """What is there; raises the `Refused` or `Missing` that a look meets, or met just now."""
        now = self._clock.now()
        seen = self._seen.get(place)
        if seen is not None and self._is_fresh(seen, now):
            return seen.known
        refusal = self._refusals.get(place)
        if refusal is not None and self._is_fresh(refusal, now):
            raise _again(refusal.known)
        return await self._joined.of(place, partial(self._look_at, place))

    async def _look_at(self, place: Place) -> Seen:
        now = self._clock.now()
        try:
            seen = await self._look(place, now)
        except (Refused, Missing) as refusal:
            self._refuse(place, _Kept(_again(refusal), now))
            raise
        self._seen = {at: kept for at, kept in self._seen.items() if self._is_fresh(kept, now)}
        self._seen[place] = _Kept(seen, now)
        return seen

    def _refuse(self, place: Place, kept: _Kept[Refused | Missing]) -> None:
        self._refusals[place] = kept
        self._refusals.move_to_end(place)
        while len(self._refusals) > self._refusals_max:
            self._refusals.popitem(last=False)

    def _is_fresh(self, kept: _Kept[Any], now: datetime) -> bool:
        return timedelta(0) <= now - kept.seen_at < self._known


def _again(refusal: Refused | Missing) -> Refused | Missing:
    """The same without its traceback, which would keep all that was looked at."""
    return type(refusal)(refusal.code, flaws=refusal.flaws, **refusal.details)
