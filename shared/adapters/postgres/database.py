"""Transactions on a service's PostgreSQL database, over a few connections that are kept open."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import LiteralString, TypeVar

from psycopg import AsyncConnection, errors
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import AsyncConnectionPool

from shared.adapters.postgres.connection import (
    AGE_S_MAX,
    AWAY,
    CONNECTION_TIMEOUT_S,
    CONNECTIONS_MIN,
    IDLE_S_MAX,
    POOL_WORKERS,
    PREPARE_AFTER_USES,
    RECONNECT_S,
    Connection,
    parameters,
    states,
    time_limit,
)
from shared.kernel.errors import Unavailable

CONNECTIONS_MAX = 4
WAITING_MAX = 200
PING_TIMEOUT_S = 1.0
TRANSACTION_TIMEOUT_S = 4.0
REWRITE_TIMEOUT_S = 30
REWRITE_LOCK_TIMEOUT_MS = 500
"""So long a rewriting waits for its table at most: all who want the table wait behind it."""
CLOSE_TIMEOUT_S = 5.0

_ALLOW_TIME = f"set local statement_timeout = '{REWRITE_TIMEOUT_S}s'"
_HOLD_UP_NOBODY = f"set local lock_timeout = '{REWRITE_LOCK_TIMEOUT_MS}ms'"

UNDEFINED = (errors.UndefinedTable, errors.UndefinedFunction, errors.UndefinedColumn)
"""What is raised where tables are not there, or as an earlier version made them."""

Result = TypeVar("Result")
Work = Callable[[Connection], Awaitable[Result]]


@asynccontextmanager
async def connect(
    url: str, *, connections_max: int = CONNECTIONS_MAX
) -> AsyncIterator["PostgresDatabase"]:
    """A database, whose connections are closed at the end; none is made before it is needed."""
    database = PostgresDatabase(url, connections_max=connections_max)
    try:
        yield database
    finally:
        await database.close()


class PostgresDatabase:
    """One service's database; the tables in it are made by `shared.adapters.migration`."""

    def __init__(self, url: str, *, connections_max: int = CONNECTIONS_MAX) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            connection_class=AsyncConnection[TupleRow],
            kwargs={
                **parameters(url, "database"),
                "autocommit": True,
                "prepare_threshold": PREPARE_AFTER_USES,
                "row_factory": tuple_row,
            },
            min_size=CONNECTIONS_MIN,
            max_size=connections_max,
            open=False,
            check=_ping,
            close_returns=False,
            timeout=CONNECTION_TIMEOUT_S,
            max_waiting=WAITING_MAX,
            max_lifetime=AGE_S_MAX,
            max_idle=IDLE_S_MAX,
            reconnect_timeout=RECONNECT_S,
            num_workers=POOL_WORKERS,
        )
        self._closed = False

    async def transact(
        self, work: Work[Result], *, timeout_s: float = TRANSACTION_TIMEOUT_S
    ) -> Result:
        """Run a transaction: all of it, or nothing where it raises.

        Raises `Unavailable` where the server is away or takes longer than `timeout_s`; whether it
        was done is then not known. Each statement sees what was committed before it began.
        """

        async def transact(connection: Connection) -> Result:
            async with connection.transaction():
                return await work(connection)

        return await self._use(transact, timeout_s)

    async def execute(self, query: LiteralString, *values: object) -> None:
        """A transaction of one statement."""

        async def execute(connection: Connection) -> None:
            await connection.execute(query, values)

        await self._use(execute)

    async def rows(self, query: LiteralString, *values: object) -> list[TupleRow]:
        """All that a query finds."""
        return await self._use(lambda connection: rows_of(connection, query, *values))

    async def row(self, query: LiteralString, *values: object) -> TupleRow | None:
        """The one row that a query finds, or None."""
        return await self._use(lambda connection: row_of(connection, query, *values))

    async def rewrite(self, work: Work[Result]) -> Result:
        """Run a transaction that takes a table from everybody else, to write it anew.

        Raises `Unavailable` where others hold the table for too long, as the dump of a backup does.
        """

        async def rewrite(connection: Connection) -> Result:
            await connection.execute(_ALLOW_TIME)
            await connection.execute(_HOLD_UP_NOBODY)
            return await work(connection)

        return await self.transact(rewrite, timeout_s=REWRITE_TIMEOUT_S)

    async def _use(self, work: Work[Result], timeout_s: float = TRANSACTION_TIMEOUT_S) -> Result:
        """Do something on a connection, on which each statement is a transaction by itself."""
        if self._closed:
            raise Unavailable("database-unavailable")
        try:
            await self._pool.open(wait=False)
            async with self._pool.connection() as connection:
                with time_limit(connection, timeout_s):
                    return await work(connection)
        except UNDEFINED as error:
            raise Unavailable("database-not-migrated") from error
        except AWAY as error:
            raise Unavailable("database-unavailable") from error

    def connections(self) -> Mapping[str, int]:
        """How many connections there are, by their state."""
        return states(self._pool)

    async def close(self) -> None:
        """Close the connections; every later call raises `Unavailable`."""
        self._closed = True
        await self._pool.close(timeout=CLOSE_TIMEOUT_S)


async def rows_of(connection: Connection, query: LiteralString, *values: object) -> list[TupleRow]:
    """All that a query finds."""
    return await (await connection.execute(query, values)).fetchall()


async def row_of(connection: Connection, query: LiteralString, *values: object) -> TupleRow | None:
    """The one row that a query finds, or None."""
    found = await rows_of(connection, query, *values)
    assert len(found) <= 1, "the query finds one row"
    return found[0] if found else None


async def _ping(connection: Connection) -> None:
    with time_limit(connection, PING_TIMEOUT_S):
        await connection.execute("")
