"""Which edition of its tables a database has, and whose processes can work with them.

Tables change in two steps, so that processes of two versions stand side by side. What is new comes
beside what there was (expand), and is no matter for who does not know it. What nobody uses any more
goes by a later edition (contract), once no process runs that does; that edition says by `OLDEST`
whom it leaves behind. So a process waits for its own edition, works with any later one that does
not leave it behind, and never meets half of one: the number is written when all of it is made.
"""

from dataclasses import dataclass

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, row_of
from shared.kernel.errors import Refused, Unavailable

EDITION = 1
"""Raised with every change of what is made in a database (tests/golden/stored.json holds it)."""
OLDEST = 0
"""The first edition whose processes work with these tables; 0 are those before there were editions.

Raised by a change that takes away, or makes otherwise, what an earlier version uses.
"""

SCHEMA = (
    """create table if not exists edition (
        id integer primary key check (id = 1),
        edition integer not null,
        oldest integer not null
    )""",
)
_IS_NOTED = "select to_regclass('edition') is not null"
_NOTED = "select edition, oldest from edition"
_NOTE = """
    insert into edition (id, edition, oldest) values (1, %s, %s)
    on conflict (id) do update set edition = excluded.edition, oldest = excluded.oldest
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the tables, and the oldest one whose processes can work with it."""

    number: int
    oldest: int


OURS = Edition(EDITION, OLDEST)
NONE = Edition(0, 0)
"""What a new database has, and one of a time before there were editions."""


async def found(connection: Connection, own: Edition = OURS) -> Edition:
    """The edition that a database has.

    Raises `Refused("database-of-later-version")` where it leaves ours behind.
    """
    if await row_of(connection, _IS_NOTED) != (True,):
        return NONE
    noted = await row_of(connection, _NOTED)
    return _usable(Edition(*noted), own) if noted else NONE


async def note(connection: Connection, made: Edition = OURS) -> None:
    """Write down that all of an edition is made."""
    await connection.execute(_NOTE, (made.number, made.oldest))


async def require(database: PostgresDatabase, own: Edition = OURS) -> None:
    """See that a process can work with the tables that there are.

    Raises `Unavailable("database-not-migrated")` until they are of its edition or a later one, and
    `Refused("database-of-later-version")` where they leave it behind.
    """
    noted = await database.row(_NOTED)
    if noted is None or _usable(Edition(*noted), own).number < own.number:
        raise Unavailable("database-not-migrated")


def _usable(noted: Edition, own: Edition) -> Edition:
    if noted.oldest > own.number:
        raise Refused(
            "database-of-later-version",
            found=str(noted.number),
            oldest=str(noted.oldest),
            own=str(own.number),
        )
    return noted
