"""Connections to PostgreSQL: what each is told in words, and how one is given up.

A server may be away without a word: paused, or behind a broken network. So each limit is set here
by name, on both sides, and who waits for an answer longer than allowed cuts the connection off.
"""

import asyncio
import hashlib
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import LockNotAvailable
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from shared.kernel.errors import Refused, Unavailable

CONNECT_TIMEOUT_S = 2  # The least that libpq takes.
STATEMENT_TIMEOUT_S = 4
LOCK_TIMEOUT_S = 3
IDLE_IN_TRANSACTION_TIMEOUT_S = 4
"""So long a client that stands still holds its locks."""
PREPARE_AFTER_USES = 5

# What a pool of them keeps to, be it ours or that of a library.
CONNECTIONS_MIN = 1
CONNECTION_TIMEOUT_S = 2.0
"""So long a call waits for a connection that is free and alive."""
AGE_S_MAX = 1_800.0
IDLE_S_MAX = 300.0
RECONNECT_S = 1.0
"""So long the pool tries by itself to replace a connection; afterwards whoever needs one does."""
POOL_WORKERS = 3

# A peer that went without a goodbye is found out after IDLE + COUNT * INTERVAL seconds.
KEEPALIVE_IDLE_S = 5
KEEPALIVE_INTERVAL_S = 2
KEEPALIVE_COUNT = 3
UNACKNOWLEDGED_MS_MAX = 10_000

Connection = AsyncConnection[TupleRow]

AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)
"""What psycopg raises where the server is not there, or cannot do it now."""

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "statement_timeout": f"{STATEMENT_TIMEOUT_S}s",
        "lock_timeout": f"{LOCK_TIMEOUT_S}s",
        "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_TIMEOUT_S}s",
        "default_transaction_isolation": "read committed",
        # What is acknowledged is on the disk, whatever the server's own configuration says.
        "synchronous_commit": "on",
        "search_path": "public",
        # A statement that fails is logged by the server, and never with what it was to put in: a
        # token's hash, an answer and a receipt would stand there side by side.
        "log_parameter_max_length_on_error": "0",
        "tcp_keepalives_idle": str(KEEPALIVE_IDLE_S),
        "tcp_keepalives_interval": str(KEEPALIVE_INTERVAL_S),
        "tcp_keepalives_count": str(KEEPALIVE_COUNT),
        "tcp_user_timeout": str(UNACKNOWLEDGED_MS_MAX),
    }
)
_CLIENT: Mapping[str, Any] = MappingProxyType(
    {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "keepalives": 1,
        "keepalives_idle": KEEPALIVE_IDLE_S,
        "keepalives_interval": KEEPALIVE_INTERVAL_S,
        "keepalives_count": KEEPALIVE_COUNT,
        "tcp_user_timeout": UNACKNOWLEDGED_MS_MAX,
        "target_session_attrs": "read-write",
        "client_encoding": "UTF8",
    }
)
_NAMED = MappingProxyType({"dbname": "", "host": "", "port": "5432", "user": "", "password": ""})


def parameters(
    url: str, purpose: str, settings: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The parameters of a connection, for libpq, with `settings` beside those of this module.

    A URL says where the server is, who asks, and how the way there is encrypted.
    """
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # The driver's own words quote the URL, and with it the password.
        raise Refused("database-url-unreadable") from None
    told = {**SETTINGS, **settings}
    options = " ".join(f"-c {name}={_escaped(value)}" for name, value in told.items())
    own = {
        "application_name": f"cchc {purpose}",
        "options": f"{given.get('options', '')} {options}".strip(),
    }
    return {**_NAMED, **given, **_CLIENT, **own}


async def connect(
    url: str, purpose: str, settings: Mapping[str, str] = MappingProxyType({})
) -> Connection:
    """A connection of its own, on which each statement is a transaction unless one is begun."""
    return await AsyncConnection.connect(
        **parameters(url, purpose, settings),
        autocommit=True,
        prepare_threshold=PREPARE_AFTER_USES,
        row_factory=tuple_row,
    )


async def probe(url: str) -> None:
    """Reach the server once; raises `Unavailable`, whose cause says what is in the way.

    A pool keeps that to itself: a wrong password and a server that is away look alike there.
    """
    try:
        async with await connect(url, "probe"):
            return
    except AWAY as error:
        raise Unavailable("database-unavailable") from error


@contextmanager
def time_limit(connection: Connection, timeout_s: float) -> Iterator[None]:
    """Cut the connection off where what is done with it takes longer.

    Whoever waits for an answer then learns, as if the server had gone, that none will come. To
    cancel the task instead would ask that same server to cancel, and wait for it.
    """
    timer = asyncio.get_running_loop().call_later(timeout_s, _cut_off, connection)
    try:
        yield
    finally:
        timer.cancel()


def is_held(error: BaseException | None) -> bool:
    """Whether a lock was waited for in vain, whoever told whom of it."""
    while error is not None and not isinstance(error, LockNotAvailable):
        error = error.__cause__
    return error is not None


def states(pool: ConnectionPool[Any] | AsyncConnectionPool[Any]) -> Mapping[str, int]:
    """How many connections of a pool there are, by their state."""
    told = pool.get_stats()
    size, idle = told.get("pool_size", 0), told.get("pool_available", 0)
    return {"used": size - idle, "idle": idle}


def lock_key(*names: str) -> int:
    """The number of an advisory lock: 64 bits that are the same in every process and release."""
    digest = hashlib.sha256("\x00".join(names).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _cut_off(connection: Connection) -> None:
    if connection.closed:
        return
    with (
        suppress(OSError),  # The other side was faster: it is cut off already.
        socket.socket(fileno=os.dup(connection.fileno())) as twin,
    ):
        twin.shutdown(socket.SHUT_RDWR)


def _escaped(value: str) -> str:
    """https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS."""
    return value.replace("\\", "\\\\").replace(" ", "\\ ")
