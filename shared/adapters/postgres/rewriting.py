"""Writing tables anew on PostgreSQL: what was deleted or moved there is gone afterwards.

What was done to a table is marked by the transaction that does it, until the table was written
anew: so that happens even if the process ends before. The mark says whether dead rows may tell with
whose right they came, or only what was drawn.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import LiteralString

from shared.adapters.postgres.connection import Connection
from shared.adapters.postgres.database import PostgresDatabase, row_of

SCHEMA: tuple[LiteralString, ...] = (
    """create table if not exists urn_rewrites (
        table_name text primary key,
        pending text,
        tells boolean not null default false
    )""",
    "alter table urn_rewrites add column if not exists tells boolean not null default false",
)

_MARK = """
    insert into urn_rewrites (table_name, pending, tells)
    select table_name, pg_current_xact_id()::text, %s
    from unnest(%s::text[]) as new (table_name) order by table_name
    on conflict (table_name)
    do update set pending = excluded.pending, tells = urn_rewrites.tells or excluded.tells
"""
_PENDING = """
    select table_name, pending from urn_rewrites where pending is not null order by table_name
"""
_UNMARK = """
    update urn_rewrites set pending = null, tells = false where table_name = %s and pending = %s
"""
_TELLS = "select 1 from urn_rewrites where tells and table_name = any(%s)"
_REWRITE: Mapping[str, LiteralString] = MappingProxyType(
    {
        "drafts": "cluster drafts using drafts_pkey",
        "urn_answers": "cluster urn_answers using urn_answers_pkey",
        "urn_receipts": "cluster urn_receipts using urn_receipts_pkey",
        "urn_comments": "cluster urn_comments using urn_comments_pkey",
    }
)


async def mark(connection: Connection, tables: Sequence[str], *, tells: bool) -> None:
    """Mark tables in which this transaction leaves dead rows, which may tell whose they were."""
    await connection.execute(_MARK, (tells, list(tables)))


async def may_tell(connection: Connection, tables: Sequence[str]) -> bool:
    """Whether one of these tables has dead rows that may tell with whose right they came."""
    return await row_of(connection, _TELLS, list(tables)) is not None


async def write_anew(database: PostgresDatabase) -> None:
    """Write every table anew that is marked.

    A mark that is made meanwhile stays, for whoever made it.
    """
    for table, pending in await database.rows(_PENDING):
        await database.rewrite(_REWRITE[table])
        await database.execute(_UNMARK, table, pending)
