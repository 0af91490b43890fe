"""The tables of the urn in SQLite, in the order of their keys.

`stirred` is the side on which a row lies: 0 where it just came, 1 or 2 where it was stirred (see
`stirring`). Keys and indices begin with it, so that each side lies in pages of its own, in order.
"""

SIDES = (0, 1, 2)

SCHEMA = (
    """create table if not exists rights (
        token_sha256 text primary key not null,
        questionnaire text not null,
        agency text not null,
        kind text not null,
        uses_max integer not null,
        uses_per_day_max integer not null,
        used integer not null default 0,
        used_on text,
        used_that_day integer not null default 0,
        revoked integer not null default 0,
        ballot_sha256 text
    ) without rowid""",
    "create index if not exists rights_by_agency on rights (questionnaire, agency)",
    """create table if not exists ballots (
        questionnaire text not null,
        ballot_sha256 text not null,
        primary key (questionnaire, ballot_sha256)
    ) without rowid""",
    """create table if not exists answers (
        name text not null,
        questionnaire text not null,
        agency text not null,
        channel text not null,
        answer text not null,
        batch integer,
        place integer,
        stirred integer not null default 0,
        primary key (stirred, name)
    ) without rowid""",
    """create index if not exists answers_by_batch
    on answers (stirred, questionnaire, batch, agency, channel)""",
    """create table if not exists receipts (
        receipt text not null,
        questionnaire text not null,
        agency text not null,
        channel text not null,
        batch integer,
        place integer,
        stirred integer not null default 0,
        primary key (stirred, receipt)
    ) without rowid""",
    """create index if not exists receipts_by_batch
    on receipts (stirred, questionnaire, batch, agency, channel)""",
    """create table if not exists counted (
        receipt_sha256 blob primary key not null
    ) without rowid""",
    """create table if not exists comments (
        name text not null,
        questionnaire text not null,
        agency text not null,
        question text not null,
        text text not null,
        released integer not null default 0,
        stirred integer not null default 0,
        primary key (stirred, name)
    ) without rowid""",
    """create index if not exists comments_by_agency
    on comments (stirred, questionnaire, released, agency, question)""",
    """create table if not exists verdicts (
        questionnaire text not null,
        name text not null,
        fate text not null,
        decided_by text not null,
        digest text not null,
        done integer not null default 0,
        primary key (questionnaire, name)
    ) without rowid""",
    "create index if not exists verdicts_not_done on verdicts (name) where done = 0",
    """create table if not exists drops (
        questionnaire text not null,
        key text not null,
        digest text not null,
        primary key (questionnaire, key)
    ) without rowid""",
    """create table if not exists polls (
        questionnaire text primary key not null,
        shut integer not null default 0,
        discarded integer not null default 0
    ) without rowid""",
    """create table if not exists ended_exchanges (
        questionnaire text primary key not null
    ) without rowid""",
    """create table if not exists told (
        questionnaire text primary key not null,
        batch integer not null
    ) without rowid""",
)

# --- Rights and ballots
GRANT = """
    insert into rights (token_sha256, questionnaire, agency, kind, uses_max, uses_per_day_max)
    values (?, ?, ?, ?, ?, ?) on conflict do nothing
"""
RIGHT = """
    select questionnaire, agency, kind, uses_max, uses_per_day_max,
        used, used_on, used_that_day, revoked, ballot_sha256
    from rights where token_sha256 = ?
"""
USE = """
    update rights set used = ?, used_on = ?, used_that_day = ?, ballot_sha256 = ?
    where token_sha256 = ?
"""
REVOKE = "update rights set revoked = 1 where token_sha256 = ?"
TURNOUT = """
    select agency, count(*) filter (where kind = 'invitation'),
        coalesce(sum(used) filter (where kind = 'invitation'), 0),
        coalesce(sum(used) filter (where kind = 'link'), 0)
    from rights where questionnaire = ? group by agency order by agency
"""
BALLOT = "select 1 from ballots where questionnaire = ? and ballot_sha256 = ?"
CAST = "insert into ballots (questionnaire, ballot_sha256) values (?, ?)"
BALLOTS_OUT = """
    select max(
        0,
        (select count(*) from rights where questionnaire = ?1 and ballot_sha256 is not null)
        - (select count(*) from ballots where questionnaire = ?1)
    )
"""
END_EXCHANGE = "insert into ended_exchanges (questionnaire) values (?) on conflict do nothing"
HAS_ENDED = "select 1 from ended_exchanges where questionnaire = ?"

# --- Putting in
SHUT = """
    insert into polls (questionnaire, shut) values (?, 1) on conflict do update set shut = 1
"""
IS_SHUT = "select 1 from polls where questionnaire = ? and shut"
STANDING = """
    select not exists (select 1 from ended_exchanges where questionnaire = ?1),
        exists (select 1 from polls where questionnaire = ?1 and shut),
        coalesce((select discarded from polls where questionnaire = ?1), 0),
        coalesce((select batch from told where questionnaire = ?1), 0)
"""
DROPPED = "select digest from drops where questionnaire = ? and key = ?"
REMEMBER_DROP = "insert into drops (questionnaire, key, digest) values (?, ?, ?)"
RECEIPT = "select 1 from receipts where stirred in (0, 1, 2) and receipt = ?"
COUNTED = "select 1 from counted where receipt_sha256 = ?"
PUT_ANSWER = """
    insert into answers (name, questionnaire, agency, channel, answer) values (?, ?, ?, ?, ?)
"""
PUT_RECEIPT = """
    insert into receipts (receipt, questionnaire, agency, channel) values (?, ?, ?, ?)
"""
PUT_COMMENT = """
    insert into comments (name, questionnaire, agency, question, text) values (?, ?, ?, ?, ?)
"""

# --- Drawing
WAITING = """
    select agency, channel, count(*) from answers
    where stirred in (0, 1, 2) and questionnaire = ? and batch is null group by agency, channel
"""
DRAWN = """
    select distinct batch from answers
    where stirred in (0, 1, 2) and questionnaire = ? and batch is not null order by batch
"""
DISCARDED = "select discarded from polls where questionnaire = ?"
COUNT_OF_BOX = """
    select count(*) from answers
    where stirred in (0, 1, 2) and questionnaire = ? and batch is null
        and agency = ? and channel = ?
"""
ANSWERS_OF_SIDE = """
    select name from answers
    where stirred = ? and questionnaire = ? and batch is null and agency = ? and channel = ?
        and name > ?
    order by name limit ?
"""
RECEIPTS_OF_SIDE = """
    select receipt from receipts
    where stirred = ? and questionnaire = ? and batch is null and agency = ? and channel = ?
        and receipt > ?
    order by receipt limit ?
"""
SET_ANSWER_ASIDE = """
    update answers set batch = ?, place = ? where stirred in (0, 1, 2) and name = ?
"""
SET_RECEIPT_ASIDE = """
    update receipts set batch = ?, place = ? where stirred in (0, 1, 2) and receipt = ?
"""
ANSWERS_OF_BATCH = """
    select agency, channel, answer from answers
    where stirred in (0, 1, 2) and questionnaire = ? and batch = ? order by place
"""
RECEIPTS_OF_BATCH = """
    select receipt from receipts
    where stirred in (0, 1, 2) and questionnaire = ? and batch = ? order by place
"""
RECEIPTS_UP_TO_BATCH = """
    select receipt from receipts
    where stirred in (0, 1, 2) and questionnaire = ? and batch <= ?
"""
REMEMBER = "insert into counted (receipt_sha256) values (?) on conflict do nothing"
TELL = """
    insert into told (questionnaire, batch) values (?, ?)
    on conflict do update set batch = max(batch, excluded.batch)
"""
FORGET = (
    "delete from answers where stirred in (0, 1, 2) and questionnaire = ? and batch <= ?",
    "delete from receipts where stirred in (0, 1, 2) and questionnaire = ? and batch <= ?",
)
DISCARD = """
    insert into polls (questionnaire, discarded) values (?, ?)
    on conflict do update set discarded = max(discarded, excluded.discarded)
"""

# --- Comments
RIPE = """
    select agency, question from comments
    where stirred in (0, 1, 2) and questionnaire = ? and released = 0
    group by agency, question having count(*) >= ? order by agency, question
"""
UNRELEASED = """
    select name from comments
    where stirred in (0, 1, 2) and questionnaire = ? and released = 0 order by name
"""
UNRELEASED_ABOUT = """
    select name from comments
    where stirred in (0, 1, 2) and questionnaire = ? and released = 0
        and agency = ? and question = ?
    order by name
"""
RELEASE = """
    update comments set released = 1, stirred = 0 where stirred in (0, 1, 2) and name = ?
"""
COMMENTS = """
    select name, agency, question, text from comments
    where stirred in (0, 1, 2) and questionnaire = ?1 and released = 1 and name > ?2 and name not in
        (select name from verdicts where questionnaire = ?1 and done = 0)
    order by name limit ?3
"""
COMMENT = """
    select name, agency, question, text from comments
    where stirred in (0, 1, 2) and questionnaire = ? and name = ? and released = 1
"""
VERDICT = "select fate, decided_by, digest from verdicts where questionnaire = ? and name = ?"
DECIDE = """
    insert into verdicts (questionnaire, name, fate, decided_by, digest) values (?, ?, ?, ?, ?)
"""
REWORD = """
    update comments set text = ?, stirred = 0 where stirred in (0, 1, 2) and name = ?
"""
CLAIMED = """
    select questionnaire, name, agency, question, text, fate, decided_by, digest
    from verdicts join comments using (questionnaire, name)
    where stirred in (0, 1, 2) and done = 0 and name > ? order by name limit ?
"""
REMOVE_COMMENT = (
    "delete from comments where stirred in (0, 1, 2) and questionnaire = ? and name = ?",
    "update verdicts set done = 1 where questionnaire = ? and name = ?",
)
