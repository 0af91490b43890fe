"""A ledger as it grows: what stands in it behind a number, and then whatever comes.

Every follower hears the same of a ledger, entry by entry without a hole, and each time that there
is no more to hear, how long the ledger is and which root it has: from the entries it can make that
root itself.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass

from services.ranking.application.exported import pages
from services.ranking.application.ledgers import Ledgers
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Unavailable
from shared.ports import EventStore
from shared.runtime.turn import Turn

FOLLOWERS_MAX = 64
"""How many followers one process has at once."""
LOOK_S = 0.25
"""How often it looks whether anything was numbered: once for all of them, and only if there are."""
SILENCE_S_MAX = 15.0
"""After so long without anything to tell, a follower is told that."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries that follow each other, the first with the number `first`, as they are stored."""

    first: int
    entries: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Head:
    """That this is all: the ledger has so many entries, and they have this root."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Silence:
    """That nothing has come, and somebody still looks."""


Told = Entries | Head | Silence


class Followers:
    """Whoever follows a ledger in this process."""

    def __init__(self, ledgers: Ledgers, store: EventStore) -> None:
        self._ledgers = ledgers
        self._store = store
        self._present = 0
        self._turn = Turn()
        self._end = 0
        self._looked_s: float | None = None

    async def follow(self, by: Actor, cycle: str, after: int) -> AsyncGenerator[Told, None]:
        """Tell of a ledger from behind the number `after` on; it never ends by itself.

        Nothing is read before it is asked for. Raises `Missing("number-unknown")` where there is no
        such number yet, and `Unavailable("too-many-followers")`.
        """
        permit(by, "read-log")
        time_s, told, head = asyncio.get_running_loop().time, after, None
        with self._place():
            while True:
                end = await self._look()
                present = await self._head(cycle, told)
                if present != head:
                    async with aclosing(pages(self._ledgers, cycle, told, present.size)) as read:
                        async for page in read:
                            yield Entries(told + 1, page)
                            told += len(page)
                    yield present
                    head, spoke_s = present, time_s()
                elif time_s() >= spoke_s + SILENCE_S_MAX:
                    yield Silence()
                    spoke_s = time_s()
                await self._news(end, spoke_s + SILENCE_S_MAX)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._present >= FOLLOWERS_MAX:
            raise Unavailable("too-many-followers", maximum=str(FOLLOWERS_MAX))
        self._present += 1
        try:
            yield
        finally:
            self._present -= 1

    async def _head(self, cycle: str, told: int) -> Head:
        ledger = await self._ledgers.now(cycle)
        ledger.number_at(told)
        return Head(ledger.replay.size, ledger.replay.root)

    async def _news(self, end: int, until_s: float) -> None:
        """Wait until something was written behind `end`, or until it is time."""
        time_s = asyncio.get_running_loop().time
        while time_s() < until_s and await self._look() == end:  # noqa: ASYNC110 - a store calls nobody
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> int:
        """Where the store ended when one of the followers last looked, which is not long ago."""
        time_s = asyncio.get_running_loop().time
        async with self._turn.taken():
            if self._looked_s is None or time_s() >= self._looked_s + LOOK_S:
                self._end, self._looked_s = await self._store.end(), time_s()
        return self._end
