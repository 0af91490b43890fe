"""The ledgers as they are kept, read back and counted: as they are now, and as they once were."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from shared.count.ledger import Ledger
from shared.events import codec
from shared.events.envelope import Recorded
from shared.kernel.errors import Missing
from shared.ledger import entry
from shared.ports import EventStore, Logged
from shared.runtime.number import ALTERED, LEDGER, PARKED, entries

BATCH_ENTRIES_MAX = 1_000
REMEMBERED_MAX = 8
"""How many ledgers as they once were are remembered."""


class Ledgers:
    """Follows the store of the ledgers; several of these on one store do no harm."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._position = 0
        self._ledgers: dict[str, Ledger] = {}
        self._remembered: OrderedDict[tuple[str, int], Ledger] = OrderedDict()
        self._turn = asyncio.Lock()

    async def advance(self) -> int:
        """Read one batch of what is new; returns how many entries it had."""
        async with self._turn:
            return await self._advance()

    @property
    def read(self) -> Mapping[str, Ledger]:
        """The ledgers by cycle, as far as they were read."""
        return self._ledgers

    async def now(self, cycle: str) -> Ledger:
        """A cycle's ledger with everything that was numbered before this was asked.

        Raises `Missing("cycle-not-counted")` where nothing was. The ledger grows; use it before the
        next `await`.
        """
        end = await self._store.end()
        async with self._turn:
            while self._position < end:
                await self._advance()
        if cycle not in self._ledgers:
            raise Missing("cycle-not-counted", name=cycle)
        return self._ledgers[cycle]

    async def at(self, cycle: str, number: int) -> Ledger:
        """A cycle's ledger as it was when its last entry had this number: a fold from zero.

        What waited beside it then is what was parked by the time of that entry.
        """
        key = (cycle, number)
        if key not in self._remembered:
            self._remembered[key] = await self.replayed(cycle, number)
        self._remembered.move_to_end(key)
        while len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)
        return self._remembered[key]

    async def replayed(self, cycle: str, number: int | None = None) -> Ledger:
        """The same, and always from the store; without a number, all that is kept now."""
        ledger = Ledger(cycle)
        async for version, kept in entries(self._store, LEDGER + cycle):
            if number is not None and version > number:
                break
            ledger.take(kept)
        size = ledger.replay.size
        if number is not None and size < number:
            raise Missing("number-unknown", number=str(number), size=str(size))
        until = ledger.taken_at(number) if number else None
        async for _, kept in entries(self._store, PARKED + cycle):
            if number is None or (until and kept.at <= until):
                ledger.park(kept)
        async for _, kept in entries(self._store, ALTERED + cycle):
            if number is None or (until and kept.at <= until):
                ledger.set_aside(kept)
        return ledger

    async def results(self, cycle: str) -> Sequence[Recorded]:
        """Ranking's own facts, as they came back to a cycle's ledger."""
        return [
            codec.decode(kept.fact)
            async for _, kept in entries(self._store, LEDGER + cycle)
            if codec.head(kept.fact).stream == f"result/{cycle}"
        ]

    async def page(self, cycle: str, *, after: int, limit: int) -> Sequence[bytes]:
        """The bytes of up to `limit` facts with a number above `after`."""
        kept = await self._store.stream(LEDGER + cycle, after=after, limit=limit)
        return [entry.from_bytes(each.body).fact for each in kept]

    async def _advance(self) -> int:
        batch = await self._store.log(after=self._position, limit=BATCH_ENTRIES_MAX)
        for logged in batch:
            self._read(logged)
            self._position = logged.position
        return len(batch)

    def _read(self, logged: Logged) -> None:
        kind, cycle = logged.fact.stream.split("/", 1)
        kept = entry.from_bytes(logged.fact.body)
        match f"{kind}/":
            case "ledger/":
                ledger = self._ledger(cycle)
                ledger.take(kept)
                assert ledger.replay.size == logged.fact.version, "a ledger has no holes"
            case "parked/":
                self._ledger(cycle).park(kept)
            case "altered/":
                self._ledger(cycle).set_aside(kept)
            case _:
                pass  # A record that names no place belongs to no cycle.

    def _ledger(self, cycle: str) -> Ledger:
        return self._ledgers.setdefault(cycle, Ledger(cycle))
