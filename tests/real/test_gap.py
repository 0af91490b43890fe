"""Who tails the log while many write to it misses no fact; and would, without the store's lock.

A position is given to a fact before its transaction commits. Where transactions overlap, a higher
position can be seen before a lower one, and a reader who goes on from the higher one never comes
back. The library's functions in the database record like that, and are seen to lose facts here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.eventstore.postgres_tables import datastore
from shared.adapters.migration import migrate
from shared.events.codec import Stored
from shared.ports import Tracking
from tests.support import tally
from tests.support.opened import opened
from tests.support.servers import REAL

pytestmark = [*REAL, pytest.mark.slow]

PROCESSES = 4
WRITERS = 6
APPENDS = 150
UNSAFE_WRITERS = 8
UNSAFE_FACTS = 400
ROUNDS_MAX = 30
PAGE = 200

Record = Callable[[str, Any], None]
Read = Callable[[int], Awaitable[Sequence[int]]]
"""Some positions of the log above this one, in their order."""


class Reader:
    """One who follows a log by position, as a relay does."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._seen: set[int] = set()
        self._position = 0

    async def follow(self, writing: "asyncio.Future[Any]") -> None:
        """Until nobody writes any more, and then to the end."""
        over = False
        while True:
            page = await self._read(self._position)
            self._seen.update(page)
            if page:
                self._position = page[-1]
            elif over:
                return
            over = writing.done()

    async def missed(self) -> set[int]:
        """What lies in the log now and was not seen."""
        kept: list[int] = []
        while page := await self._read(kept[-1] if kept else 0):
            kept += page
        assert len(kept) > 0
        return set(kept) - self._seen


async def test_a_reader_misses_nothing_of_many_writers_in_many_processes(
    fresh_postgres: str, record_property: Record
) -> None:
    await migrate(fresh_postgres)
    async with opened(PostgresEventStore(fresh_postgres, "facts")) as store:

        async def read(after: int) -> Sequence[int]:
            return [entry.position for entry in await store.log(after=after, limit=PAGE)]

        reader = Reader(read)
        writing = asyncio.gather(*(process(fresh_postgres, number) for number in range(PROCESSES)))
        await reader.follow(writing)
        await writing

        missed = await reader.missed()
        end = await store.end()
        _count(record_property, "with the store's lock", end, missed)

    assert end >= PROCESSES * WRITERS * APPENDS
    assert missed == set()


async def process(url: str, number: int) -> None:
    """Writers who share a store; every other one tracks as it writes, and so is not grouped."""
    async with opened(PostgresEventStore(url, "facts")) as store, asyncio.TaskGroup() as group:
        for writer in range(WRITERS):
            group.create_task(write(store, f"survey/{number}/{writer}", tracks=writer % 2 == 0))


async def write(store: PostgresEventStore, stream: str, *, tracks: bool) -> None:
    for version in range(1, APPENDS + 1):
        tracking = Tracking(stream, version) if tracks else None
        await store.append([Stored(stream, version, "survey.T.v1", b"{}")], tracking=tracking)


async def test_by_the_library_s_unsafe_functions_a_reader_does_miss_facts(
    fresh_postgres: str, record_property: Record
) -> None:
    async with unsafe(fresh_postgres) as (recorder, threads):
        run = asyncio.get_running_loop().run_in_executor

        async def read(after: int) -> Sequence[int]:
            return await run(threads, positions, recorder, after)

        for round_ in range(ROUNDS_MAX):
            reader = Reader(read)
            streams = [f"{round_}/{writer}" for writer in range(UNSAFE_WRITERS)]
            writing = asyncio.gather(
                *(run(threads, record_unsafely, recorder, stream) for stream in streams)
            )
            await reader.follow(writing)
            await writing
            missed = await reader.missed()
            _count(record_property, "by functions", UNSAFE_WRITERS * UNSAFE_FACTS, missed)
            if missed:
                break

    assert missed != set()


@asynccontextmanager
async def unsafe(
    url: str,
) -> AsyncIterator[tuple[PostgresApplicationRecorder, ThreadPoolExecutor]]:
    """The library's recorder with the setting that the store refuses."""
    connections: PostgresDatastore = datastore(url, "test", connections_max=UNSAFE_WRITERS + 1)
    connections.enable_db_functions = True
    with connections, ThreadPoolExecutor(UNSAFE_WRITERS + 1) as threads:
        recorder = PostgresApplicationRecorder(connections, events_table_name="unsafe_events")
        recorder.create_table()
        yield recorder, threads


def record_unsafely(recorder: PostgresApplicationRecorder, stream: str) -> None:
    for version in range(1, UNSAFE_FACTS + 1):
        recorder.insert_events([StoredEvent(stream, version, "survey.T.v1", b"{}")])


def positions(recorder: PostgresApplicationRecorder, after: int) -> Sequence[int]:
    found = recorder.select_notifications(after, PAGE, inclusive_of_start=False)
    return [notification.id for notification in found]


def _count(record_property: Record, how: str, facts: int, missed: set[int]) -> None:
    rows = {how: {"rounds": 1, "facts": facts, "missed": len(missed)}}
    tally.count(record_property, "tailing the log", rows)
