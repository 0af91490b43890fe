"""Writes per second through the HTTP API of the system as it runs, and how soon they are counted.

One caller shows what a single write takes, beside a durable save of the bare recorder; many show
what the process can bear, beside a handler that does nothing.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

import pytest

from tests.bench import bare, caller, facts
from tests.bench.report import Figure, Measure, Report, awaited_rate_of, percentile
from tests.bench.system import System, empty_handler, empty_requests, wait_until
from tests.support import running
from tests.support.running import Running

ROUNDS = 3
ALONE = 60
CROWD = 240
AT_ONCE = 16
WATCHED = 15
IDLE_S = 5.0
SINGLES = 100
STATUS = Path("/proc")


@dataclass(slots=True)
class Load:
    """One kind of request, of which each round takes some that were not sent before."""

    url: str
    requests: Iterator[bytes]
    latencies_s: list[float] = field(default_factory=list)

    def measure(self, count: int, at_once: int) -> Measure:
        """Requests per second."""

        async def measure() -> float:
            done = await caller.load(self.url, list(islice(self.requests, count)), at_once=at_once)
            self.latencies_s += done.latencies_s
            return done.rate

        return measure

    def add_latencies(self, report: Report, name: str) -> None:
        """What half, and what all but one per cent of the requests took; then begin anew."""
        for percent in (50, 99):
            taken = 1_000 * percentile(self.latencies_s, percent)
            report.add(Figure(f"{name}, p{percent}", taken, "ms"))
        self.latencies_s.clear()


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The system, with nothing in it yet."""
    with running.running(tmp_path_factory.mktemp("http") / "data") as process:
        yield process


@pytest.fixture(scope="module")
def system(process: Running) -> System:
    """The same in the midst of a cycle."""
    system = System(process)
    system.open()
    return system


@pytest.mark.skipif(not STATUS.exists(), reason="there is no proc(5) here")
def test_idle(report: Report, process: Running) -> None:
    time.sleep(1)
    before = _processor_s(process)
    time.sleep(IDLE_S)
    taken = _processor_s(process) - before

    report.begin("The process when nobody asks anything")
    report.add(Figure("of one core", 100 * taken / IDLE_S, "%"))


async def test_writes(report: Report, system: System, tmp_path: Path) -> None:
    with empty_handler() as empty_url:
        kinds = {
            "score": Load(system.url, iter(system.scores())),
            "evidence": Load(system.url, iter(system.proofs("tai-lieu-1"))),
            "survey answer": Load(system.url, iter(system.answers(ROUNDS * (ALONE + CROWD)))),
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
    numbered, shown = [], []
    before = system.numbered()
    system.wait_until_counted(before)
    for place, request in enumerate(system.proofs("tai-lieu-2")[:WATCHED], start=1):
        wanted = before + place
        await caller.load(system.url, [request], at_once=1)
        numbered_s = wait_until(partial(_reaches, system.numbered, wanted))
        numbered.append(numbered_s)
        shown.append(numbered_s + wait_until(partial(_reaches, system.shown, wanted)))

    report.begin("From the answer to a write until ranking has it")
    report.add(Figure("numbered in the ledger, median", 1_000 * median(numbered), "ms"))
    report.add(Figure("counted in the table, median", 1_000 * median(shown), "ms"))
    report.add(Figure("counted in the table, slowest", 1_000 * max(shown), "ms"))


def _reaches(read: Callable[[], int], wanted: int) -> bool:
    return read() >= wanted


async def _saved(folder: Path) -> float:
    recorder = bare.Recorder(folder / f"{time.monotonic_ns()}.db")
    events = bare.events_of(facts.told(SINGLES))

    async def save() -> None:
        for event in events:
            recorder.save([event])

    rate = await awaited_rate_of(SINGLES, save)()
    recorder.close()
    return rate


def _processor_s(process: Running) -> float:
    """How much time of a processor it has used: fields 14 and 15 of proc(5), /proc/pid/stat."""
    told = (STATUS / str(process.process.pid) / "stat").read_text("ascii")
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
