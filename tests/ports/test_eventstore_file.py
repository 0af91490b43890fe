"""What an event store in a file promises beside its port: to be durable, and to say it is away."""

import asyncio
import sqlite3
from pathlib import Path
from threading import Event

import pytest

from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.ports import Tracking
from tests.support.opened import opened

SHEET = "submission/2021/so-y-te"


def in_sqlite(folder: Path) -> SqliteEventStore:
    return SqliteEventStore(folder / "facts.db")


def fact(version: int) -> Stored:
    return Stored(SHEET, version, "submission.ScoreSubmitted.v1", b"{}")


def facts(*versions: int) -> list[Stored]:
    return [fact(version) for version in versions]


async def test_what_was_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as store:
        await store.append(facts(1, 2), tracking=Tracking("react", 4))

        async with opened(in_sqlite(tmp_path)) as again:
            assert await again.stream(SHEET, limit=10) == facts(1, 2)
            assert await again.tracked("react") == 4


async def test_a_store_goes_on_where_it_was_closed(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as store:
        await store.append(facts(1, 2), tracking=Tracking("react", 4))
        end = await store.end()

    async with opened(in_sqlite(tmp_path)) as again:
        await again.append(facts(3), tracking=Tracking("react", 5))

        assert await again.stream(SHEET, limit=10) == facts(1, 2, 3)
        assert await again.end() > end


async def test_a_locked_file_is_a_database_that_is_away(tmp_path: Path) -> None:
    async with opened(SqliteEventStore(tmp_path / "facts.db", lock_timeout_s=1)) as store:
        thief = sqlite3.connect(tmp_path / "facts.db", isolation_level=None)
        thief.execute("begin immediate")

        with pytest.raises(Unavailable, match="database-unavailable"):
            await store.append(facts(1))

        thief.close()
        await store.append(facts(1))
        assert await store.last(SHEET) == fact(1)


async def test_a_closed_file_does_not_answer_from_memory(tmp_path: Path) -> None:
    async with opened(in_sqlite(tmp_path)) as store:
        await store.append(facts(1), tracking=Tracking("react", 1))
        await store.stream(SHEET, after=1, limit=1)
        await store.log(after=1, limit=1)
        await store.tracked("react")

    for reading in (
        store.stream(SHEET, after=1, limit=1),
        store.log(after=1, limit=1),
        store.tracked("react"),
    ):
        with pytest.raises(Unavailable, match="database-unavailable"):
            await reading


async def test_all_readings_agree_between_a_commit_and_its_acknowledgement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(in_sqlite(tmp_path)) as store:
        await store.append(facts(1), tracking=Tracking("react", 1))
        before = await store.end()
        await store.log(after=before, limit=10)
        await store.stream(SHEET, after=1, limit=10)
        committed, go_on = Event(), Event()
        recorder = store._recorder  # noqa: SLF001 - the moment lies within its call
        insert = recorder.insert_events

        def insert_and_wait(*args: object, **named: object) -> object:
            positions = insert(*args, **named)  # type: ignore[arg-type]  # passed on as it came
            committed.set()
            go_on.wait()
            return positions

        monkeypatch.setattr(recorder, "insert_events", insert_and_wait)
        writing = asyncio.create_task(store.append(facts(2), tracking=Tracking("react", 2)))
        try:
            await asyncio.to_thread(committed.wait)

            assert await store.end() > before
            assert [each.fact for each in await store.log(after=before, limit=10)] == facts(2)
            assert await store.stream(SHEET, after=1, limit=10) == facts(2)
            assert await store.tracked("react") == 2
        finally:
            go_on.set()
            await writing
