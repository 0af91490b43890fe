"""Ledgers as their store keeps them, without anybody who numbered them."""

from collections.abc import Sequence

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.runtime.keep import PARKED
from shared.runtime.number import LEDGER
from tests.support import asked
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import Teller, whole_cycle

TOLD = whole_cycle()


async def kept(*cycles: str, store: MemoryEventStore | None = None) -> MemoryEventStore:
    """The ledgers of cycles to which the same was told."""
    store = store or MemoryEventStore()
    for cycle in cycles:
        ledger = [
            Stored(LEDGER + cycle, number, "ledger-entry", kept_as(stored, cycle))
            for number, stored in enumerate(TOLD, start=1)
        ]
        await store.append(ledger)
    return store


def kept_as(stored: Stored, cycle: str) -> bytes:
    """A fact of the one cycle as the ledger of another keeps it."""
    body = stored.body.replace(CYCLE.encode() + b"/", cycle.encode() + b"/")
    body = body.replace(b'"cycle":"2021"', b'"cycle":"' + cycle.encode() + b'"')
    body = body.replace(b"cycle/2021", b"cycle/" + cycle.encode())
    return entry.to_bytes(Entry(OPENED_AT, body))


def news() -> Sequence[Stored]:
    """What is kept then, when another source speaks twice of an agency, later before earlier."""
    teller, end = Teller(), len(TOLD)
    for stored in TOLD:
        teller.repeat(stored)
    for option in ("a", "e", "a"):
        said = asked.imported("leaders", "so-y-te", {"q1": {option: 97}})
        teller.tell(f"survey/{CYCLE}/leaders", said)
    first, second, third = (kept_as(stored, CYCLE) for stored in teller.told[-3:])
    return [
        Stored(PARKED + CYCLE, 1, "ledger-entry", second),
        Stored(LEDGER + CYCLE, end + 1, "ledger-entry", first),
        Stored(LEDGER + CYCLE, end + 2, "ledger-entry", second),
        Stored(LEDGER + CYCLE, end + 3, "ledger-entry", third),
    ]
