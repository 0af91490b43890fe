"""The board on which the count is shown: ranking's documents, live and made again."""

import asyncio
import logging
from collections.abc import Mapping

from services.ranking.application import routed
from services.ranking.application.drawing import Drawn, Made, draw, made_of
from services.ranking.application.generations import (
    AGENCIES,
    CYCLES,
    FIRST,
    PUBLISHED,
    SHOWN_VERSION,
    TABLES,
    Generation,
    Generations,
)
from services.ranking.application.ledgers import BATCH_ENTRIES_MAX, Ledgers
from shared.count.ledger import Ledger
from shared.count.table import assess_one
from shared.kernel.errors import Unavailable, is_away
from shared.ports import Document, Documents
from shared.runtime.loop import Progress

__all__ = ["AGENCIES", "BOARD", "CYCLES", "DRAWER", "DRAWN_TO", "PUBLISHED", "TABLES", "Board"]

BOARD = f"ranking_board.v{SHOWN_VERSION}"
"""Who drew last, and up to which position of the ledgers' store everything is drawn."""
DRAWER, DRAWN_TO = "drawer", "drawn-to"

HIDDEN_BATCHES_MAX = 10
"""How many batches are read at most before what they come to is shown."""

_log = logging.getLogger(__name__)


class Board:
    """Puts the documents of every ledger that has changed, as far as they differ from before.

    What was put before is remembered only as long as nobody else draws, whose name stands on the
    board then: what differs from it may be what another one has put since.
    """

    def __init__(self, ledgers: Ledgers, documents: Documents, name: str) -> None:
        self._ledgers = ledgers
        self._documents = routed.drawn(documents)
        self._generations = Generations(documents)
        self._name = name
        self._records: dict[str, int] = {}
        self._shown: dict[str, Made] = {}
        self._drawn: dict[str, Drawn] = {}
        self._generation_of: Mapping[str, Generation] = {}
        self._hidden = 0
        self._drawn_to = 0
        self._begun = False

    async def step(self) -> int:
        """Read on and show; returns 0 when it has shown something, so that it rests before more.

        Raises `Unavailable("cycle-not-shown")` for cycles that failed, when the others are shown.
        """
        read = await self._ledgers.advance()
        self._hidden += 1
        if read == BATCH_ENTRIES_MAX and self._hidden < HIDDEN_BATCHES_MAX:
            return read
        self._hidden = 0
        await self._show()
        return 0

    async def progress(self) -> Progress:
        """Up to where the ledgers are shown, whoever did it."""
        drawn_to = await self._documents.get(BOARD, DRAWN_TO)
        return Progress(drawn_to.position if drawn_to else 0, await self._ledgers.end())

    async def show_all(self) -> None:
        """Read on to the end of every ledger, and show it."""
        while await self._ledgers.advance():
            pass
        await self._show()

    async def _show(self) -> None:
        if not self._begun:
            await self._documents.drop(PUBLISHED)
            self._begun = True
        await self._take_turn()
        await self._forget_moved()
        position, failed = self._ledgers.position, list(self._ledgers.failed)
        for cycle, ledger in list(self._ledgers.read.items()):
            if self._records.get(cycle) != ledger.records and not await self._shows(ledger):
                failed.append(cycle)
        if failed:
            raise Unavailable("cycle-not-shown", cycles=", ".join(sorted(failed)))
        if position > self._drawn_to:
            await self._documents.put(BOARD, [Document(DRAWN_TO, position, {})])
            self._drawn_to = position

    async def _take_turn(self) -> None:
        """Put one's name on the board, and forget what was there before, if another has drawn."""
        drawer = await self._documents.get(BOARD, DRAWER)
        if drawer and drawer.body and drawer.body["name"] == self._name:
            return
        self._shown.clear()
        self._records.clear()
        self._drawn_to = 0
        turn = drawer.position + 1 if drawer else 1
        await self._documents.put(BOARD, [Document(DRAWER, turn, {"name": self._name})])

    async def _forget_moved(self) -> None:
        """Forget what was shown of cycles that are drawn into another generation by now."""
        pointers = await self._generations.pointers()
        before, now = self._generation_of, {cycle: pointers[cycle].drawn for cycle in pointers}
        for cycle in before.keys() | now.keys():
            if before.get(cycle, FIRST) != now.get(cycle, FIRST):
                self._shown.pop(cycle, None)
                self._records.pop(cycle, None)
        self._generation_of = now

    async def _shows(self, ledger: Ledger) -> bool:
        """Show a cycle; False where that fails, which keeps no other from being shown."""
        try:
            await self._show_cycle(ledger)
        except Exception as error:
            if is_away(error):
                raise
            _log.exception("%s cannot be shown", ledger.cycle)
            return False
        return True

    async def _show_cycle(self, ledger: Ledger) -> None:
        await self._prepare(ledger)
        records, made = ledger.records, self._made_of(ledger)
        if ledger.cycle not in self._shown:
            await self._drop_outdated(made, records)
        before = self._shown.get(ledger.cycle, {})
        news = {
            place: body
            for place, body in made.items()
            if place not in before or before[place] != body
        }
        await self._put(news, records)
        await self._generations.settle(ledger.cycle)
        self._shown[ledger.cycle], self._records[ledger.cycle] = made, records

    async def _drop_outdated(self, made: Made, records: int) -> None:
        """Drop the collections of which something was drawn otherwise from the very same entries.

        Another version drew it, and its position would keep it there. All of it is shown anew.
        """
        for name in sorted({name for name, _ in made}):
            keys = [key for collection, key in made if collection == name]
            served = await self._documents.many(name, keys)
            if any(
                each.position == records and each.body != made[name, key]
                for key, each in served.items()
            ):
                _log.warning("%s was drawn by another version, and is drawn anew", name)
                await self._documents.drop(name)
                self._shown.clear()
                self._records.clear()

    async def _prepare(self, ledger: Ledger) -> None:
        """Assess and draw agency by agency, so that nobody waits for all of them at once.

        The ledger may grow meanwhile; what has changed by then is made again when it is shown.
        """
        state, drawn = ledger.replay.state, self._drawn.setdefault(ledger.cycle, {})
        agencies = len(state.roster)
        for _ in range(agencies):
            if not assess_one(state):
                break
            await asyncio.sleep(0)
        for place in range(agencies):
            rows = [(table, row) for table in ledger.count().tables for row in table.rows]
            for table, row in rows[place : place + 1]:
                draw(ledger, drawn, table, row)
            await asyncio.sleep(0)

    def _made_of(self, ledger: Ledger) -> Made:
        return made_of(ledger, self._drawn.setdefault(ledger.cycle, {}))

    async def _put(self, made: Made, position: int) -> None:
        """Put collection by collection, in the order of `made`: the cycle's own document last.

        So whoever reads that one first finds everything else at least as new.
        """
        for name in dict.fromkeys(name for name, _ in made):
            documents = [
                Document(key, position, body)
                for (collection, key), body in made.items()
                if collection == name
            ]
            await self._documents.put(name, documents)
