"""Facts recorded on PostgreSQL, each beside the bare recorder's same bytes.

How many are recorded in one transaction decides nearly everything here: a commit waits for the
disk. One caller shows what a single write takes, many show what their common commits win.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from typing import Any

from services.submission.domain.cycle import Cycle
from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.eventstore.postgres_tables import create_tables
from shared.events.codec import Stored
from shared.runtime.handle import Handler
from tests.bench import bare, cycle, deciding, facts
from tests.bench.bare_servers import Recorder
from tests.bench.report import Measure, Report, awaited_rate_of
from tests.support.opened import opened
from tests.support.servers import REAL

pytestmark = REAL

CALLERS = 16
SHEET = 15
SINGLES = 150
FACTS = 3_000
BATCH = 100


class Bench:
    """Each measurement in new tables of one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made = 0

    def table(self) -> str:
        """A name that nobody has used."""
        self._made += 1
        return f"bench{self._made}"

    @asynccontextmanager
    async def store(self) -> AsyncIterator[PostgresEventStore]:
        """An event store that is connected."""
        name = self.table()
        await asyncio.to_thread(create_tables, self.url, name)
        async with opened(PostgresEventStore(self.url, name)) as store:
            await store.end()
            yield store


async def test_append(report: Report, fresh_postgres: str) -> None:
    bench, told, opened_cycle = Bench(fresh_postgres), facts.told(FACTS), deciding.opened()

    report.begin("PostgreSQL: facts appended, one durable transaction for each caller")
    sides: dict[str, Measure] = {
        f"decided by the handler, {CALLERS} callers": lambda: _decided(
            bench, opened_cycle, CALLERS
        ),
        "decided by the handler, 1 caller": lambda: _decided(bench, opened_cycle, 1),
        "appended by the event store, 1 caller": lambda: _appended(bench, told[:SINGLES], 1),
        "bare recorder, single saves": lambda: _saved(bench, told[:SINGLES], 1),
    }
    await report.compare("facts/s", sides, rounds=5)
    report.begin(f"PostgreSQL: facts appended, {BATCH} in a transaction")
    sides = {
        "appended by the event store": lambda: _appended(bench, told, BATCH),
        "bare recorder": lambda: _saved(bench, told, BATCH),
    }
    await report.compare("facts/s", sides, rounds=5)


async def _decided(bench: Bench, opened_cycle: Cycle, callers: int) -> float:
    """Each caller fills the sheet of an agency of its own."""
    sheets = [cycle.sheet(agency)[:SHEET] for agency in cycle.agencies()[:CALLERS]]
    if callers == 1:
        sheets = [list(chain.from_iterable(sheets))[:SINGLES]]

    async with bench.store() as store:
        handler = Handler(store)
        return await awaited_rate_of(
            sum(map(len, sheets)),
            lambda: _together([deciding.declare(handler, opened_cycle, each) for each in sheets]),
        )()


async def _appended(bench: Bench, told: Sequence[Stored], size: int) -> float:
    async def append() -> None:
        for batch in bare.batches(told, size):
            await store.append(batch)

    async with bench.store() as store:
        return await awaited_rate_of(len(told), append)()


async def _saved(bench: Bench, told: Sequence[Stored], size: int) -> float:
    recorder, events = Recorder(bench.url, bench.table()), bare.events_of(told)

    async def save() -> None:
        for batch in bare.batches(events, size):
            recorder.save(batch)

    rate = await awaited_rate_of(len(told), save)()
    recorder.close()
    return rate


async def _together(callers: Sequence[Coroutine[Any, Any, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for caller in callers:
            group.create_task(caller)
