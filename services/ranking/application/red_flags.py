"""The red flags of each cycle, computed from the ledgers as they are kept."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.ranking import views
from services.ranking.application.asked import At
from services.ranking.application.ledgers import Ledgers
from shared.count.flags import KINDS, Watch
from shared.count.history import States
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing
from shared.ledger.entry import Entry
from shared.ports import Document, EventStore
from shared.runtime.number import LEDGER, entries
from shared.runtime.settle import Settling
from shared.runtime.turn import Turn

FOLDED_BYTES_MAX = 128 * 1024
"""How many bytes of facts are folded before others have their turn: a few milliseconds."""

FORMER_MAX = 8
"""How many watches as they once were are remembered, so that who turns pages finds the same one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which flags: of a kind and about an agency, unless empty, up to `limit` behind the id.

    They are those of the ledger as it is, or as it was at a number or by a time.
    """

    kind: str = ""
    agency: str = ""
    after: str = ""
    limit: int = 1
    at: At = None


@dataclass(slots=True)
class _Followed:
    """A cycle as far as its ledger was read, and states of it on the way there."""

    watch: Watch
    states: States[Watch] = field(default_factory=States)

    def fold(self, chunk: Sequence[Entry]) -> None:
        """Read on, and keep a state now and then."""
        for kept in chunk:
            self.watch.take(kept)
            self.states.keep(self.watch)


class RedFlags:
    """Watches the ledgers that somebody asked about.

    A ledger is read from its beginning once, and afterwards only what is new in it. Whoever asks
    about the past has it read on from the nearest state that was kept, and keeps nobody waiting who
    asks about the present.
    """

    def __init__(self, store: EventStore, ledgers: Ledgers) -> None:
        self._store = store
        self._ledgers = ledgers
        self._followed: dict[str, _Followed] = {}
        self._former: OrderedDict[tuple[str, int], Watch] = OrderedDict()
        self._turns: dict[str, Turn] = {}
        self._past: dict[str, Turn] = {}
        self._settling = Settling()

    async def read(
        self, by: Actor, cycle: str, wanted: Wanted
    ) -> tuple[Sequence[Document], Mapping[str, Any]]:
        """The flags, in the order in which they began, and what they were computed from.

        They count every entry that was numbered before this was asked. Raises `Missing` with
        `number-unknown` where the ledger has not come so far.
        """
        permit(by, "read-log")
        if wanted.kind and wanted.kind not in KINDS:
            raise Missing("flag-kind-unknown", kind=wanted.kind, kinds=", ".join(KINDS))
        if wanted.at is not None:
            number = (await self._ledgers.now(cycle)).number_at(wanted.at)
            return _page(cycle, await self._at(cycle, number), wanted)
        last = await self._store.last(LEDGER + cycle)
        if last is None:
            raise Missing("cycle-not-counted", name=cycle)
        async with self._turns.setdefault(cycle, Turn()).taken():
            followed = await self._follow(cycle, last.version)
            return _page(cycle, followed.watch, wanted)

    async def _follow(self, cycle: str, size: int) -> _Followed:
        """Read what is new, up to the number `size` at least, where it is this one's turn.

        Where the store goes away, what was read stays read. Whoever fails may have folded half of
        an entry: then nothing is known any more.
        """
        followed = self._followed.get(cycle) or _Followed(Watch(cycle))
        async for chunk in self._chunks(cycle, followed.watch.size, size):
            self._followed.pop(cycle, None)
            followed.fold(chunk)
            self._followed[cycle] = followed
            self._settling.grew(len(chunk))
        return followed

    async def _at(self, cycle: str, number: int) -> Watch:
        """A watch as it was when the ledger ended at that number; it is not read on any more."""
        async with self._past.setdefault(cycle, Turn()).taken():
            watch = self._former.pop((cycle, number), None) or await self._folded(cycle, number)
            self._former[cycle, number] = watch
            while len(self._former) > FORMER_MAX:
                self._former.popitem(last=False)
        return watch

    async def _folded(self, cycle: str, number: int) -> Watch:
        followed = self._followed.get(cycle)
        if followed is None or followed.watch.size < number:
            # Whoever asks about the present needs all of this as well.
            async with self._turns.setdefault(cycle, Turn()).taken():
                followed = await self._follow(cycle, number)
        watch = followed.states.nearest(number) or Watch(cycle)
        async for chunk in self._chunks(cycle, watch.size, number):
            for kept in chunk:
                watch.take(kept)
        return watch

    async def _chunks(self, cycle: str, after: int, size: int) -> AsyncIterator[Sequence[Entry]]:
        """The entries behind a number up to the number `size`, a little at a time."""
        chunk, chunk_bytes = list[Entry](), 0
        async for number, kept in entries(self._store, LEDGER + cycle, after=after):
            if number > size:
                break
            chunk.append(kept)
            chunk_bytes += len(kept.fact)
            if chunk_bytes >= FOLDED_BYTES_MAX:
                yield chunk
                chunk, chunk_bytes = [], 0
                await asyncio.sleep(0)
        yield chunk


def _page(cycle: str, watch: Watch, wanted: Wanted) -> tuple[Sequence[Document], Mapping[str, Any]]:
    flags = watch.flags(wanted.kind, wanted.agency, wanted.after, wanted.limit)
    found = [Document(flag.id, watch.size, views.flag_body(flag)) for flag in flags]
    return found, views.watch_body(cycle, watch)
