"""Writes per second through the HTTP API of the system as it runs, and how soon they are counted.

One caller shows what a single write takes, beside a durable save of the bare recorder; many show
what the process can bear, beside a handler that does nothing.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.bench import bare, facts, loads, usage
from tests.bench.loads import Load
from tests.bench.report import Figure, Report, awaited_rate_of
from tests.bench.system import System, all_at, empty_handler, empty_requests
from tests.support import running
from tests.support.running import Running

ROUNDS = 3
ALONE = 60
CROWD = 240
AT_ONCE = 16
WATCHED = 15
IDLE_S = 5.0
SINGLES = 100


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The system, with nothing in it yet."""
    with running.running(tmp_path_factory.mktemp("http") / "data") as process:
        yield process


@pytest.fixture(scope="module")
def system(process: Running) -> Iterator[System]:
    """The same in the midst of a cycle."""
    with closing(System(all_at(process.url))) as system:
        system.open()
        yield system


@usage.MEASURED
def test_idle(report: Report, process: Running) -> None:
    time.sleep(1)
    before = usage.processor_s(process.process.pid)
    time.sleep(IDLE_S)
    taken = usage.processor_s(process.process.pid) - before

    report.begin("The process when nobody asks anything")
    report.add(Figure("of one core", 100 * taken / IDLE_S, "%"))


async def test_writes(report: Report, system: System, tmp_path: Path) -> None:
    with empty_handler() as empty_url:
        kinds = {
            "score": Load(system.url("submission"), iter(system.scores())),
            "evidence": Load(system.url("submission"), iter(system.proofs("tai-lieu-1"))),
            "survey answer": Load(
                system.url("survey"), iter(system.answers(ROUNDS * (ALONE + CROWD)))
            ),
        }
        empty = Load(empty_url, iter(empty_requests(ROUNDS * (ALONE + CROWD))))
        report.begin("HTTP, one caller: durable writes per second")
        sides = {name: load.measure(ALONE, 1) for name, load in kinds.items()}
        sides["empty FastAPI handler"] = empty.measure(ALONE, 1)
        sides["bare recorder, single saves"] = lambda: _saved(tmp_path)
        await report.compare("/s", sides, rounds=ROUNDS)
        for name, load in kinds.items():
            load.add_latencies(report, name)
        report.begin(f"HTTP, {AT_ONCE} callers: durable writes per second")
        empty.latencies_s.clear()
        kinds["empty FastAPI handler"] = empty
        crowd = {name: load.measure(CROWD, AT_ONCE) for name, load in kinds.items()}
        await report.compare("/s", crowd, rounds=ROUNDS)
        for name, load in kinds.items():
            load.add_latencies(report, name)


async def test_visible(report: Report, system: System) -> None:
    visible = await loads.visible(system, system.proofs("tai-lieu-2")[:WATCHED])

    report.begin("From the answer to a write until ranking has it")
    visible.add_to(report)


async def _saved(folder: Path) -> float:
    recorder = bare.Recorder(folder / f"{time.monotonic_ns()}.db")
    events = bare.events_of(facts.told(SINGLES))

    async def save() -> None:
        for event in events:
            recorder.save([event])

    rate = await awaited_rate_of(SINGLES, save)()
    recorder.close()
    return rate
