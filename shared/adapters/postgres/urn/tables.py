"""The tables of the urn on PostgreSQL."""

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
    """create index if not exists urn_answers_by_box
    on urn_answers (questionnaire, agency, channel, name)""",
    """create index if not exists urn_answers_drawn
    on urn_answers (questionnaire, batch) where batch is not null""",
    """create table if not exists urn_receipts (
        receipt text collate "C" primary key,
        questionnaire text collate "C" not null,
        agency text collate "C" not null,
        channel text not null,
        batch integer,
        place integer,
        stirred boolean not null default false
    )""",
    """create index if not exists urn_receipts_by_box
    on urn_receipts (questionnaire, agency, channel, receipt)""",
    """create index if not exists urn_receipts_drawn
    on urn_receipts (questionnaire, batch) where batch is not null""",
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
    """create table if not exists urn_told (
        questionnaire text collate "C" primary key,
        batch integer not null
    )""",
)
