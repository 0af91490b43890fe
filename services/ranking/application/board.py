"""The board on which the count is shown: ranking's documents, live and made again."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from services.ranking.application import routed
from services.ranking.application.drawing import Drawn, Made, draw, made_of, put_beside
from services.ranking.application.generations import (
    AGENCIES,
    CYCLES,
    PUBLISHED,
    SHOWN_VERSION,
    TABLES,
    Generations,
)
from services.ranking.application.ledgers import Ledgers
from services.ranking.application.retries import Retries
from shared.count.ledger import Ledger
from shared.count.table import assess_one
from shared.kernel.errors import is_away
from shared.ports import Document, Documents
from shared.runtime.pulse import Progress

__all__ = ["AGENCIES", "BOARD", "CYCLES", "PUBLISHED", "TABLES", "Board"]

BOARD = f"ranking_board.v{SHOWN_VERSION}"
"""Who drew last, up to which position of the ledgers' store, and which cycles could not be."""
DRAWER, DRAWN_TO, UNSHOWN = "drawer", "drawn-to", "unshown"

HIDDEN_BATCHES_MAX = 10
"""How many batches are read at most before what they come to is shown."""

_log = logging.getLogger(__name__)

OnBoard = Mapping[str, Document]


class Board:
    """Puts the documents of every ledger that has changed, as far as they differ from before.

    What was put before is remembered only once all of it is served, and as long as nobody else
    draws, whose name stands on the board then: what differs from it may be what another one has put
    since, perhaps from more than was read here. A cycle that cannot be shown stands on the board by
    its name, and keeps no other from being shown.
    """

    def __init__(
        self, ledgers: Ledgers, documents: Documents, name: str, hides: int = HIDDEN_BATCHES_MAX
    ) -> None:
        self._ledgers = ledgers
        self._all_documents = documents
        self._documents = routed.drawn(documents)
        self._generations = Generations(documents)
        self._name = name
        self._hides = hides
        self._records: dict[str, int] = {}
        self._shown: dict[str, Made] = {}
        self._drawn: dict[str, Drawn] = {}
        self._moves: dict[str, int] = {}
        self._retries = Retries()
        self._hidden = 0
        self._begun = False

    async def step(self) -> int:
        """Read on and show; returns 0 when it has shown something, so that it rests before more."""
        read = await self._ledgers.advance()
        self._hidden += 1
        if read == self._ledgers.batch and self._hidden < self._hides:
            return read
        self._hidden = 0
        return 0 if await self._show() else read

    async def progress(self) -> Progress:
        """Up to where the ledgers are shown, whoever did it; held by a cycle that cannot be."""
        on_board = await self._documents.many(BOARD, [DRAWN_TO, UNSHOWN])
        held = "cycle-not-shown" if _unshown(on_board) else ""
        return Progress(_drawn_to(on_board), await self._ledgers.end(), held)

    async def show_all(self) -> None:
        """Read on to the end of every ledger, and show it."""
        while await self._ledgers.advance():
            pass
        await self._show()

    async def _show(self) -> bool:
        """Show what was read; False where another has drawn from more, which is read first."""
        if not self._begun:
            await self._documents.drop(PUBLISHED)
            self._begun = True
        on_board = await self._take_turn()
        await self._forget_moved()
        position, unshown = self._ledgers.position, set(self._ledgers.failed)
        if position < _drawn_to(on_board):
            return False
        for cycle, ledger in list(self._ledgers.read.items()):
            if self._records.get(cycle) != ledger.records and not await self._shows(ledger):
                unshown.add(cycle)
        await self._stand_by_it()
        news = [Document(DRAWN_TO, position, {})] if position > _drawn_to(on_board) else []
        if (names := sorted(unshown)) != _unshown(on_board):
            news.append(Document(UNSHOWN, _next(on_board.get(UNSHOWN)), {"cycles": names}))
        if news:
            await self._documents.put(BOARD, news)
        return True

    async def _take_turn(self) -> OnBoard:
        """Put one's name on the board, and forget what was there before, if another has drawn.

        Returns what stands on the board.
        """
        on_board = await self._documents.many(BOARD, [DRAWER, DRAWN_TO, UNSHOWN])
        drawer = on_board.get(DRAWER)
        if not self._is_own(drawer):
            self._shown.clear()
            self._records.clear()
            await self._put_name(drawer)
        return on_board

    async def _stand_by_it(self) -> None:
        """Say once more who drew, if another has begun to meanwhile: it is to draw all again.

        What was put here may have overtaken what that one has seen served.
        """
        drawer = await self._documents.get(BOARD, DRAWER)
        if not self._is_own(drawer):
            await self._put_name(drawer)

    def _is_own(self, drawer: Document | None) -> bool:
        return bool(drawer and drawer.body and drawer.body["name"] == self._name)

    async def _put_name(self, before: Document | None) -> None:
        name = Document(DRAWER, _next(before), {"name": self._name})
        await self._documents.put(BOARD, [name])

    async def _forget_moved(self) -> None:
        """Forget what was shown of cycles whose pointer has moved, be it away and back.

        What was put meanwhile may lie in two generations.
        """
        pointers = await self._generations.pointers()
        now = {cycle: pointer.moves for cycle, pointer in pointers.items()}
        for cycle in self._moves.keys() | now.keys():
            if self._moves.get(cycle, 0) != now.get(cycle, 0):
                self._shown.pop(cycle, None)
                self._records.pop(cycle, None)
        self._moves = now

    async def _shows(self, ledger: Ledger) -> bool:
        """Show a cycle; False where that fails, be it now or a while ago.

        It is told once, and tried again with all that it is made of read and drawn anew.
        """
        cycle = ledger.cycle
        if not self._retries.is_due(cycle):
            return False
        try:
            await self._show_cycle(ledger)
        except Exception as error:
            if is_away(error):
                raise
            if self._retries.failed(cycle, error):
                _log.exception("%s cannot be shown", cycle)
            self._drawn.pop(cycle, None)
            await self._ledgers.read_anew(cycle)
            return False
        self._retries.succeeded(cycle)
        return True

    async def _show_cycle(self, ledger: Ledger) -> None:
        await self._prepare(ledger)
        records, made = ledger.records, self._made_of(ledger)
        if ledger.cycle not in self._shown and await self._is_outdated(made, records):
            await self._draw_beside(ledger.cycle, made, records)
        before = self._shown.get(ledger.cycle, {})
        news = {
            place: body
            for place, body in made.items()
            if place not in before or before[place] != body
        }
        await self._put(news, records)
        settled = await self._generations.settle(ledger.cycle)
        self._moves[ledger.cycle] = self._moves.get(ledger.cycle, 0) + settled
        if ledger.cycle in self._shown or await self._is_served(made):
            self._shown[ledger.cycle] = made
        self._records[ledger.cycle] = records

    async def _is_served(self, made: Made) -> bool:
        """Whether all of it is served: what another drew from later entries is not overwritten."""
        for name, keys in _by_collection(made).items():
            served = await self._documents.many(name, keys)
            if any(key not in served or served[key].body != made[name, key] for key in keys):
                return False
        return True

    async def _is_outdated(self, made: Made, records: int) -> bool:
        """Whether something was drawn otherwise from the very same entries, by another version."""
        for name, keys in _by_collection(made).items():
            served = await self._documents.many(name, keys)
            if any(
                each.position == records and each.body != made[name, key]
                for key, each in served.items()
            ):
                return True
        return False

    async def _draw_beside(self, cycle: str, made: Made, records: int) -> None:
        """Draw a cycle into a generation of its own, and let that serve.

        The positions would keep there what another version drew; and other cycles, which have the
        same collections, are none of its business.
        """
        _log.warning("%s was drawn by another version, and is drawn anew", cycle)
        begun = await self._generations.begin(cycle, self._name)
        await put_beside(self._all_documents, cycle, begun, made, records)
        await self._generations.carry_publications(cycle, begun)
        await self._generations.switch(cycle, begun, self._name)

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
        for name, keys in _by_collection(made).items():
            documents = [Document(key, position, made[name, key]) for key in keys]
            await self._documents.put(name, documents)


def _drawn_to(on_board: OnBoard) -> int:
    return on_board[DRAWN_TO].position if DRAWN_TO in on_board else 0


def _unshown(on_board: OnBoard) -> Sequence[str]:
    """The cycles that could not be shown."""
    unshown = on_board.get(UNSHOWN)
    return unshown.body["cycles"] if unshown and unshown.body else []


def _next(document: Document | None) -> int:
    return document.position + 1 if document else 1


def _by_collection(made: Made) -> Mapping[str, list[str]]:
    """The ids of each collection, both in the order of `made`."""
    found: dict[str, list[str]] = {}
    for name, key in made:
        found.setdefault(name, []).append(key)
    return found
