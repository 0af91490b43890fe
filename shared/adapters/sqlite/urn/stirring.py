"""Stirring: whatever waits moves, slice by slice, from one side of its table to the other.

What comes lies on the side 0, in pages that fill as it comes. Stirring moves all rows of a table to
an empty side (1 or 2), so many at a time, in the order of their names. Keys and indices begin with
the side: so it fills pages that hold nothing else, and where something lies there follows from
names alone. Moved in their own places, the rows of a slice would still lie where these rows lay
before, and those of one agency among them are too few to hide in.

The side that is filled says how far stirring has come: after a crash it goes on behind the last
name there. What comes meanwhile under an earlier name stays on the side 0 until the next time: it
would lie among the others like a patch.

All tables are moved if something came into one: who answers does not always write a comment, and
what the table of comments looks like is not to tell when that was done last.

Rows leave in a random order. So do the pages that they free, which are taken again in that order:
else names, which are in the file, would lead back to where something lay before.
"""

from dataclasses import dataclass

from shared.adapters.sqlite.database import Connection
from shared.ports import Chance

SLICE_ROWS_MAX = 500
"""So many rows are written anew by one transaction: who puts in waits for one at most."""

JUST_CAME = 0
SIDES = (1, 2)

STIRRED = ("comments", "receipts", "answers")
"""Answers are the last, so that whatever is broken off is found to be due by them."""

_UNDRAWN = "select count(*) from answers where stirred in (0, 1, 2) and batch is null"
# Of each table: its first and its last name on a side; what follows there behind a
# name; a row leaves its side, and arrives on another.
_FIRST = {
    "answers": "select min(name) from answers where stirred = ?",
    "receipts": "select min(receipt) from receipts where stirred = ?",
    "comments": "select min(name) from comments where stirred = ?",
}
_LAST = {
    "answers": "select max(name) from answers where stirred = ?",
    "receipts": "select max(receipt) from receipts where stirred = ?",
    "comments": "select max(name) from comments where stirred = ?",
}
_BEHIND = {
    "answers": """
        select name, stirred, questionnaire, agency, channel, answer, batch, place
        from answers where stirred = ? and name > ? order by name limit ?
    """,
    "receipts": """
        select receipt, stirred, questionnaire, agency, channel, batch, place
        from receipts where stirred = ? and receipt > ? order by receipt limit ?
    """,
    "comments": """
        select name, stirred, questionnaire, agency, question, text, released
        from comments where stirred = ? and name > ? order by name limit ?
    """,
}
_LEAVE = {
    "answers": "delete from answers where name = ? and stirred = ?",
    "receipts": "delete from receipts where receipt = ? and stirred = ?",
    "comments": "delete from comments where name = ? and stirred = ?",
}
_ARRIVE = {
    "answers": """
        insert into answers
        (stirred, name, questionnaire, agency, channel, answer, batch, place)
        values (?, ?, ?, ?, ?, ?, ?, ?)
    """,
    "receipts": """
        insert into receipts (stirred, receipt, questionnaire, agency, channel, batch, place)
        values (?, ?, ?, ?, ?, ?, ?)
    """,
    "comments": """
        insert into comments (stirred, name, questionnaire, agency, question, text, released)
        values (?, ?, ?, ?, ?, ?, ?)
    """,
}


@dataclass(frozen=True, slots=True)
class Moving:
    """A table on its way to the side `target`; `resumed` where somebody began with that before."""

    table: str
    target: int
    resumed: bool


def is_due(connection: Connection) -> bool:
    """Whether something came into any table, or was left half done."""
    return any(
        _first(connection, table, JUST_CAME) is not None or moving(connection, table).resumed
        for table in STIRRED
    )


def moving(connection: Connection, table: str) -> Moving:
    """How a table is to be moved next."""
    one, other = (_first(connection, table, side) for side in SIDES)
    if one is not None and other is not None:
        return Moving(table, SIDES[0] if one < other else SIDES[1], resumed=True)
    return Moving(table, SIDES[0] if one is None else SIDES[1], resumed=False)


def move(connection: Connection, chance: Chance, way: Moving, rows_max: int) -> int:
    """Move the next slice in one transaction; returns how many rows there were."""
    select = _BEHIND[way.table]
    behind = connection.execute(_LAST[way.table], (way.target,)).fetchone()[0] or ""
    found = [
        row
        for side in (JUST_CAME, *SIDES)
        if side != way.target
        for row in connection.execute(select, (side, behind, rows_max))
    ]
    rows = sorted(found)[:rows_max]
    leaving = [rows[place][:2] for place in chance.shuffled(len(rows))]
    connection.executemany(_LEAVE[way.table], leaving)
    connection.executemany(
        _ARRIVE[way.table], [(way.target, name, *parts) for name, _, *parts in rows]
    )
    return len(rows)


def undrawn(connection: Connection) -> int:
    """How many answers wait that nobody has drawn."""
    count: int = connection.execute(_UNDRAWN).fetchone()[0]
    return count


def _first(connection: Connection, table: str, side: int) -> str | None:
    name: str | None = connection.execute(_FIRST[table], (side,)).fetchone()[0]
    return name
