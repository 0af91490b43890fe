"""Places for databases: made empty, seen to be empty, taken over from a copy, and given up."""

from typing import LiteralString

from psycopg import sql

from shared.adapters.postgres.connection import AWAY, Connection, connect
from shared.adapters.postgres.database import PostgresDatabase
from shared.adapters.postgres.ownership import new_log_name
from shared.kernel.errors import Refused, Unavailable

TIMEOUT_S = 60
_TABLES = "select count(*) from pg_tables where schemaname = 'public'"
_CREATE: LiteralString = "create database {}"
_DROP: LiteralString = "drop database if exists {} with (force)"
_RENAME = "update ownership set log = %s"


async def create_database(url: str, name: str) -> None:
    """Make a database on the server at `url`, by whom that names."""
    await _say(url, _CREATE, name)


async def drop_database(url: str, name: str) -> None:
    """Give up a database, whoever is connected to it."""
    await _say(url, _DROP, name)


async def check_empty(url: str) -> None:
    """Raise `Refused("restore-place-not-empty")` where a database has tables already."""
    try:
        async with await connect(url, "restore") as connection:
            cursor = await connection.execute(_TABLES)
            row = await cursor.fetchone()
    except AWAY as error:
        raise Unavailable("database-unavailable") from error
    if row is None or row[0]:
        raise Refused("restore-place-not-empty")


async def rename_log(database: PostgresDatabase) -> None:
    """Give the log of a database that was put back another name.

    What was drawn from it elsewhere goes by positions of facts that it may have lost; under another
    name all of it is drawn anew.
    """
    await database.execute(_RENAME, new_log_name())


async def _say(url: str, statement: LiteralString, name: str) -> None:
    settings = {"statement_timeout": f"{TIMEOUT_S}s", "lock_timeout": f"{TIMEOUT_S}s"}
    try:
        async with await connect(url, "places", settings) as connection:
            await _execute(connection, statement, name)
    except AWAY as error:
        raise Unavailable("database-unavailable") from error


async def _execute(connection: Connection, statement: LiteralString, name: str) -> None:
    await connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
