"""The tables of the urn on PostgreSQL, and what is said to them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import LiteralString

TABLES = (
    """create table if not exists urn_rights (
        token_sha256 text collate "C" primary key,
        questionnaire text collate "C" not null,
        agency text collate "C" not null,
        kind text not null,
        uses_max integer not null,
        uses_per_day_max integer not null,
        used integer not null default 0,
        used_on date,
        used_that_day integer not null default 0,
        revoked boolean not null default false,
        ballot_sha256 text
    )""",
    "create index if not exists urn_rights_by_agency on urn_rights (questionnaire, agency)",
    """create table if not exists urn_ballots (
        questionnaire text collate "C" not null,
        ballot_sha256 text collate "C" not null,
        primary key (questionnaire, ballot_sha256)
    )""",
    """create table if not exists urn_answers (
        name text collate "C" primary key,
        questionnaire text collate "C" not null,
        agency text collate "C" not null,
        channel text not null,
        answer text not null,
        batch integer,
        place integer,
        stirred boolean not null default false
    )""",
    """create index if not exists urn_answers_by_batch
    on urn_answers (questionnaire, batch, agency, channel)""",
    """create table if not exists urn_receipts (
        receipt text collate "C" primary key,
        questionnaire text collate "C" not null,
        agency text collate "C" not null,
        channel text not null,
        batch integer,
        place integer,
        stirred boolean not null default false
    )""",
    """create index if not exists urn_receipts_by_batch
    on urn_receipts (questionnaire, batch, agency, channel)""",
    """create table if not exists urn_counted (
        receipt_sha256 bytea primary key
    )""",
    """create table if not exists urn_comments (
        name text collate "C" primary key,
        questionnaire text collate "C" not null,
        agency text collate "C" not null,
        question text not null,
        text text not null,
        released boolean not null default false,
        stirred boolean not null default false
    )""",
    """create index if not exists urn_comments_by_agency
    on urn_comments (questionnaire, released, agency, question)""",
    """create table if not exists urn_verdicts (
        questionnaire text collate "C" not null,
        name text collate "C" not null,
        fate text not null,
        decided_by text not null,
        digest text not null,
        done boolean not null default false,
        primary key (questionnaire, name)
    )""",
    "create index if not exists urn_verdicts_not_done on urn_verdicts (name) where not done",
    """create table if not exists urn_drops (
        questionnaire text collate "C" not null,
        key text collate "C" not null,
        digest text not null,
        primary key (questionnaire, key)
    )""",
    """create table if not exists urn_polls (
        questionnaire text collate "C" primary key,
        shut boolean not null default false,
        discarded integer not null default 0
    )""",
    """create table if not exists urn_ended_exchanges (
        questionnaire text collate "C" primary key
    )""",
    """create table if not exists urn_rewrites (
        table_name text primary key,
        pending text
    )""",
)

# --- Rights. Rows are written in the order of their keys, so that no two transactions wait for one
# another.
GRANT = """
    insert into urn_rights
        (questionnaire, token_sha256, agency, kind, uses_max, uses_per_day_max)
    select %s, * from unnest(%s::text[], %s::text[], %s::text[], %s::integer[], %s::integer[])
        as new (token, agency, kind, uses_max, uses_per_day_max)
    order by token on conflict do nothing
"""
RIGHT = """
    select questionnaire, agency, kind, uses_max, uses_per_day_max,
        used, used_on, used_that_day, revoked, ballot_sha256
    from urn_rights where token_sha256 = %s
"""
UNUSED = """
    select token_sha256 from urn_rights
    where questionnaire = %s and token_sha256 = any(%s)
        and kind = 'invitation' and used = 0 and not revoked
"""
LOCKED_RIGHT = f"{RIGHT} for update"
EXCHANGE = "update urn_rights set used = %s, ballot_sha256 = %s where token_sha256 = %s"
END_EXCHANGE = """
    insert into urn_ended_exchanges (questionnaire) values (%s) on conflict do nothing
"""
HAS_ENDED = "select 1 from urn_ended_exchanges where questionnaire = %s"
BALLOTS_OUT = """
    select greatest(
        0,
        (select count(*) from urn_rights where questionnaire = %s and ballot_sha256 is not null)
        - (select count(*) from urn_ballots where questionnaire = %s)
    )
"""
REVOKE = "update urn_rights set revoked = true where token_sha256 = %s"
TURNOUT = """
    select agency, count(*) filter (where kind = 'invitation'),
        coalesce(sum(used) filter (where kind = 'invitation'), 0),
        coalesce(sum(used) filter (where kind = 'link'), 0)
    from urn_rights where questionnaire = %s group by agency order by agency
"""

# --- What was collected on paper
REMEMBER_DROP = """
    insert into urn_drops (questionnaire, key, digest) values (%s, %s, %s) on conflict do nothing
"""
DROPPED = "select digest from urn_drops where questionnaire = %s and key = %s"
PUT_RECEIPTS = """
    insert into urn_receipts (receipt, questionnaire, agency, channel)
    select receipt, %s, agency, 'paper' from unnest(%s::text[], %s::text[])
        as new (receipt, agency)
    order by receipt collate "C" on conflict do nothing
"""
COUNTED = """
    select exists (
        select from urn_counted where receipt_sha256 = any(
            array(select sha256(convert_to(receipt, 'UTF8')) from unnest(%s::text[]) as receipt)
        )
    )
"""
PUT_ANSWERS = """
    insert into urn_answers (name, questionnaire, agency, channel, answer)
    select name, %s, agency, 'paper', answer from unnest(%s::text[], %s::text[], %s::text[])
        as new (name, agency, answer)
    order by name collate "C"
"""
PUT_COMMENTS = """
    insert into urn_comments (name, questionnaire, agency, question, text)
    select name, %s, agency, question, text
    from unnest(%s::text[], %s::text[], %s::text[], %s::text[])
        as new (name, agency, question, text)
    order by name collate "C"
"""

# --- Drawing
IS_SHUT = "select 1 from urn_polls where questionnaire = %s and shut"
SHUT = """
    insert into urn_polls (questionnaire, shut) values (%s, true)
    on conflict (questionnaire) do update set shut = true
"""
STANDING = """
    select not exists (select from urn_ended_exchanges where questionnaire = %s),
        exists (select from urn_polls where questionnaire = %s and shut),
        coalesce((select discarded from urn_polls where questionnaire = %s), 0)
"""
WAITING = """
    select agency, channel, count(*) from urn_answers
    where questionnaire = %s and batch is null group by agency, channel
"""
DRAWN = """
    select distinct batch from urn_answers
    where questionnaire = %s and batch is not null order by batch
"""
DISCARDED = "select discarded from urn_polls where questionnaire = %s"
UNDRAWN_ANSWERS = """
    select name, agency, channel from urn_answers
    where questionnaire = %s and batch is null
        and (agency, channel) in (select * from unnest(%s::text[], %s::text[])) order by name
"""
UNDRAWN_RECEIPTS = """
    select receipt, agency, channel from urn_receipts
    where questionnaire = %s and batch is null
        and (agency, channel) in (select * from unnest(%s::text[], %s::text[])) order by receipt
"""
SET_ANSWERS_ASIDE = """
    update urn_answers set batch = %s, place = drawn.place
    from unnest(%s::text[]) with ordinality as drawn (name, place)
    where urn_answers.name = drawn.name
"""
SET_RECEIPTS_ASIDE = """
    update urn_receipts set batch = %s, place = drawn.place
    from unnest(%s::text[]) with ordinality as drawn (receipt, place)
    where urn_receipts.receipt = drawn.receipt
"""
ANSWERS_OF_BATCH = """
    select agency, channel, answer from urn_answers
    where questionnaire = %s and batch = %s order by place
"""
RECEIPTS_OF_BATCH = """
    select receipt from urn_receipts where questionnaire = %s and batch = %s order by place
"""
# That a receipt was counted is remembered, by a digest that is short and in no order that tells.
FORGET: tuple[LiteralString, ...] = (
    """insert into urn_counted (receipt_sha256)
    select sha256(convert_to(receipt, 'UTF8')) from urn_receipts
    where questionnaire = %s and batch = %s order by 1 on conflict do nothing""",
    "delete from urn_answers where questionnaire = %s and batch = %s",
    "delete from urn_receipts where questionnaire = %s and batch = %s",
)
DISCARD = """
    insert into urn_polls (questionnaire, discarded) values (%s, %s)
    on conflict (questionnaire)
    do update set discarded = greatest(urn_polls.discarded, excluded.discarded)
"""

# --- Stirring. A box of comments has no channel, and no table a box without an agency.
NEWS = """
    select questionnaire, agency, channel from urn_answers where not stirred
    union select questionnaire, agency, channel from urn_receipts where not stirred
    union select questionnaire, agency, '' from urn_comments where not stirred
"""
NAMES: Mapping[str, LiteralString] = MappingProxyType(
    {
        "urn_answers": """
            select name from urn_answers
            where questionnaire = %s and agency = %s and channel = %s and name > %s
            order by name limit %s
        """,
        "urn_receipts": """
            select receipt from urn_receipts
            where questionnaire = %s and agency = %s and channel = %s and receipt > %s
            order by receipt limit %s
        """,
        "urn_comments": """
            select name from urn_comments
            where questionnaire = %s and agency = %s and %s = '' and name > %s
            order by name limit %s
        """,
    }
)
# Rows are deleted and put in again, since an update would keep what of a long text lies elsewhere,
# under a number that rises in the order in which texts came.
RESTAMP: Mapping[str, LiteralString] = MappingProxyType(
    {
        "urn_answers": """with old as (
                delete from urn_answers
                where questionnaire = %s and agency = %s and channel = %s
                    and name > %s and name <= %s returning *)
            insert into urn_answers
            select name, questionnaire, agency, channel, answer, batch, place, true
            from old order by name""",
        "urn_receipts": """with old as (
                delete from urn_receipts
                where questionnaire = %s and agency = %s and channel = %s
                    and receipt > %s and receipt <= %s returning *)
            insert into urn_receipts
            select receipt, questionnaire, agency, channel, batch, place, true
            from old order by receipt""",
        "urn_comments": """with old as (
                delete from urn_comments
                where questionnaire = %s and agency = %s and %s = ''
                    and name > %s and name <= %s returning *)
            insert into urn_comments
            select name, questionnaire, agency, question, text, released, true
            from old order by name""",
    }
)
UNDRAWN = "select count(*) from urn_answers where batch is null"

# --- Writing tables anew: what was done to a table since is marked, until that has happened.
MARK = """
    insert into urn_rewrites (table_name, pending)
    select table_name, %s from unnest(%s::text[]) as new (table_name) order by table_name
    on conflict (table_name) do update set pending = excluded.pending
"""
PENDING = """
    select table_name, pending from urn_rewrites where pending is not null order by table_name
"""
UNMARK = "update urn_rewrites set pending = null where table_name = %s and pending = %s"
REWRITE: Mapping[str, LiteralString] = MappingProxyType(
    {
        "urn_answers": "cluster urn_answers using urn_answers_pkey",
        "urn_receipts": "cluster urn_receipts using urn_receipts_pkey",
        "urn_comments": "cluster urn_comments using urn_comments_pkey",
    }
)

SHARE_LOCK = "select pg_advisory_xact_lock_shared(%s)"
TAKE_LOCK = "select pg_advisory_xact_lock(%s)"
