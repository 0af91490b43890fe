"""How the ledgers are: how long, how far signed, and whether an alarm stands over one."""

from collections.abc import Sequence
from datetime import datetime

from services.ranking.application.notes import Notes
from shared.kernel.errors import Refused
from shared.ledger import entry
from shared.ports import Clock, EventStore
from shared.runtime.number import LEDGER
from shared.runtime.service import LedgerState


class LedgerStates:
    """Looks at all ledgers of a store, for those who operate the system."""

    def __init__(self, store: EventStore, notes: Notes, clock: Clock) -> None:
        self._store = store
        self._notes = notes
        self._clock = clock

    async def look(self) -> Sequence[LedgerState]:
        """The ledgers, by their cycles."""
        now = self._clock.now()
        return [await self._state(cycle, now) for cycle in await self._notes.cycles()]

    async def _state(self, cycle: str, now: datetime) -> LedgerState:
        end = await self._store.last(LEDGER + cycle)
        entries = end.version if end else 0
        try:
            alarm = await self._notes.alarm(cycle)
            unsigned_s = await self._unsigned_s(cycle, entries, now)
        except Refused:
            # What was signed cannot be read: that is what an alarm is for.
            return LedgerState(cycle, entries, unsigned_s=0.0, alarmed=True)
        return LedgerState(cycle, entries, unsigned_s, alarmed=alarm is not None and alarm.hinders)

    async def _unsigned_s(self, cycle: str, entries: int, now: datetime) -> float:
        """For how long a ledger has gone on since its newest checkpoint, or since it began."""
        newest = await self._notes.last(cycle)
        if newest is not None and newest.checkpoint.size >= entries:
            return 0.0
        if newest is not None:
            return max(0.0, (now - newest.at).total_seconds())
        first = await self._store.stream(LEDGER + cycle, limit=1)
        began = entry.from_bytes(first[0].body).at if first else now
        return max(0.0, (now - began).total_seconds())
