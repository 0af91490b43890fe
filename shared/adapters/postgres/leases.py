"""Leases on PostgreSQL: advisory locks of one connection, which end with it."""

import asyncio

from shared.adapters.postgres.connection import AWAY, Connection, connect, lock_key, time_limit
from shared.adapters.postgres.database import row_of
from shared.kernel.errors import Unavailable

RECHECK_S = 1.0
"""So long an answer of the database is believed without asking again."""
ANSWER_TIMEOUT_S = 2.0
STANDSTILL_S_MAX = 30
"""A process that stands still for longer loses its leases."""

_TAKE = "select pg_try_advisory_lock(%s)"
_GIVE = "select pg_advisory_unlock(%s)"
_PING = "select 1"


class PostgresLeases:
    """Leases of one process of a service.

    Where the connection breaks, the server gives the leases to whoever asks, and this process
    learns of it the next time it asks: for `RECHECK_S`, two may hold one. The server breaks it
    where nobody asked for `standstill_s_max`.
    """

    def __init__(self, url: str, service: str, *, standstill_s_max: int = STANDSTILL_S_MAX) -> None:
        self._url = url
        self._service = service
        self._settings = {"idle_session_timeout": f"{standstill_s_max}s"}
        self._connection: Connection | None = None
        self._held: set[str] = set()
        self._answered_s: dict[str, float] = {}
        self._failed_s: float | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    async def hold(self, name: str) -> bool:
        """Whether this process has the lease now; it takes one that is free."""
        assert name, "a lease has a name"
        async with self._turn:
            self._check_hope()
            if not _is_recent(self._answered_s.get(name)):
                await self._ask(name)
            return name in self._held

    async def release(self, name: str) -> None:
        """Let go of a lease, on the connection that has it, or together with that."""
        async with self._turn:
            if name in self._held and self._connection is not None:
                await self._give(self._connection, name)

    async def close(self) -> None:
        """Give the leases back."""
        self._closed = True
        async with self._turn:
            await self._lose()

    def _check_hope(self) -> None:
        """Who asked in vain just now is not asked again by all who queued up meanwhile."""
        if self._closed or _is_recent(self._failed_s):
            raise Unavailable("database-unavailable")

    async def _ask(self, name: str) -> None:
        try:
            if self._connection is None:
                self._connection = await connect(self._url, "leases", self._settings)
            with time_limit(self._connection, ANSWER_TIMEOUT_S):
                await self._take_or_confirm(self._connection, name)
        except AWAY as error:
            await self._lose()
            self._failed_s = _now_s()
            raise Unavailable("database-unavailable") from error
        except BaseException:
            await self._lose()  # Whether a lease was taken is not known.
            raise

    async def _give(self, connection: Connection, name: str) -> None:
        try:
            with time_limit(connection, ANSWER_TIMEOUT_S):
                await row_of(connection, _GIVE, lock_key("lease", self._service, name))
        except AWAY:
            await self._lose()  # What this connection had ends with it.
            return
        except BaseException:
            await self._lose()
            raise
        self._held.discard(name)
        self._answered_s.pop(name, None)

    async def _take_or_confirm(self, connection: Connection, name: str) -> None:
        if name in self._held:
            await row_of(connection, _PING)
            # The connection is alive, and with it everything that it holds.
            self._answered_s.update(dict.fromkeys(self._held, _now_s()))
            return
        taken = await row_of(connection, _TAKE, lock_key("lease", self._service, name))
        if taken is not None and taken[0]:
            self._held.add(name)
        self._answered_s[name] = _now_s()

    async def _lose(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        self._answered_s.clear()
        if connection is not None:
            await connection.close()


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _is_recent(at_s: float | None) -> bool:
    return at_s is not None and _now_s() - at_s < RECHECK_S
