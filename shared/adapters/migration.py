"""What one service keeps in its PostgreSQL database is made here, and nowhere else.

What is made changes by editions (`shared.adapters.postgres.edition`): a statement is added, and
says `if not exists`, so that it comes beside what an earlier version made, while that one runs.
"""

import asyncio
import logging
from typing import LiteralString

from shared.adapters.eventstore.postgres_tables import create_tables
from shared.adapters.postgres import directory, drafts, edition, keys, ownership, rewriting
from shared.adapters.postgres.connection import AWAY, Connection, connect, is_held, lock_key
from shared.adapters.postgres.urn import counted, former, putting, tables
from shared.kernel.errors import Unavailable

FACTS = "facts"
"""The store of what a service says."""
INBOX = "inbox"
"""The store of what it heard."""
STORES = (FACTS, INBOX)
MIGRATION_TIMEOUT_S = 60
LOCK_TIMEOUT_MS = 1_500
"""So long it waits for a lock on a table, with whoever wants that table then behind it.

An autovacuum gives way to who has waited for PostgreSQL's `deadlock_timeout`, which is a second.
"""
HELD_S_MAX = 300.0
"""So long it asks again for what somebody holds."""
HELD_PAUSE_S = 1.0

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
_HOLD_UP_NOBODY = "select set_config('lock_timeout', %s, false)"

_log = logging.getLogger(__name__)


async def migrate(url: str) -> None:
    """Make all tables of a service that are not there; several may do it at once.

    Where a later version has made them, they stay as they are.
    They must be its own: a service writes its tables anew when it forgets something in them.
    Some statements take a table from everybody, if only to find that nothing is to be done: one
    that others hold, as the dump of a backup does, is let go and asked for again, until
    `Unavailable` is raised in the end. Raises it at once where the server is away. Raises
    `Refused("urn-of-earlier-version")` where answers wait that this version cannot count;
    then everything is as it was, and the earlier version goes on. Raises
    `Refused("database-of-later-version")` where a later version left this one behind.
    """
    time_s = asyncio.get_running_loop().time
    deadline_s = time_s() + HELD_S_MAX
    while True:
        try:
            return await _migrate(url)
        except Unavailable as error:
            if not is_held(error) or time_s() >= deadline_s:
                raise
            _log.warning("waiting for what somebody holds in the database: %s", error.__cause__)
        await asyncio.sleep(HELD_PAUSE_S)


async def _migrate(url: str) -> None:
    patience = f"{MIGRATION_TIMEOUT_S}s"
    settings = {"statement_timeout": patience, "lock_timeout": patience}
    try:
        async with await connect(url, "migration", settings) as connection:
            await connection.execute(_ALONE, (lock_key("migration"),))
            await connection.execute(_HOLD_UP_NOBODY, (_lock_timeout(),))
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
        await asyncio.to_thread(create_tables, url, name, lock_timeout=_lock_timeout())
    await edition.note(connection)


def _lock_timeout() -> str:
    return f"{LOCK_TIMEOUT_MS}ms"
