"""What one service keeps in its PostgreSQL database is made here, and nowhere else.

What is made changes by editions (`shared.adapters.postgres.edition`): a statement is added, and
says `if not exists`, so that it comes beside what an earlier version made, while that one runs.
"""

import asyncio
from typing import LiteralString

from shared.adapters.eventstore.postgres_tables import create_tables
from shared.adapters.postgres import directory, drafts, edition, keys, ownership, rewriting
from shared.adapters.postgres.connection import AWAY, Connection, connect, lock_key
from shared.adapters.postgres.database import TABLE_LOCK_TIMEOUT_MS
from shared.adapters.postgres.urn import counted, former, putting, tables
from shared.kernel.errors import Unavailable

FACTS = "facts"
"""The store of what a service says."""
INBOX = "inbox"
"""The store of what it heard."""
STORES = (FACTS, INBOX)
MIGRATION_TIMEOUT_S = 60

STATEMENTS: tuple[LiteralString, ...] = (
    *ownership.SCHEMA,
    *keys.SCHEMA,
    *drafts.SCHEMA,
    *directory.SCHEMA,
    *rewriting.SCHEMA,
    *tables.TABLES,
    *former.DROPPED,
    putting.FUNCTION,
    *counted.REMEMBER,
    *edition.SCHEMA,
)
"""All that is made beside the stores, in this order."""

_ALONE = "select pg_advisory_lock(%s)"
_HOLD_UP_NOBODY = f"set lock_timeout = '{TABLE_LOCK_TIMEOUT_MS}ms'"


async def migrate(url: str) -> None:
    """Make all tables of a service that are not there; several may do it at once.

    Where a later version has made them, they stay as they are.
    They must be its own: a service writes its tables anew when it forgets something in them.
    Raises `Unavailable` where others hold a table for too long, as the dump of a backup does: some
    statements take a table from everybody, if only to find that nothing is to be done.
    Raises `Refused("urn-of-earlier-version")` where answers wait that this version cannot count;
    then everything is as it was, and the earlier version goes on. Raises
    `Refused("database-of-later-version")` where a later version left this one behind.
    """
    patience = f"{MIGRATION_TIMEOUT_S}s"
    settings = {"statement_timeout": patience, "lock_timeout": patience}
    try:
        async with await connect(url, "migration", settings) as connection:
            await connection.execute(_ALONE, (lock_key("migration"),))
            await connection.execute(_HOLD_UP_NOBODY)
            await _create_all(connection, url)
    except AWAY as error:
        raise Unavailable("database-unavailable") from error


async def _create_all(connection: Connection, url: str) -> None:
    if (await edition.found(connection)).number > edition.EDITION:
        return
    await former.move(connection)
    for statement in STATEMENTS:
        await connection.execute(statement)
    for name in STORES:
        await asyncio.to_thread(create_tables, url, name)
    await edition.note(connection)
