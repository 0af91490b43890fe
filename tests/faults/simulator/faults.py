"""What goes wrong, and when: drawn from the seed, counted by kind.

A fault strikes after so many calls to the outside world. Each seed prefers some kinds to others,
so that a thousand worlds differ in what they suffer and not only in when.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random  # noqa: TID251 - seeded: the same seed gives the same run
from typing import Literal

Kind = Literal[
    "crash-before",  # the process dies, and nothing was done
    "crash-after",  # it was done, and the process dies before it hears of it
    "unavailable-before",  # a server is away
    "unavailable-after",  # it was done, and the acknowledgement is lost
    "late",  # the caller is told of a failure, or dies, and it is done some time afterwards
    "delayed-before",  # others overtake it
    "delayed-after",  # it is done, and others overtake the answer
    "zombie",  # the process is replaced, and goes on for a while beside its replacement
    "prefix",  # the topic took the first records only
    "gap",  # the topic lost one record on the way, and said that it failed
    "reordered",  # the topic took one record after those behind it
    "duplicated",  # the topic took records twice
    "resent",  # an old record comes once more
    "altered",  # an old record comes once more with other bytes
    "unreadable",  # a record that is no fact
    "truncated",  # a fetch brings less than there is
    "redelivered",  # a fetch brings again what it brought before
    "partial",  # some documents were written, others not
    "poison",  # a fact at which a process of the old version fails
]


@dataclass(frozen=True, slots=True)
class Peril:
    """What may befall one sort of call, and how many such calls lie between two faults at most."""

    name: str
    kinds: tuple[Kind, ...]
    calls_max: int


READ = Peril(
    "read",
    ("crash-before", "unavailable-before", "delayed-before", "delayed-after", "zombie"),
    900,
)
WRITE = Peril("write", (*READ.kinds, "crash-after", "unavailable-after", "late"), 90)
TRACKED = Peril("tracked", WRITE.kinds, 50)
DRAW = Peril("draw", WRITE.kinds, 5)
PUBLISH = Peril(
    "publish",
    (
        *("crash-before", "crash-after", "unavailable-after", "delayed-after", "late", "zombie"),
        *("prefix", "gap", *2 * ("reordered",), "duplicated", "resent", "altered", "unreadable"),
    ),
    9,
)
FETCH = Peril("fetch", (*READ.kinds, *2 * ("truncated", "redelivered")), 40)
PUT = Peril("put", (*WRITE.kinds, *3 * ("partial",)), 30)
PERILS = (READ, WRITE, TRACKED, DRAW, PUBLISH, FETCH, PUT)

DELAY_S_MAX = 0.08
DISFAVOURED = 3
"""How many kinds a seed leaves out."""


class Crashed(BaseException):
    """The process that ran this is dead; nobody can catch that."""


class Faults:
    """Draws faults for one world, until they stop."""

    def __init__(self, chance: Random) -> None:
        self.happened: Counter[Kind] = Counter()
        self._chance = chance
        kinds = {kind for peril in (PUBLISH, FETCH, PUT) for kind in peril.kinds}
        self._disfavoured = frozenset(chance.sample(sorted(kinds), DISFAVOURED))
        self._calls = {peril.name: chance.randrange(1, peril.calls_max) for peril in PERILS}
        self._stopped = False

    def stop(self) -> None:
        """Let everything work from now on."""
        self._stopped = True

    def draw(self, peril: Peril) -> Kind | None:
        """What befalls this call; mostly nothing."""
        left = self._calls[peril.name] = self._calls[peril.name] - 1
        if left > 0 or self._stopped:
            return None
        self._calls[peril.name] = self._chance.randrange(1, peril.calls_max)
        kind = self._chance.choice(peril.kinds)
        return None if kind in self._disfavoured else kind

    def note(self, kind: Kind) -> None:
        """It happened."""
        self.happened[kind] += 1

    async def delay(self) -> None:
        """Let others go first."""
        await asyncio.sleep(self._chance.random() * DELAY_S_MAX)

    def later(self, effect: Callable[[], Awaitable[object]]) -> Awaitable[object]:
        """The effect, some time from now."""

        async def delayed() -> None:
            await self.delay()
            await effect()

        return delayed()

    def flip(self) -> bool:
        """One or the other."""
        return self._chance.random() * 2 < 1

    def some(self, count: int) -> int:
        """A number from 0 to below `count`."""
        return self._chance.randrange(count)
