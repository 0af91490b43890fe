"""What a directory promises, held against those in memory, in SQLite and in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - from a seed: where rows come to lie is the test

import pytest

from shared.adapters.memory import MemoryDirectory
from shared.adapters.sqlite import SqliteDirectory
from shared.kernel.errors import Refused
from shared.ports import (
    LOOKED_WITHIN,
    LOOKS_IN_A_DAY_MAX,
    LOOKS_MAX,
    Directory,
    Entry,
    Look,
    Person,
)
from tests.support import postgres
from tests.support.opened import in_each, opened

AN = Person("p-an", "https://sso.example", "an.nguyen@example.gov.vn", "Nguyễn Văn An")
BINH = Person("p-binh", "https://sso.example", "binh", "Trần Thị Bình")
DAY = date(2021, 11, 15)
NOW = datetime(2021, 11, 15, 1, 30, tzinfo=UTC)
LOOK = Look(NOW, "auditor:p-kt", "Thanh tra việc chấm điểm của ông An.")

Opened = AbstractAsyncContextManager[Directory]


def in_memory(_: pytest.FixtureRequest) -> Opened:
    return opened(MemoryDirectory())


def in_sqlite(request: pytest.FixtureRequest) -> Opened:
    return opened(SqliteDirectory(request.getfixturevalue("tmp_path") / "people.db"))


def in_postgres(request: pytest.FixtureRequest) -> Opened:
    return postgres.directory(postgres.url_of(request))


@pytest.fixture(params=in_each(in_memory, in_sqlite, in_postgres))
async def directory(request: pytest.FixtureRequest) -> AsyncIterator[Directory]:
    make: Callable[[pytest.FixtureRequest], Opened] = request.param
    async with make(request) as directory:
        yield directory


def contents_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


async def test_who_was_met_is_found_by_the_id_alone(directory: Directory) -> None:
    await directory.meet(AN, "agency", DAY)
    await directory.meet(BINH, "council", DAY)

    assert await directory.look_up("p-an", LOOK) == Entry(AN, "agency", DAY, DAY)
    assert await directory.look_up("p-nobody", LOOK) is None


async def test_who_is_met_again_has_one_entry_as_it_is_now(directory: Directory) -> None:
    later, renamed = DAY + timedelta(days=9), replace(AN, name="Nguyễn Thị An")
    await directory.meet(AN, "agency", DAY)
    await directory.meet(renamed, "council", later)
    await directory.meet(renamed, "council", DAY + timedelta(days=3))

    assert await directory.look_up("p-an", LOOK) == Entry(renamed, "council", DAY, later)


async def test_who_looks_is_kept_also_where_nobody_was_found(directory: Directory) -> None:
    second = replace(LOOK, at=NOW + timedelta(hours=1), by="auditor:p-kt2")
    await directory.look_up("p-an", LOOK)
    await directory.look_up("p-an", second)
    await directory.look_up("p-binh", LOOK)

    assert await directory.looks("p-an") == [second, LOOK]


async def test_only_the_last_looks_are_shown(directory: Directory) -> None:
    for hour in range(LOOKS_MAX + 1):
        await directory.look_up("p-an", replace(LOOK, at=NOW + timedelta(hours=hour)))

    looks = await directory.looks("p-an")

    assert len(looks) == LOOKS_MAX
    assert looks[0].at == NOW + timedelta(hours=LOOKS_MAX)


async def test_who_was_forgotten_is_gone_and_the_others_are_not(directory: Directory) -> None:
    await directory.meet(AN, "agency", DAY)
    await directory.meet(BINH, "council", DAY)
    await directory.look_up("p-an", LOOK)

    await directory.forget("p-an")
    await directory.forget("p-an")

    assert await directory.look_up("p-an", replace(LOOK, because="")) is None
    assert await directory.looks("p-an") == [replace(LOOK, because="")] * 2
    assert await directory.look_up("p-binh", LOOK) is not None


async def test_what_the_forgotten_said_when_they_looked_goes_with_them(
    directory: Directory,
) -> None:
    others = replace(LOOK, by="administrator:p-q")
    await directory.look_up("p-an", LOOK)
    await directory.look_up("p-an", others)

    await directory.forget("p-kt")

    assert await directory.looks("p-an") == [others, replace(LOOK, because="")]


async def test_nobody_looks_too_often_within_a_day_in_whichever_role(directory: Directory) -> None:
    for place in range(LOOKS_IN_A_DAY_MAX):
        by = ("auditor:p-kt", "administrator:p-kt")[place % 2]
        await directory.look_up(f"p-{place}", replace(LOOK, by=by))

    for at in (NOW, NOW + LOOKED_WITHIN - timedelta(microseconds=1)):
        with pytest.raises(Refused, match="looks-too-many"):
            await directory.look_up("p-an", replace(LOOK, at=at))
    await directory.look_up("p-binh", replace(LOOK, by="auditor:p-q"))
    await directory.look_up("p-binh", replace(LOOK, at=NOW + LOOKED_WITHIN))

    assert await directory.looks("p-an") == []


async def test_of_looks_at_the_same_moment_no_more_get_in_than_one_by_one(
    directory: Directory,
) -> None:
    looks = (directory.look_up(f"p-{place}", LOOK) for place in range(2 * LOOKS_IN_A_DAY_MAX))

    came = await asyncio.gather(*looks, return_exceptions=True)

    kept = [await directory.looks(f"p-{place}") for place in range(len(came))]
    assert [each for each in came if each and not isinstance(each, Refused)] == []
    assert [came.count(None), sum(map(len, kept))] == [LOOKS_IN_A_DAY_MAX] * 2


async def test_who_is_known_is_told_without_a_look(directory: Directory) -> None:
    await directory.meet(AN, "agency", DAY)
    before = [await directory.knows("p-an"), await directory.knows("p-binh")]

    await directory.forget("p-an")

    assert (before, await directory.knows("p-an")) == ([True, False], False)
    assert await directory.looks("p-an") == []


async def test_who_comes_again_is_written_down_again(directory: Directory) -> None:
    later = DAY + timedelta(days=9)
    await directory.meet(AN, "agency", DAY)
    await directory.forget("p-an")

    await directory.meet(AN, "agency", later)

    assert await directory.look_up("p-an", LOOK) == Entry(AN, "agency", later, later)


async def test_a_directory_belongs_to_one_key_for_ever(directory: Directory) -> None:
    await directory.claim("aaaa1111")
    await directory.claim("aaaa1111")

    with pytest.raises(Refused, match="people-key-of-another") as refused:
        await directory.claim("bbbb2222")
    assert refused.value.details == {"mark": "bbbb2222", "expected": "aaaa1111"}


async def test_many_are_met_at_once(directory: Directory) -> None:
    people = [replace(AN, id=f"p-{number}") for number in range(20)]

    await asyncio.gather(*(directory.meet(each, "agency", DAY) for each in people * 2))

    found = await asyncio.gather(*(directory.look_up(each.id, LOOK) for each in people))
    assert found == [Entry(each, "agency", DAY, DAY) for each in people]


async def test_who_was_forgotten_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    async with opened(SqliteDirectory(tmp_path / "people.db")) as directory:
        await directory.meet(BINH, "council", DAY)
        for number in range(30):
            await directory.meet(replace(AN, name=f"{AN.name} {number}"), "agency", DAY)
        await directory.look_up("p-an", LOOK)
        reading = asyncio.gather(*(directory.looks("p-an") for _ in range(30)))
        await directory.forget("p-an")
        await reading

        kept = contents_of(tmp_path)

    traces = (AN.subject, AN.name, "ông An")
    assert not [trace for trace in traces if any(trace.encode() in each for each in kept)]
    assert any(BINH.name.encode() in each for each in kept)


async def test_no_page_that_was_split_keeps_who_was_forgotten(tmp_path: Path) -> None:
    """Of these people two stayed in the file, where their rows had lain before they moved."""
    chance = Random(5)
    people = [
        Person(
            f"p-{chance.getrandbits(64):016x}",
            "https://sso",
            f"can-bo-{number:04}@{'x' * chance.randrange(1_000)}",
            "name",
        )
        for number in range(30)
    ]
    async with opened(SqliteDirectory(tmp_path / "people.db")) as directory:
        for person in people:
            await directory.meet(person, "agency", DAY)

        left = []
        for person in people[:20]:
            await directory.forget(person.id)
            name, kept = person.subject[:11].encode(), contents_of(tmp_path)
            left += [name for each in kept if name in each]

        assert left == []
        assert any(people[-1].subject.encode() in each for each in kept)


async def test_a_directory_survives_a_restart(tmp_path: Path) -> None:
    async with opened(SqliteDirectory(tmp_path / "people.db")) as directory:
        await directory.claim("aaaa1111")
        await directory.meet(AN, "agency", DAY)

    async with opened(SqliteDirectory(tmp_path / "people.db")) as directory:
        assert await directory.look_up("p-an", LOOK) == Entry(AN, "agency", DAY, DAY)
        with pytest.raises(Refused, match="people-key-of-another"):
            await directory.claim("bbbb2222")
