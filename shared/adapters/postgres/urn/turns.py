"""Turns at stirring on PostgreSQL: one at a time has them, in this process and among all.

A turn is a transaction that has a lock and does nothing, beside those that do the work: so it
keeps no dead row from being removed. A statement that waits for a turn does; so each waits for a
moment only, and asks again. Where a turn is lost, by a connection that breaks or by its limit, two
stir beside each other: that costs time and spoils nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from psycopg import errors

from shared.adapters.postgres.connection import Connection, lock_key
from shared.adapters.postgres.database import PostgresDatabase
from shared.adapters.postgres.urn.locks import TAKE_LOCK
from shared.kernel.errors import Unavailable

TURN_S_MAX = 120
"""So long a turn takes at most, with the time in which it is waited for."""

MOMENT_MS = 500
MOMENTS_MAX = 60
"""So often a turn is waited for, of which each ends in some seconds."""

Result = TypeVar("Result")

_ALLOW_TIME = f"set local idle_in_transaction_session_timeout = '{TURN_S_MAX}s'"
_WAIT_A_MOMENT = f"set local lock_timeout = '{MOMENT_MS}ms'"
KEY = lock_key("urn-turn")


class Turns:
    """Turns of one urn; those of a process that wait have one connection at most."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._mine = asyncio.Lock()

    async def take(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do something in a turn. Raises `Unavailable` where others have it for too long."""

        async def take(connection: Connection) -> Result:
            await connection.execute(_ALLOW_TIME)
            await connection.execute(_WAIT_A_MOMENT)
            await _wait(connection)
            return await work()

        async with self._mine:
            return await self._database.transact(take, timeout_s=TURN_S_MAX)


async def _wait(connection: Connection) -> None:
    for _ in range(MOMENTS_MAX):
        try:
            # Within a savepoint, whose end lets go of what the statement saw too.
            async with connection.transaction():
                await connection.execute(TAKE_LOCK, (KEY,))
        except errors.LockNotAvailable:
            continue
        return
    raise Unavailable("database-unavailable")
