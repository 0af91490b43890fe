"""Drawing batches on PostgreSQL, and writing tables anew: what transactions do with answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString, TypeVar

from shared.adapters.canonical import from_json
from shared.adapters.postgres import urn_sql as sql
from shared.adapters.postgres.connection import Connection, lock_key
from shared.adapters.postgres.database import PostgresDatabase, row_of, rows_of
from shared.ports import Box, Chance, Draw

Each = TypeVar("Each")

DRAWN = ("urn_answers", "urn_receipts")

_STIR_KEY = lock_key("urn-stir")

# One that cannot be removed: it has not been let out, and is to be stamped again when it is.
_LET_COMMENTS_BE_DUE = """
    update urn_comments set stirred = false where stirred and name = any(array(
        select min(name) from urn_comments
        where questionnaire = %s and not released and agency = any(%s) group by agency
    ))
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a batch may hold, and how much is left behind."""

    least: int
    most: int
    leave: int


class Drawing:
    """One transaction that sets a batch of a questionnaire aside."""

    def __init__(
        self, connection: Connection, chance: Chance, questionnaire: str, batch: int
    ) -> None:
        self._connection = connection
        self._chance = chance
        self._questionnaire = questionnaire
        self._batch = batch

    async def draw(self, boxes: Sequence[Box], taking: Size) -> Draw | None:
        """The batch, set aside now if it was not before."""
        await draw_alone(self._connection, self._questionnaire)
        discarded = await row_of(self._connection, sql.DISCARDED, self._questionnaire)
        if discarded is not None and self._batch <= discarded[0]:
            return None
        if drawn := await self._drawn():
            return drawn
        waiting = await self._undrawn(sql.UNDRAWN_ANSWERS, boxes)
        size = min(taking.most, len(waiting) - taking.leave)
        if size < taking.least:
            return None
        await self._set_aside(waiting, size)
        return await self._drawn()

    async def _set_aside(self, waiting: Sequence[tuple[str, Box]], size: int) -> None:
        """Set so many of the answers aside, and of each box as many receipts as answers."""
        drawn = self._shuffled(waiting)[:size]
        wanted = Counter(box for _, box in drawn)
        receipts: list[str] = []
        for receipt, box in self._shuffled(await self._undrawn(sql.UNDRAWN_RECEIPTS, list(wanted))):
            if wanted[box]:
                wanted[box] -= 1
                receipts.append(receipt)
        assert len(receipts) == size, "a box holds as many receipts as answers"
        await self._write(sql.SET_ANSWERS_ASIDE, [name for name, _ in drawn])
        await self._write(sql.SET_RECEIPTS_ASIDE, self._shuffled(receipts))
        await mark(self._connection, self._chance, DRAWN)
        # Of an answer that nobody has stirred nothing may be left by which comments would be due.
        agencies = [box.agency for box in wanted]
        await let_comments_be_due(self._connection, self._questionnaire, agencies)

    async def _undrawn(
        self, query: LiteralString, boxes: Sequence[Box]
    ) -> Sequence[tuple[str, Box]]:
        agencies = [box.agency for box in boxes]
        channels = [box.channel for box in boxes]
        rows = await rows_of(self._connection, query, self._questionnaire, agencies, channels)
        return [(name, Box(agency, channel)) for name, agency, channel in rows]

    async def _write(self, statement: LiteralString, names: Sequence[str]) -> None:
        await self._connection.execute(statement, (self._batch, list(names)))

    async def _drawn(self) -> Draw | None:
        at = (self._questionnaire, self._batch)
        drawn = await rows_of(self._connection, sql.ANSWERS_OF_BATCH, *at)
        if not drawn:
            return None
        receipts = await rows_of(self._connection, sql.RECEIPTS_OF_BATCH, *at)
        return Draw(
            self._batch,
            [Box(agency, channel) for agency, channel, _ in drawn],
            [from_json(answer) for _, _, answer in drawn],
            [receipt for (receipt,) in receipts],
        )

    def _shuffled(self, kept: Sequence[Each]) -> list[Each]:
        return [kept[place] for place in self._chance.shuffled(len(kept))]


async def discard(connection: Connection, chance: Chance, questionnaire: str, batch: int) -> None:
    """Forget what a drawn batch held; its rows are gone once the tables are written anew."""
    await draw_alone(connection, questionnaire)
    for forget in sql.FORGET:
        await connection.execute(forget, (questionnaire, batch))
    await connection.execute(sql.DISCARD, (questionnaire, batch))
    await mark(connection, chance, DRAWN)


async def write_anew(database: PostgresDatabase) -> None:
    """Write every table anew that is marked: what was deleted or moved there is gone afterwards.

    A mark that is made meanwhile stays, for whoever made it.
    """
    for table, pending in await database.rows(sql.PENDING):
        await database.rewrite(sql.REWRITE[table])
        await database.execute(sql.UNMARK, table, pending)


async def mark(connection: Connection, chance: Chance, tables: Sequence[str]) -> None:
    """Mark tables in which this transaction leaves dead rows.

    So they are written anew even if this process ends before it does that.
    """
    await connection.execute(sql.MARK, (chance.token(), list(tables)))


async def let_comments_be_due(
    connection: Connection, questionnaire: str, agencies: Sequence[str]
) -> None:
    """Have comments about these agencies stamped behind this transaction, however it goes on."""
    await release_alone(connection, questionnaire)
    await connection.execute(_LET_COMMENTS_BE_DUE, (questionnaire, list(agencies)))


async def release_alone(connection: Connection, questionnaire: str) -> None:
    """Keep away, until the end of this transaction, who lets comments out here."""
    await connection.execute(sql.TAKE_LOCK, (lock_key("urn-release", questionnaire),))


async def draw_alone(connection: Connection, questionnaire: str) -> None:
    """Keep away, until the end of this transaction, who draws or discards here, and who stirs."""
    await stay_unstirred(connection)
    await connection.execute(sql.TAKE_LOCK, (lock_key("urn-draw", questionnaire),))


async def stir_alone(connection: Connection) -> None:
    """Keep away, until the end of this transaction, who draws, discards or stirs."""
    await connection.execute(sql.TAKE_LOCK, (_STIR_KEY,))


async def stay_unstirred(connection: Connection) -> None:
    """Keep away who stirs until the end of this transaction, and nobody else."""
    await connection.execute(sql.SHARE_LOCK, (_STIR_KEY,))
