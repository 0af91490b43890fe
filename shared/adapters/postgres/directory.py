"""The directory of one service, in its PostgreSQL database."""

from collections.abc import Sequence
from datetime import date

from shared.adapters.postgres.connection import Connection, lock_key
from shared.adapters.postgres.database import PostgresDatabase, row_of
from shared.adapters.postgres.rewriting import mark, write_anew
from shared.kernel.errors import Refused
from shared.ports import LOOKED_WITHIN, LOOKS_MAX, Entry, Look, Person, require_rare

SCHEMA = (
    """create table if not exists people (
        id text collate "C" primary key,
        issuer text not null,
        subject text not null,
        name text not null,
        role text not null,
        first_on date not null,
        last_on date not null
    )""",
    """create table if not exists people_looks (
        number bigint generated always as identity primary key,
        person text collate "C" not null,
        at timestamptz not null,
        by text not null,
        because text not null
    )""",
    "create index if not exists people_looks_person on people_looks (person, number)",
    # Statistics would hold names of people who are forgotten, until the server makes them anew.
    """alter table people
        alter column issuer set statistics 0,
        alter column subject set statistics 0,
        alter column name set statistics 0""",
    "alter table people_looks alter column because set statistics 0",
    """create table if not exists people_key (
        id integer primary key check (id = 1),
        mark text not null
    )""",
)
_OFFER = "insert into people_key (id, mark) values (1, %s) on conflict do nothing"
_MARK = "select mark from people_key"
_MEET = """
    insert into people (id, issuer, subject, name, role, first_on, last_on)
    values (%s, %s, %s, %s, %s, %s, %s)
    on conflict (id) do update set issuer = excluded.issuer, subject = excluded.subject,
        name = excluded.name, role = excluded.role,
        first_on = least(people.first_on, excluded.first_on),
        last_on = greatest(people.last_on, excluded.last_on)
"""
_FIND = "select issuer, subject, name, role, first_on, last_on from people where id = %s"
_LOCK = "select pg_advisory_xact_lock(%s)"
_LOOK = "insert into people_looks (person, at, by, because) values (%s, %s, %s, %s)"
_LOOKS = "select at, by, because from people_looks where person = %s order by number desc limit %s"
_FORGET = "delete from people where id = %s"
_LOOKER = "substr(by, position(':' in by) + 1)"
_LOOKED = f"select count(*) from people_looks where {_LOOKER} = %s and at > %s"  # noqa: S608 - of constants
_SILENCE = f"update people_looks set because = '' where %s in (person, {_LOOKER})"  # noqa: S608 - of constants
_TABLES = ("people", "people_looks")


class PostgresDirectory:
    """The people in a few small tables.

    What forgetting leaves, and for how long, is told in `PostgresKeys`: it is the same here, also
    of what was written over when somebody was met again.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def claim(self, mark: str) -> None:
        """Take the directory for the ids of one key."""
        await self._database.execute(_OFFER, mark)
        row = await self._database.row(_MARK)
        assert row is not None, "a mark was offered"
        if row[0] != mark:
            raise Refused("people-key-of-another", mark=mark, expected=row[0])

    async def meet(self, person: Person, role: str, on: date) -> None:
        """Write a person down, durably, or that they were there once more."""
        known = (person.id, person.issuer, person.subject, person.name)
        await self._database.execute(_MEET, *known, role, on, on)

    async def knows(self, person: str) -> bool:
        """Whether somebody stands behind an id."""
        return bool(await self._database.rows(_FIND, person))

    async def look_up(self, person: str, look: Look) -> Entry | None:
        """Who stands behind an id; the look is counted and kept in the same transaction.

        Of one person there is one such transaction at a time.
        """

        async def find(connection: Connection) -> Entry | None:
            await connection.execute(_LOCK, (lock_key("looks", look.looker),))
            looked = await row_of(connection, _LOOKED, look.looker, look.at - LOOKED_WITHIN)
            assert looked is not None, "a count is one row"
            require_rare(looked[0])
            await connection.execute(_LOOK, (person, look.at, look.by, look.because))
            row = await row_of(connection, _FIND, person)
            if row is None:
                return None
            issuer, subject, name, role, first, last = row
            return Entry(Person(person, issuer, subject, name), role, first, last)

        return await self._database.transact(find)

    async def looks(self, person: str) -> Sequence[Look]:
        """Who looked, the newest first."""
        rows = await self._database.rows(_LOOKS, person, LOOKS_MAX)
        return [Look(at, by, because) for at, by, because in rows]

    async def forget(self, person: str) -> None:
        """Forget a person; where this raises `Unavailable`, do it again to be sure.

        So it does where a transaction that began before may still see what is to go (`rows-held`).
        """

        async def delete(connection: Connection) -> None:
            await connection.execute(_FORGET, (person,))
            await connection.execute(_SILENCE, (person,))
            await mark(connection, _TABLES, tells=True)

        await self._database.transact(delete)
        await write_anew(self._database, _TABLES)
