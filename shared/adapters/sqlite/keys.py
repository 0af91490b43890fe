"""The keys of one service, in a file that forgets what is deleted."""

from pathlib import Path

from shared.adapters.sqlite.database import Connection, Database

_SCHEMA = (
    """create table if not exists keys (
        name text primary key not null,
        key blob not null
    ) without rowid""",
    """create table if not exists secrets (
        id integer primary key check (id = 1),
        secret blob not null
    )""",
)
_ADD = "insert into keys (name, key) values (?, ?)"
_OFFER_KEY = "insert into keys (name, key) values (?, ?) on conflict do nothing"
_GET = "select key from keys where name = ?"
_REMOVE = "delete from keys where name = ?"
_OFFER = "insert into secrets (id, secret) values (1, ?) on conflict do nothing"
_SECRET = "select secret from secrets"  # noqa: S105 - a statement, not a password


class SqliteKeys:
    """Keys in one SQLite file; a key that was added is on the disk."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, durability="full", forgetting=True)

    async def add(self, name: str, key: bytes) -> None:
        """Keep a new key, durably."""
        await self._database.change(_ADD, (name, key))

    async def offer(self, name: str, key: bytes) -> bytes:
        """The key of this name, durably: the one that was offered first, whoever else offers."""

        def keep(connection: Connection) -> bytes:
            connection.execute(_OFFER_KEY, (name, key))
            kept: bytes = connection.execute(_GET, (name,)).fetchone()[0]
            return kept

        return await self._database.write(keep)

    async def get(self, name: str) -> bytes | None:
        """A key; None if there is none, or none any more."""
        row: tuple[bytes] | None = await self._database.read(
            lambda connection: connection.execute(_GET, (name,)).fetchone()
        )
        return row[0] if row else None

    async def remove(self, name: str) -> None:
        """Forget a key: the file is written anew, and the write-ahead log cut."""
        await self._database.change(_REMOVE, (name,))
        await self._database.write_anew()

    async def secret(self, offered: bytes) -> bytes:
        """The service's one secret: the one that was offered first."""

        def keep(connection: Connection) -> bytes:
            connection.execute(_OFFER, (offered,))
            secret: bytes = connection.execute(_SECRET).fetchone()[0]
            return secret

        return await self._database.write(keep)

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._database.close()
