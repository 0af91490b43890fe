"""A store with a ledger, and workers who sign it."""

from services.ranking.application import Notes, Signing, Trees
from services.ranking.application.signing import CHECKPOINT_EVERY
from shared.adapters.memory import MemoryClock
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ports import EventStore, Notary
from shared.runtime.number import LEDGER
from tests.support.outside import NOTARY
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

FACTS = [stored.body for stored in whole_cycle()]
RESULT = FACTS[0].replace(f'"id":"cycle/{CYCLE}@1"'.encode(), f'"id":"result/{CYCLE}@1"'.encode())
LATER = CHECKPOINT_EVERY


class Office:
    """A store, and workers who sign what it holds."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.clock = MemoryClock(OPENED_AT)
        self.notes = Notes(store)

    def worker(self, notary: Notary = NOTARY, *, over: EventStore | None = None) -> Signing:
        """A worker that has just begun, and knows nothing but what it finds."""
        store = over or self.store
        return Signing(Trees(store), Notes(store), notary, self.clock)

    async def number(self, *facts: bytes) -> None:
        """Let the ledger grow by some facts."""
        last = await self.store.last(LEDGER + CYCLE)
        kept = [
            Stored(LEDGER + CYCLE, n, "ledger-entry", entry.to_bytes(Entry(OPENED_AT, fact)))
            for n, fact in enumerate(facts, start=last.version + 1 if last else 1)
        ]
        await self.store.append(kept)

    async def sizes(self) -> list[int]:
        """The sizes of which checkpoints are kept."""
        return [kept.checkpoint.size for kept in await Notes(self.store).checkpoints(CYCLE)]

    async def alarm(self) -> str | None:
        """The code of the alarm that stands."""
        alarm = await Notes(self.store).alarm(CYCLE)
        return alarm.code if alarm else None
