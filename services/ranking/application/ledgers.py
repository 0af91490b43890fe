"""The ledgers as they are kept, read back and counted: as they are now, and as they once were."""

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.ranking.application.retries import Retries
from shared.count.history import History
from shared.count.ledger import Ledger
from shared.events.codec import Stored
from shared.kernel.errors import Missing, is_away
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ports import EventStore, Logged
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.number import LEDGER, entries
from shared.runtime.settle import Settling
from shared.runtime.turn import Turn

BATCH_ENTRIES_MAX = 1_000
REMEMBERED_MAX = 2
"""How many ledgers as they once were are remembered; one may be as large as the present one."""

_log = logging.getLogger(__name__)


class Ledgers:
    """Follows the store of the ledgers; several of these on one store do no harm.

    A ledger that could not be folded is forgotten, and read anew from the store before anything
    else is read; those of other cycles go on.
    """

    def __init__(self, store: EventStore, batch: int = BATCH_ENTRIES_MAX) -> None:
        self._store = store
        self.batch = batch
        """How many entries are read at a time."""
        self._position = 0
        self._ledgers: dict[str, Ledger] = {}
        self._remembered: OrderedDict[tuple[str, int], Ledger] = OrderedDict()
        self._retries = Retries()
        self._settling = Settling()
        self._turn = Turn()
        self._past = Turn()

    async def advance(self) -> int:
        """Read one batch of what is new; returns how many entries it had."""
        async with self._turn.taken():
            return await self._advance()

    async def end(self) -> int:
        """The position of the last entry of any ledger; 0 if there is none."""
        return await self._store.end()

    @property
    def position(self) -> int:
        """The position up to which the ledgers were read."""
        return self._position

    @property
    def read(self) -> Mapping[str, Ledger]:
        """The ledgers by cycle, as far as they were read."""
        return self._ledgers

    @property
    def failed(self) -> Mapping[str, Exception]:
        """The cycles whose ledger could not be folded, and why."""
        return self._retries.errors

    async def read_anew(self, cycle: str) -> None:
        """Forget a cycle's ledger, and read it from the store: something is wrong with it."""
        async with self._turn.taken():
            await self._read_anew(cycle)

    async def now(self, cycle: str) -> Ledger:
        """A cycle's ledger with everything that was numbered before this was asked.

        Raises `Missing("cycle-not-counted")` where nothing was. The ledger grows; use it before the
        next `await`.
        """
        end = await self._store.end()
        async with self._turn.taken():
            while self._position < end:
                await self._advance()
        if error := self.failed.get(cycle):
            raise error
        if cycle not in self._ledgers:
            raise Missing("cycle-not-counted", name=cycle)
        return self._ledgers[cycle]

    async def at(self, cycle: str, number: int) -> Ledger:
        """A cycle's ledger as it was when its last entry had this number.

        What waited beside it then is what was parked by the time of that entry. One is folded after
        the other, since all of it is computation, so that who asks for the same waits for it.
        """
        key = (cycle, number)
        async with self._past.taken():
            ledger = self._remembered.pop(key, None) or await self._folded(cycle, number)
            self._remembered[key] = ledger
            while len(self._remembered) > REMEMBERED_MAX:
                self._remembered.popitem(last=False)
        return ledger

    async def as_of(self, cycle: str, at: int | datetime) -> Ledger:
        """The same at a place that is told by its number or by a time."""
        return await self.at(cycle, (await self.now(cycle)).number_at(at))

    async def replayed(self, cycle: str, history: History | None = None) -> Ledger:
        """A cycle's ledger with all that is kept now, folded from zero."""
        ledger = Ledger(cycle, history)
        async for _, kept in entries(self._store, LEDGER + cycle):
            ledger.take(kept)
        async for _, kept in entries(self._store, PARKED + cycle):
            ledger.park(kept)
        async for _, kept in entries(self._store, ALTERED + cycle):
            ledger.set_aside(kept)
        return ledger

    async def _folded(self, cycle: str, number: int) -> Ledger:
        ledger = (await self.now(cycle)).shortly_before(number)
        while (after := ledger.replay.size) < number:
            limit = min(self.batch, number - after)
            for kept in await self.page(cycle, after=after, limit=limit):
                ledger.take(kept)
        return ledger

    async def page(self, cycle: str, *, after: int, limit: int) -> Sequence[Entry]:
        """Up to `limit` entries with a number above `after`, which is not the last one."""
        kept = await self._store.stream(LEDGER + cycle, after=after, limit=limit)
        assert kept, f"the ledger of {cycle} goes on behind {after}"
        return [entry.from_bytes(each.body) for each in kept]

    async def _advance(self) -> int:
        for cycle in sorted(self.failed):
            if self._retries.is_due(cycle):
                await self._read_anew(cycle)
        batch = await self._store.log(after=self._position, limit=self.batch)
        for logged in batch:
            self._read(logged)
            self._position = logged.position
        self._settling.grew(len(batch))
        return len(batch)

    async def _read_anew(self, cycle: str) -> None:
        try:
            self._ledgers[cycle] = await self.replayed(cycle, History())
            self._retries.succeeded(cycle)
        except Exception as error:
            if is_away(error):
                raise  # That says nothing of the ledger.
            self._fail(cycle, error)

    def _read(self, logged: Logged) -> None:
        kind, cycle = logged.fact.stream.split("/", 1)
        if self._retries.has_failed(cycle) or f"{kind}/" not in {LEDGER, PARKED, ALTERED}:
            return  # It is read anew; or a record that names no place belongs to no cycle.
        try:
            if cycle not in self._ledgers:
                self._ledgers[cycle] = Ledger(cycle, History())
            _take(self._ledgers[cycle], f"{kind}/", logged.fact)
        except Exception as error:  # noqa: BLE001 - half of an entry may be folded: forget it all
            self._fail(cycle, error)

    def _fail(self, cycle: str, error: Exception) -> None:
        self._ledgers.pop(cycle, None)
        if self._retries.failed(cycle, error):
            _log.error("the ledger of %s cannot be folded, and is read anew", cycle, exc_info=error)


def _take(ledger: Ledger, kind: str, kept: Stored) -> None:
    """Read an entry, unless it was read already when the ledger was read anew."""
    read = entry.from_bytes(kept.body)
    match kind:
        case "ledger/" if kept.version > ledger.replay.size:
            ledger.take(read)
            assert ledger.replay.size == kept.version, "a ledger has no holes"
        case "parked/" if kept.version > ledger.parked:
            ledger.park(read)
        case "altered/" if kept.version > len(ledger.altered):
            ledger.set_aside(read)
        case _:
            pass
