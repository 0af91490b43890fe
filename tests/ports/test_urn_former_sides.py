"""An urn in a file whose tables had no sides yet: what waits in it is moved into some that have."""

import asyncio
from pathlib import Path

import pytest

from shared.adapters.sqlite.urn.tables import SCHEMA
from shared.kernel.errors import Refused
from tests.ports.test_urn_former import dumped, move_in, written
from tests.support.opened import opened
from tests.support.urns import INVITED, LEADERS, SIPAS, draw, draw_from, drop, in_sqlite, numbers

WITHOUT_SIDES = """
create table answers (
    name text primary key not null,
    questionnaire text not null,
    agency text not null,
    channel text not null,
    answer text not null,
    batch integer,
    place integer,
    stirred integer not null default 0
) without rowid;
create index answers_by_batch on answers (questionnaire, batch, agency, channel);
create table receipts (
    receipt text primary key not null,
    questionnaire text not null,
    agency text not null,
    channel text not null,
    batch integer,
    place integer,
    stirred integer not null default 0
) without rowid;
create index receipts_by_batch on receipts (questionnaire, batch, agency, channel);
create table comments (
    name text primary key not null,
    questionnaire text not null,
    agency text not null,
    question text not null,
    text text not null,
    released integer not null default 0,
    stirred integer not null default 0
) without rowid;
create index comments_by_release on comments (questionnaire, released);
"""
"""`shared/adapters/sqlite/urn/tables.py` from commit b32fb91 until 553a6ef."""

WAITING = """
insert into answers values
    ('n1', '2021/sipas', 'so-y-te', 'invitation', '{{"q1":"1"}}', 1, 0, 1),
    ('n2', '2021/sipas', 'so-y-te', 'invitation', '{{"q1":"2"}}', null, null, 0),
    ('n3', '2021/leaders', 'so-y-te', 'paper', '{{"q1":"3"}}', null, null, 1);
insert into receipts values
    ('receipt-0001', '2021/sipas', 'so-y-te', 'invitation', null, null, 1),
    ('receipt-0002', '2021/sipas', 'so-y-te', 'invitation', 1, 0, 0),
    ('receipt-0003', '2021/leaders', 'so-y-te', 'paper', null, null, 1);
insert into comments values
    ('c1', '2021/sipas', 'so-y-te', 'q', 'đợi lâu', 1, 1),
    ('c2', '2021/sipas', 'so-y-te', 'q', 'chậm', 0, 0);
"""
"""One of two answers was drawn, with the receipt of the other, and one of two comments let out."""


async def test_what_waits_in_tables_without_sides_is_all_there_afterwards(tmp_path: Path) -> None:
    written(tmp_path, WITHOUT_SIDES, WAITING)

    async with opened(in_sqlite(tmp_path)) as urn:
        assert await urn.waiting(SIPAS) == {INVITED: 1}
        assert await urn.drawn(SIPAS) == [1]
        [let_out] = await urn.comments(SIPAS, limit=9)
        assert await urn.stir() == 2
        drawn = await draw_from(urn, 1, [])
        assert drawn is not None
        assert (numbers(drawn), drawn.receipts) == ([1], ["receipt-0002"])
        with pytest.raises(Refused, match="receipt-taken"):
            await drop(urn, 1, first=3)
        await urn.discard(SIPAS, 1)
        assert await draw(urn, 2) == [2]
        assert await urn.release(SIPAS, least=1) == 1
        assert len(await urn.waiting(LEADERS)) == 1

    assert (let_out.name, let_out.text) == ("c1", "đợi lâu")


async def test_tables_without_sides_become_those_of_a_new_urn_once(tmp_path: Path) -> None:
    path = written(tmp_path, WITHOUT_SIDES)
    async with opened(in_sqlite(tmp_path)):
        pass
    moved = dumped(path)
    (tmp_path / "new").mkdir()
    async with opened(in_sqlite(tmp_path / "new")):
        pass

    assert moved == dumped(tmp_path / "new" / "urn.db")
    written(tmp_path, WAITING)
    with_rows = dumped(path)
    move_in(path)
    assert dumped(path) == with_rows != moved


async def test_of_several_that_move_tables_without_sides_at_once_one_does(tmp_path: Path) -> None:
    path = written(tmp_path, WITHOUT_SIDES, WAITING)

    await asyncio.gather(*(asyncio.to_thread(move_in, path) for _ in range(4)))

    async with opened(in_sqlite(tmp_path)) as urn:
        assert await urn.waiting(SIPAS) == {INVITED: 1}


async def test_the_index_that_nobody_needs_any_more_is_gone(tmp_path: Path) -> None:
    index = "create index comments_by_release on comments (stirred, questionnaire, released)"
    path = written(tmp_path, ";".join([*SCHEMA, index]))

    async with opened(in_sqlite(tmp_path)):
        pass

    assert "comments_by_release" not in " ".join(dumped(path))
