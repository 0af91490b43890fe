"""Writing tables anew on PostgreSQL: what was deleted or moved there is gone afterwards.

What was done to a table is marked by the transaction that does it, until the table was written
anew: so that happens even if the process ends before. The mark says whether dead rows may tell with
whose right they came, or only what was drawn. Of people and keys a dead row tells always.

A dead row goes along into the new table while any snapshot in the database is older than the
transaction that left it, whatever that snapshot is for: of a report, of a dump of another table, of
a transaction that was prepared, of a replica that says what it reads. So a mark bears the number of
the last transaction that left dead rows, and is cleared once PostgreSQL itself says that no number
up to there is left in the table: https://www.postgresql.org/docs/current/catalog-pg-class.html,
relfrozenxid. An empty table that is vacuumed says the same of the whole database before.

What is put in and taken back marks nothing, and leaves dead rows of right and answer. So whoever
puts in draws a number first, which no rolling back returns and no crash forgets: its record stands
in the write-ahead log before those of the rows. A table is due where numbers were drawn since.
"""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import LiteralString

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, row_of
from shared.kernel.errors import Unavailable

LOOK_EVERY_S = 0.05
LOOKS_MAX = 40
"""So often it is looked whether all have ended who might still see what is to go."""

SCHEMA: tuple[LiteralString, ...] = (
    """create table if not exists urn_rewrites (
        table_name text primary key,
        pending text,
        tells boolean not null default false
    )""",
    "alter table urn_rewrites add column if not exists tells boolean not null default false",
    "alter table urn_rewrites add column if not exists telling xid8",
    "alter table urn_rewrites add column if not exists puts bigint",
    """insert into urn_rewrites (table_name, puts)
    values ('urn_answers', 0), ('urn_comments', 0), ('urn_receipts', 0)
    on conflict (table_name) do update set puts = coalesce(urn_rewrites.puts, 0)""",
    "create sequence if not exists urn_puts",
    # First the tables: whoever has drawn a number while one is written anew has ended by then.
    """create or replace function urn_begin_to_put() returns void language plpgsql as $body$
    begin
        lock table urn_answers, urn_comments, urn_receipts in row exclusive mode;
        perform nextval('urn_puts');
    end
    $body$""",
    "create table if not exists urn_horizon ()",
)
BEGIN_TO_PUT = "select urn_begin_to_put()"
"""Said by whoever puts in, before anything is written into the tables of the urn."""

_MARK = """
    insert into urn_rewrites (table_name, pending, tells, telling)
    select table_name, pg_current_xact_id()::text, %(tells)s,
        case when %(tells)s then pg_current_xact_id() end
    from unnest(%(tables)s::text[]) as new (table_name) order by table_name
    on conflict (table_name) do update set
        pending = greatest(urn_rewrites.pending::xid8, excluded.pending::xid8)::text,
        tells = urn_rewrites.tells or excluded.tells,
        telling = greatest(urn_rewrites.telling, excluded.telling)
"""
_TELLS = "select exists (select from urn_rewrites where tells and table_name = any(%s))"
# A process of an earlier version marks without saying which transaction leaves rows that tell.
_DUE = """
    select table_name, coalesce(case when tells then telling end, pending::xid8)::text
    from urn_rewrites
    where table_name = any(%s)
        and (pending is not null or tells
            or puts <> (select last_value + is_called::integer from urn_puts))
    order by table_name
"""
_LOOK = "vacuum (freeze) urn_horizon"
_IS_PAST = """
    select age(relfrozenxid) < age(%s::xid8::xid) from pg_class
    where oid = 'urn_horizon'::regclass
"""
_UNMARK = """
    update urn_rewrites set
        pending = case when age(relfrozenxid) < age(pending::xid8::xid) then null else pending end,
        tells = tells
            and not age(relfrozenxid) < age(coalesce(telling, pending::xid8)::xid),
        puts = case when puts is not null
            then (select last_value + is_called::integer from urn_puts) end
    from pg_class where pg_class.oid = table_name::regclass and table_name = %s
    returning tells
"""
# Taken by itself: who waits for a table by another statement keeps others from removing meanwhile.
_TAKE: Mapping[str, LiteralString] = MappingProxyType(
    {
        "drafts": "lock table drafts in access exclusive mode",
        "urn_answers": "lock table urn_answers in access exclusive mode",
        "urn_comments": "lock table urn_comments in access exclusive mode",
        "urn_receipts": "lock table urn_receipts in access exclusive mode",
        "people": "lock table people in access exclusive mode",
        "people_looks": "lock table people_looks in access exclusive mode",
        "sealing_keys": "lock table sealing_keys in access exclusive mode",
    }
)
_REWRITE: Mapping[str, LiteralString] = MappingProxyType(
    {
        "drafts": "cluster drafts using drafts_pkey",
        "urn_answers": "cluster urn_answers using urn_answers_pkey",
        "urn_comments": "cluster urn_comments using urn_comments_pkey",
        "urn_receipts": "cluster urn_receipts using urn_receipts_pkey",
        "people": "cluster people using people_pkey",
        "people_looks": "cluster people_looks using people_looks_pkey",
        "sealing_keys": "cluster sealing_keys using sealing_keys_pkey",
    }
)
STIRRED = ("drafts", "urn_answers", "urn_comments", "urn_receipts")
"""The tables that are written anew by turns; the others by who has something forgotten there."""


async def mark(connection: Connection, tables: Sequence[str], *, tells: bool) -> None:
    """Mark tables in which this transaction leaves dead rows, which may tell whose they were.

    It has changed something in each of them before.
    """
    await connection.execute(_MARK, {"tells": tells, "tables": list(tables)})


async def may_tell(connection: Connection, tables: Sequence[str]) -> bool:
    """Whether one of these tables has dead rows that may tell with whose right they came."""
    return await row_of(connection, _TELLS, list(tables)) == (True,)


async def write_anew(database: PostgresDatabase, tables: Sequence[str] = STIRRED) -> None:
    """Write those of these tables anew that are due.

    Each is tried. Raises `Unavailable` afterwards where one of them could not be: others hold it,
    as the dump of a backup does, or may still see what is to go (`rows-held`).
    """
    kept: Unavailable | None = None
    looks = _Looks(database)
    for table, number in await database.rows(_DUE, list(tables)):
        try:
            await looks.until_past(number)
            await database.rewrite(_Rewriting(table).rewrite)
        except Unavailable as problem:
            kept = kept or problem
    if kept is not None:
        raise kept


class _Looks:
    """Looks whether a transaction is past: ended before any snapshot that is still in use."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._left = LOOKS_MAX

    async def until_past(self, number: str | None) -> None:
        """Wait until it is, of whoever may still look, if there was one.

        Raises `Unavailable("rows-held")`.
        """
        while number is not None and not await self._is_past(number):
            if self._left <= 0:
                raise Unavailable("rows-held")
            self._left -= 1
            await asyncio.sleep(LOOK_EVERY_S)

    async def _is_past(self, number: str) -> bool:
        await self._database.execute(_LOOK)
        return await self._database.row(_IS_PAST, number) == (True,)


class _Rewriting:
    """The transaction that writes a table anew."""

    def __init__(self, table: str) -> None:
        self._table = table

    async def rewrite(self, connection: Connection) -> None:
        """Do it, and clear the mark of what is gone; whoever marks it meanwhile waits.

        Raises `Unavailable("rows-held")`, and does nothing, where rows stay that may tell.
        """
        await connection.execute(_TAKE[self._table])
        await connection.execute(_REWRITE[self._table])
        if await row_of(connection, _UNMARK, self._table) == (True,):
            raise Unavailable("rows-held")
