"""Urns as they were before there were boxes and receipts, and what has to be left of them."""

import pytest

from shared.kernel.errors import Refused
from shared.ports import Right, Turnout, Urn
from tests.support.urns import (
    AGENCY,
    INVITED,
    LEADERS,
    OTHER,
    PAPER,
    SIPAS,
    draw,
    draw_from,
    drop,
    invite,
    spend,
)

SQLITE = """
create table if not exists tokens (
    token_sha256 text primary key not null,
    questionnaire text not null,
    agency text not null,
    spent integer not null default 0
) without rowid;
create index if not exists tokens_by_agency on tokens (questionnaire, agency, spent);
create table if not exists answers (
    name text primary key not null,
    questionnaire text not null,
    answer text not null,
    batch integer,
    place integer
) without rowid;
create index if not exists answers_by_batch on answers (questionnaire, batch, place);
create table if not exists drops (
    questionnaire text not null,
    key text not null,
    digest text not null,
    primary key (questionnaire, key)
) without rowid;
create table if not exists boxes (
    questionnaire text primary key not null,
    shut integer not null default 0,
    discarded integer not null default 0
) without rowid;
"""
"""`shared/adapters/sqlite/urn.py` from commit f809a26 until b32fb91."""

POSTGRES = """
create table if not exists urn_tokens (
    token_sha256 text collate "C" primary key,
    questionnaire text collate "C" not null,
    agency text collate "C" not null,
    spent boolean not null default false
);
create index if not exists urn_tokens_by_agency on urn_tokens (questionnaire, agency);
create table if not exists urn_answers (
    name text collate "C" primary key,
    questionnaire text collate "C" not null,
    answer text not null,
    batch integer,
    place integer
);
create index if not exists urn_answers_by_batch on urn_answers (questionnaire, batch, place);
create table if not exists urn_drops (
    questionnaire text collate "C" not null,
    key text collate "C" not null,
    digest text not null,
    primary key (questionnaire, key)
);
create table if not exists urn_boxes (
    questionnaire text collate "C" primary key,
    shut boolean not null default false,
    discarded integer not null default 0
);
"""
"""`shared/adapters/postgres/urn_sql.py` from commit b3b6212 until b32fb91."""

KEPT = """
insert into {0}tokens (token_sha256, questionnaire, agency, spent) values
    ('unused', '2021/sipas', 'so-y-te', false),
    ('spent', '2021/sipas', 'so-y-te', true),
    ('late', '2021/leaders', 'so-noi-vu', false);
insert into {0}drops (questionnaire, key, digest) values ('2021/sipas', 'paper-0', 'd');
insert into {0}boxes (questionnaire, shut, discarded) values
    ('2021/sipas', false, 3), ('2021/leaders', true, 0);
"""
"""What such an urn knows once all that it held was counted; `{0}` stands before its tables."""

WAITING = """
insert into {0}answers (name, questionnaire, answer, batch, place) values
    ('a', '2021/sipas', '{{"agency":"so-y-te","answers":{{"q1":"1"}}}}', 4, 0),
    ('b', '2021/sipas', '{{"agency":"so-y-te","answers":{{"q1":"1"}}}}', null, null),
    ('c', '2021/leaders', '{{"agency":"so-noi-vu","answers":{{"q1":"1"}}}}', null, null);
"""
"""Answers that it holds yet, drawn and not drawn."""
GRANTED = """
insert into {0}rights (token_sha256, questionnaire, agency, kind, uses_max, uses_per_day_max)
values ('spent', '2021/sipas', 'so-y-te', 'invitation', 1, 1)
"""
"""A right that was granted again since, by a version that made its tables beside those."""
REFUSED = {"answers": "3", "questionnaires": f"{LEADERS}, {SIPAS}"}
"""The details of the refusal to start with these."""


async def check_moved(urn: Urn) -> None:
    """An urn that began with `KEPT` knows all of it, and can do all that a new one can."""
    assert await urn.right(SIPAS, "unused") == Right("unused", AGENCY)
    assert await urn.right(LEADERS, "late") == Right("late", OTHER)
    assert await urn.unused(SIPAS, ["unused", "spent", "late"]) == {"unused"}
    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(2, 1)}
    with pytest.raises(Refused, match="token-spent"):
        await spend(urn, "spent", 0)
    with pytest.raises(Refused, match="survey-closed"):
        await urn.exchange(LEADERS, "late", "blinded")
    assert await drop(urn, 2, key="paper-0") is False
    assert await urn.waiting(SIPAS) == {}

    await invite(urn, "new")
    await spend(urn, "unused", 1)
    await spend(urn, "new", 2)
    await drop(urn, 1, first=3)

    assert await urn.waiting(SIPAS) == {INVITED: 2, PAPER: 1}
    assert await urn.stir() == 3
    assert await draw(urn, 3) is None
    assert await draw_from(urn, 4, [INVITED], least=3) is None
    assert sorted(await draw(urn, 4) or []) == [1, 2, 3]
    await urn.discard(SIPAS, 4)
    with pytest.raises(Refused, match="receipt-taken"):
        await drop(urn, 1, first=3, key="again")
