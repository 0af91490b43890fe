"""The red flags of each cycle, computed from the ledgers as they are kept."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from services.ranking import views
from shared.count.flags import KINDS, Watch
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing
from shared.ledger.entry import Entry
from shared.ports import Document, EventStore
from shared.runtime.number import LEDGER, entries
from shared.runtime.turn import Turn

FOLDED_BYTES_MAX = 128 * 1024
"""How many bytes of facts are folded before others have their turn: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which flags: of a kind and about an agency, unless empty, up to `limit` behind the id."""

    kind: str = ""
    agency: str = ""
    after: str = ""
    limit: int = 1


class RedFlags:
    """Watches the ledgers that somebody asked about.

    A ledger is read from its beginning once, and afterwards only what is new in it.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._watches: dict[str, Watch] = {}
        self._turns: dict[str, Turn] = {}

    async def read(
        self, by: Actor, cycle: str, wanted: Wanted
    ) -> tuple[Sequence[Document], Mapping[str, Any]]:
        """The flags, in the order in which they began, and what they were computed from.

        They count every entry that was numbered before this was asked.
        """
        permit(by, "read-log")
        if wanted.kind and wanted.kind not in KINDS:
            raise Missing("flag-kind-unknown", kind=wanted.kind, kinds=", ".join(KINDS))
        last = await self._store.last(LEDGER + cycle)
        if last is None:
            raise Missing("cycle-not-counted", name=cycle)
        async with self._turns.setdefault(cycle, Turn()).taken():
            watch = await self._watched(cycle, last.version)
            flags = watch.flags(wanted.kind, wanted.agency)
            behind = (flag for flag in flags if flag.id > wanted.after)
            found = [
                Document(flag.id, watch.size, views.flag_body(flag))
                for flag in islice(behind, wanted.limit)
            ]
            return found, views.watch_body(cycle, watch)

    async def _watched(self, cycle: str, size: int) -> Watch:
        """The watch of a cycle, having read as many entries as there are.

        Where the store goes away, what was read stays read.
        """
        watch, folded = self._watches.setdefault(cycle, Watch(cycle)), 0
        async for number, kept in entries(self._store, LEDGER + cycle, after=watch.size):
            if number > size:
                break
            self._take(cycle, watch, kept)
            folded += len(kept.fact)
            if folded >= FOLDED_BYTES_MAX:
                folded = 0
                await asyncio.sleep(0)
        return watch

    def _take(self, cycle: str, watch: Watch, kept: Entry) -> None:
        try:
            watch.take(kept)
        except Exception:
            del self._watches[cycle]  # Half of an entry may be folded: begin anew the next time.
            raise
