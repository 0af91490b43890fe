"""The tables of the urn on PostgreSQL, and what is said to them."""

SCHEMA = (
    """create table if not exists urn_tokens (
        token_sha256 text collate "C" primary key,
        questionnaire text collate "C" not null,
        agency text collate "C" not null,
        spent boolean not null default false
    )""",
    "create index if not exists urn_tokens_by_agency on urn_tokens (questionnaire, agency)",
    """create table if not exists urn_answers (
        name text collate "C" primary key,
        questionnaire text collate "C" not null,
        answer text not null,
        batch integer,
        place integer
    )""",
    "create index if not exists urn_answers_by_batch on urn_answers (questionnaire, batch, place)",
    """create table if not exists urn_drops (
        questionnaire text collate "C" not null,
        key text collate "C" not null,
        digest text not null,
        primary key (questionnaire, key)
    )""",
    """create table if not exists urn_boxes (
        questionnaire text collate "C" primary key,
        shut boolean not null default false,
        discarded integer not null default 0
    )""",
)
# Rows are written in the order of their keys, so that no two transactions wait for one another.
INVITE = """
    insert into urn_tokens (token_sha256, questionnaire, agency)
    select token, %s, agency from unnest(%s::text[], %s::text[]) as new (token, agency)
    order by token on conflict do nothing
"""
INVITATION = "select questionnaire, agency from urn_tokens where token_sha256 = %s"
LOCK_TOKENS = """
    select token_sha256, questionnaire, spent from urn_tokens
    where token_sha256 = any(%s) order by token_sha256 for update
"""
SPEND = "update urn_tokens set spent = true where token_sha256 = any(%s)"
TURNOUT = """
    select agency, count(*), count(*) filter (where spent) from urn_tokens
    where questionnaire = %s group by agency order by agency
"""
PUT = """
    insert into urn_answers (name, questionnaire, answer)
    select * from unnest(%s::text[], %s::text[], %s::text[]) as new (name) order by name
"""
REMEMBER_DROP = """
    insert into urn_drops (questionnaire, key, digest) values (%s, %s, %s) on conflict do nothing
"""
DROPPED = "select digest from urn_drops where questionnaire = %s and key = %s"
WAITING = "select count(*) from urn_answers where questionnaire = %s"
UNDRAWN = """
    select name from urn_answers where questionnaire = %s and batch is null order by name
"""
SET_ASIDE = """
    update urn_answers set batch = %s, place = drawn.place
    from unnest(%s::text[]) with ordinality as drawn (name, place)
    where urn_answers.name = drawn.name
"""
BATCH = "select answer from urn_answers where questionnaire = %s and batch = %s order by place"
FORGET = "delete from urn_answers where questionnaire = %s and batch = %s"
SHUT_AMONG = "select questionnaire from urn_boxes where questionnaire = any(%s) and shut"
DISCARDED = "select discarded from urn_boxes where questionnaire = %s"
SHUT = """
    insert into urn_boxes (questionnaire, shut) values (%s, true)
    on conflict (questionnaire) do update set shut = true
"""
DISCARD = """
    insert into urn_boxes (questionnaire, discarded) values (%s, %s)
    on conflict (questionnaire)
    do update set discarded = greatest(urn_boxes.discarded, excluded.discarded)
"""
SHARE_LOCK = "select pg_advisory_xact_lock_shared(%s)"
TAKE_LOCK = "select pg_advisory_xact_lock(%s)"
REWRITE = "cluster urn_answers using urn_answers_pkey"
