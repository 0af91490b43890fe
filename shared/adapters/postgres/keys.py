"""The keys of one service, in its PostgreSQL database."""

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase
from shared.adapters.postgres.rewriting import mark, write_anew

SCHEMA = (
    """create table if not exists sealing_keys (
        name text collate "C" primary key,
        key bytea not null
    )""",
    """create table if not exists sealing_secrets (
        id integer primary key check (id = 1),
        secret bytea not null
    )""",
    # Statistics would hold keys that were removed; naming the type anew drops those of before.
    """alter table sealing_keys
        alter column key set statistics 0,
        alter column key type bytea""",
)
_ADD = "insert into sealing_keys (name, key) values (%s, %s)"
# One statement: whoever comes second waits for the first, and reads what that one wrote.
_OFFER_KEY = """insert into sealing_keys (name, key) values (%s, %s)
    on conflict (name) do update set key = sealing_keys.key returning key"""
_GET = "select key from sealing_keys where name = %s"
_REMOVE = "delete from sealing_keys where name = %s"
_OFFER = "insert into sealing_secrets (id, secret) values (1, %s) on conflict do nothing"
_SECRET = "select secret from sealing_secrets"  # noqa: S105 - a statement, not a password
_TABLES = ("sealing_keys",)


class PostgresKeys:
    """Keys in one table; a key that was added is on the server's disk.

    PostgreSQL overwrites nothing in place. Removing a key deletes its row and then writes the
    table anew (`shared.adapters.postgres.rewriting`), so that neither the row nor its dead version
    lies in the table's file. What holds the key for longer: the write-ahead log, until its segments
    are reused, and wherever it is archived or replicated to; the blocks of the old file, until the
    file system gives them to another; and every backup.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def add(self, name: str, key: bytes) -> None:
        """Keep a new key, durably."""
        await self._database.execute(_ADD, name, key)

    async def offer(self, name: str, key: bytes) -> bytes:
        """The key of this name, durably: the one that was offered first, whoever else offers."""
        row = await self._database.row(_OFFER_KEY, name, key)
        assert row is not None, "a key was offered"
        kept: bytes = row[0]
        return kept

    async def get(self, name: str) -> bytes | None:
        """A key; None if there is none, or none any more."""
        row = await self._database.row(_GET, name)
        return row[0] if row else None

    async def remove(self, name: str) -> None:
        """Forget a key; where this raises `Unavailable`, do it again to be sure.

        So it does where a transaction that began before may still see what is to go (`rows-held`).
        """

        async def remove(connection: Connection) -> None:
            await connection.execute(_REMOVE, (name,))
            await mark(connection, _TABLES, tells=True)

        await self._database.transact(remove)
        await write_anew(self._database, _TABLES)

    async def secret(self, offered: bytes) -> bytes:
        """The service's one secret: the one that was offered first."""
        await self._database.execute(_OFFER, offered)
        row = await self._database.row(_SECRET)
        assert row is not None, "a secret was offered"
        secret: bytes = row[0]
        return secret
