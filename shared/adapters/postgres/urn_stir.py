"""Stirring on PostgreSQL: boxes into which something came are stamped anew, slice by slice.

A slice is written by one transaction, so that all its rows bear one stamp, which says that the last
of them came before that. So a slice is a box (answers about one agency that came by one channel, or
receipts; the comments about one agency) or a part of a large one, between two names: no smaller one
hides an answer among enough. What is new and what is old of a slice are told apart by nothing.

Boxes without news keep their stamps, which are as old as the last thing that came into them. That
says no more than the stamps of rights do, which tell when somebody answered about which agency.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.adapters.postgres import urn_sql as sql
from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, rows_of
from shared.adapters.postgres.urn_draw import mark, stir_alone
from shared.ports import Chance

SLICE_ROWS_MAX = 1_000
"""So many rows are stamped by one transaction, for which drawing and discarding have to wait."""

SLICE_ROWS_MIN = 100
"""Fewer do not get a stamp of their own if their box holds more."""


@dataclass(frozen=True, slots=True)
class _Box:
    """Rows of a table that may be mixed."""

    table: str
    at: tuple[str, str, str]


async def restamp_all(database: PostgresDatabase, chance: Chance) -> bool:
    """Stamp anew every box into which something came; whether there was any."""
    came = [
        _Box(table, (questionnaire, agency, channel))
        for table, query in sql.NEWS.items()
        for questionnaire, agency, channel in await database.rows(query)
    ]
    for box in came:
        behind: str | None = ""
        while behind is not None:
            behind = await _restamp_next(database, chance, box, behind)
    return bool(came)


async def _restamp_next(
    database: PostgresDatabase, chance: Chance, box: _Box, behind: str
) -> str | None:
    """Stamp the slice of a box behind a name; behind which the next begins, None after the last."""

    async def restamp(connection: Connection) -> str | None:
        await stir_alone(connection)
        names = await _names(connection, box, behind)
        if not names:
            return None
        if behind and len(names) < SLICE_ROWS_MIN:
            return ""  # The others were drawn meanwhile.
        part = names[: _size(len(names))]
        await connection.execute(sql.RESTAMP[box.table], (*box.at, behind, part[-1]))
        await mark(connection, chance, (box.table,))
        return part[-1] if len(part) < len(names) else None

    return await database.transact(restamp)


async def _names(connection: Connection, box: _Box, behind: str) -> Sequence[str]:
    """The names behind this one in a box, of two slices at most."""
    rows = await rows_of(connection, sql.NAMES[box.table], *box.at, behind, 2 * SLICE_ROWS_MAX)
    return [name for (name,) in rows]


def _size(rows: int) -> int:
    """How large a slice is, of so many rows: what is left is never much less."""
    if rows <= SLICE_ROWS_MAX:
        return rows
    return SLICE_ROWS_MAX if rows == 2 * SLICE_ROWS_MAX else rows // 2
