"""How soon the system is ready, with nothing in it and with the facts of a year."""

import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from statistics import median

from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.front import open_trial
from tests.bench import bare, cycle, facts
from tests.bench.report import Figure, Report
from tests.bench.system import System, all_at
from tests.support import running
from tests.support.opened import opened

FACTS = 5_000
BATCH = 500
STARTS = 3


async def test_start(report: Report, tmp_path: Path) -> None:
    full = tmp_path / "full"
    await _fill(full)
    caught_up_s = _catch_up(full)
    empty_s = [_start(tmp_path / f"empty-{place}") for place in range(STARTS)]
    full_s = [_start(full) for _ in range(STARTS)]

    report.begin("Start-up until /readyz")
    report.add(Figure("an empty data directory", 1_000 * median(empty_s), "ms"))
    ratio = median(full_s) / median(empty_s)
    report.add(Figure(f"{FACTS:,} facts", 1_000 * median(full_s), "ms", "empty", ratio))
    report.add(Figure("told, numbered, counted, shown at once", FACTS / caught_up_s, "facts/s"))


async def _fill(data: Path) -> None:
    """Each service has recorded what it says, and nobody has heard of it yet."""
    for service, told in facts.owners(facts.told(FACTS)).items():
        (data / service).mkdir(parents=True)
        async with opened(SqliteEventStore(data / service / "facts.db")) as store:
            for batch in bare.batches(told, BATCH):
                await store.append(batch)
    open_trial(data).clock.set(datetime.fromisoformat(cycle.SCORING))


def _start(data: Path) -> float:
    began = time.perf_counter()
    with running.running(data) as system, system.client() as client:
        client.get("/readyz").raise_for_status()
        return time.perf_counter() - began


def _catch_up(data: Path) -> float:
    """From being ready until the table counts every fact."""
    with running.running(data) as process:
        began = time.perf_counter()
        with closing(System(all_at(process.url))) as system:
            system.wait_until_counted(FACTS)
        return time.perf_counter() - began
