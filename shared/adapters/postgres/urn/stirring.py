"""Stirring on PostgreSQL: what came is stamped anew, and its tables are written anew after that.

A loop stirs everything, and gives others a turn behind each box. Who wants to draw what was not
stirred stirs that box alone, writes anew the two tables that are drawn from, and draws in the same
turn: nobody else stirs between. The rest is left to the loop, which finds it by what is marked.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from shared.adapters.postgres.database import PostgresDatabase, Work
from shared.adapters.postgres.rewriting import write_anew
from shared.adapters.postgres.urn.drawing import DRAWN_FROM, NotStirred
from shared.adapters.postgres.urn.stamping import Rows, news, restamp
from shared.adapters.postgres.urn.turns import Turns
from shared.kernel.errors import Unavailable

SLICE_ROWS_MAX = 1_000
"""So many rows are stamped by one transaction, for which drawing and discarding have to wait."""

STIRRINGS_MAX = 3
"""So often who draws stirs, should others stir beside it; then it is left for another time."""

Result = TypeVar("Result")

_UNDRAWN = "select count(*) from urn_answers where batch is null"


class Stirring:
    """Stirs one urn."""

    def __init__(self, database: PostgresDatabase, rows_max: int = SLICE_ROWS_MAX) -> None:
        self._database = database
        self._rows_max = rows_max
        self._turns = Turns(database)

    async def stir(self) -> int:
        """Stir all; how many answers wait, 0 if nothing came."""
        waiting = await self.restamp_all()
        await self._turns.take(partial(write_anew, self._database))
        return waiting

    async def restamp_all(self) -> int:
        """Stamp anew everything into which something came; as many as `stir` says."""
        due = await news(self._database)
        for rows in due:
            await self._turns.take(partial(restamp, self._database, rows, self._rows_max))
        if not due:
            return 0
        undrawn = await self._database.row(_UNDRAWN)
        assert undrawn is not None, "a count is a row"
        count: int = undrawn[0]
        return count

    async def draw_behind(self, due: Sequence[Rows], draw: Work[Result]) -> Result:
        """Stir some rows, and draw; again where `NotStirred` is raised by that.

        Raises `Unavailable` where the tables may still tell with whose right something came.
        """

        async def draw_behind() -> Result:
            for _ in range(STIRRINGS_MAX):
                for rows in due:
                    await restamp(self._database, rows, self._rows_max)
                await write_anew(self._database, DRAWN_FROM)
                with suppress(NotStirred):
                    return await self._database.transact(draw)
            raise Unavailable("rows-held")

        return await self._turns.take(draw_behind)
