"""The red flags of each cycle, computed from the ledgers as they are kept."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from services.ranking import views
from services.ranking.application.asked import At
from services.ranking.application.ledgers import Ledgers
from shared.count.flags import KINDS, Watch
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing
from shared.ledger.entry import Entry
from shared.ports import Document, EventStore
from shared.runtime.number import LEDGER, entries
from shared.runtime.turn import Turn

Watches = dict[str, Watch]
"""By cycle."""

FOLDED_BYTES_MAX = 128 * 1024
"""How many bytes of facts are folded before others have their turn: a few milliseconds."""


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


class RedFlags:
    """Watches the ledgers that somebody asked about.

    A ledger is read from its beginning once, and afterwards only what is new in it. Whoever asks
    about the past has it read once more up to there; who asks about a later place next, from there.
    """

    def __init__(self, store: EventStore, ledgers: Ledgers) -> None:
        self._store = store
        self._ledgers = ledgers
        self._present: Watches = {}
        self._former: Watches = {}
        self._turns: dict[str, Turn] = {}

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
        size = await self._size(cycle, wanted.at)
        async with self._turns.setdefault(cycle, Turn()).taken():
            watches = self._present if wanted.at is None else self._former
            if wanted.at is not None and cycle in watches and watches[cycle].size > size:
                del watches[cycle]
            await self._read_on(watches, cycle, size)
            watch = watches[cycle]
            flags = watch.flags(wanted.kind, wanted.agency)
            behind = (flag for flag in flags if flag.id > wanted.after)
            found = [
                Document(flag.id, watch.size, views.flag_body(flag))
                for flag in islice(behind, wanted.limit)
            ]
            return found, views.watch_body(cycle, watch)

    async def _size(self, cycle: str, at: At) -> int:
        if at is not None:
            return (await self._ledgers.now(cycle)).number_at(at)
        last = await self._store.last(LEDGER + cycle)
        if last is None:
            raise Missing("cycle-not-counted", name=cycle)
        return last.version

    async def _read_on(self, watches: Watches, cycle: str, size: int) -> None:
        """Fold what is new, up to the number `size`, a little at a time.

        Where the store goes away, what was read stays read.
        """
        known = watches.get(cycle)
        chunk, chunk_bytes = list[Entry](), 0
        async for number, kept in entries(
            self._store, LEDGER + cycle, after=known.size if known else 0
        ):
            if number > size:
                break
            chunk.append(kept)
            chunk_bytes += len(kept.fact)
            if chunk_bytes >= FOLDED_BYTES_MAX:
                _fold(watches, cycle, chunk)
                chunk, chunk_bytes = [], 0
                await asyncio.sleep(0)
        _fold(watches, cycle, chunk)


def _fold(watches: Watches, cycle: str, chunk: Sequence[Entry]) -> None:
    """Whoever fails may have folded half of an entry: then there is no watch any more."""
    watch = watches.pop(cycle, None) or Watch(cycle)
    for kept in chunk:
        watch.take(kept)
    watches[cycle] = watch
