"""The directory of one service, in a file that forgets what is deleted."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from shared.adapters.sqlite.database import Connection, Database
from shared.kernel.errors import Refused
from shared.ports import LOOKED_WITHIN, LOOKS_MAX, Entry, Look, Person, require_rare

_SCHEMA = (
    """create table if not exists people (
        id text primary key not null,
        issuer text not null,
        subject text not null,
        name text not null,
        role text not null,
        first_on text not null,
        last_on text not null
    ) without rowid""",
    """create table if not exists people_looks (
        number integer primary key,
        person text not null,
        at text not null,
        by text not null,
        because text not null
    )""",
    "create index if not exists people_looks_person on people_looks (person, number)",
    """create table if not exists people_key (
        id integer primary key check (id = 1),
        mark text not null
    )""",
)
_OFFER = "insert into people_key (id, mark) values (1, ?) on conflict do nothing"
_MARK = "select mark from people_key"
_MEET = """
    insert into people (id, issuer, subject, name, role, first_on, last_on)
    values (?, ?, ?, ?, ?, ?, ?)
    on conflict do update set issuer = excluded.issuer, subject = excluded.subject,
        name = excluded.name, role = excluded.role,
        first_on = min(first_on, excluded.first_on), last_on = max(last_on, excluded.last_on)
"""
_FIND = "select issuer, subject, name, role, first_on, last_on from people where id = ?"
_LOOK = "insert into people_looks (person, at, by, because) values (?, ?, ?, ?)"
_LOOKS = "select at, by, because from people_looks where person = ? order by number desc limit ?"
_FORGET = "delete from people where id = ?"
_LOOKER = "substr(by, instr(by, ':') + 1)"
_LOOKED = f"select count(*) from people_looks where {_LOOKER} = ? and at > ?"  # noqa: S608 - of constants
_SILENCE = f"update people_looks set because = '' where ? in (person, {_LOOKER})"  # noqa: S608 - of constants


class SqliteDirectory:
    """The people in one SQLite file; who was written down is on the disk."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, durability="full", forgetting=True)

    async def claim(self, mark: str) -> None:
        """Take the directory for the ids of one key."""

        def claim(connection: Connection) -> str:
            connection.execute(_OFFER, (mark,))
            kept: str = connection.execute(_MARK).fetchone()[0]
            return kept

        expected = await self._database.write(claim)
        if expected != mark:
            raise Refused("people-key-of-another", mark=mark, expected=expected)

    async def meet(self, person: Person, role: str, on: date) -> None:
        """Write a person down, durably, or that they were there once more."""
        row = (person.id, person.issuer, person.subject, person.name, role, *2 * (on.isoformat(),))
        await self._database.change(_MEET, row)

    async def knows(self, person: str) -> bool:
        """Whether somebody stands behind an id."""
        return await self._database.read(
            lambda connection: connection.execute(_FIND, (person,)).fetchone() is not None
        )

    async def look_up(self, person: str, look: Look) -> Entry | None:
        """Who stands behind an id; the look is counted and kept in the same transaction."""

        def find(connection: Connection) -> tuple[str, ...] | None:
            since = (look.at - LOOKED_WITHIN).isoformat()
            require_rare(connection.execute(_LOOKED, (look.looker, since)).fetchone()[0])
            connection.execute(_LOOK, (person, look.at.isoformat(), look.by, look.because))
            found: tuple[str, ...] | None = connection.execute(_FIND, (person,)).fetchone()
            return found

        row = await self._database.write(find)
        if row is None:
            return None
        issuer, subject, name, role, first, last = row
        met = Person(person, issuer, subject, name)
        return Entry(met, role, date.fromisoformat(first), date.fromisoformat(last))

    async def looks(self, person: str) -> Sequence[Look]:
        """Who looked, the newest first."""
        rows = await self._database.read(
            lambda connection: connection.execute(_LOOKS, (person, LOOKS_MAX)).fetchall()
        )
        return [Look(datetime.fromisoformat(at), by, because) for at, by, because in rows]

    async def forget(self, person: str) -> None:
        """Forget a person: the file is written anew, and the write-ahead log cut."""

        def forget(connection: Connection) -> None:
            connection.execute(_FORGET, (person,))
            connection.execute(_SILENCE, (person,))

        await self._database.write(forget)
        await self._database.write_anew()

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._database.close()
