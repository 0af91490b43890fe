"""What it costs to tell: the same work by what tells everything, some of it, or nothing at all.

First an append in memory, by the processor, since nothing is less than that; then two whole systems
on the same servers, of which one sends everything to a collector and shows its metrics too.
"""

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace

import pytest

from demo.client import Addresses
from real import system as real
from real.processes import Process
from real.servers import port
from shared.adapters.memory import MemoryEventStore
from shared.adapters.telemetry.destination import Destination
from shared.adapters.telemetry.process import Telemetry, open_telemetry
from shared.events.codec import Stored
from tests.bench import usage
from tests.bench.loads import Load
from tests.bench.report import Figure, Measure, Report
from tests.bench.system import System
from tests.support.collector import collector
from tests.support.outside import memory_outside
from tests.support.servers import Started, open_folder

ROUNDS = 5
APPENDS = 2_000
ALONE = 30
CROWD = 64
AT_ONCE = 8
SETTLED_S = 5.0
IDLE_S = 30.0
NAME_BYTES = 4
TOLD, UNTOLD = "tells everything", "tells nothing"
"""The two systems."""


async def test_append(report: Report) -> None:
    report.begin("An append of one fact in memory, by the processor")
    with collector() as (address, _), ExitStack() as opened:
        kinds = {
            "all traces, and metrics": Destination(otlp=address),
            "one trace in ten, and metrics": Destination(otlp=address, percent=10),
            "metrics alone": Destination(port=port.free()),
        }
        sides = {
            name: _appending(opened.enter_context(open_telemetry(told, "submission", name)))
            for name, told in kinds.items()
        }
        await report.compare("/s", {**sides, UNTOLD: _appending(None)}, rounds=ROUNDS)
    *_, bare = report.figures.values()
    untold_us = 1e6 / bare[-1].value
    for figure in bare[:-1]:
        more_us = 1e6 / figure.value - untold_us
        report.add(Figure(f"{figure.name}: takes more", more_us, "us"))


def _appending(telemetry: Telemetry | None) -> Measure:
    async def measure() -> float:
        outside = replace(memory_outside(), store=MemoryEventStore())
        store = (telemetry.outside(outside, "facts") if telemetry else outside).store
        facts = [
            Stored("submission/2021/so-y-te", version, "submission.ScoreSubmitted.v1", b"{}")
            for version in range(1, APPENDS + 1)
        ]
        began = time.process_time()
        for fact in facts:
            await store.append([fact])
        return APPENDS / (time.process_time() - began)

    return measure


@dataclass(slots=True)
class Side:
    """One of the two systems, in the midst of a cycle, and what its processes took for writes."""

    deployed: real.System
    system: System
    spent_s: float = 0.0
    writes: int = 0
    load: Load = field(init=False)

    def __post_init__(self) -> None:
        """What is asked of it: scores that nobody has declared yet."""
        self.load = Load(self.system.url("submission"), iter(self.system.scores()))

    def measure(self, count: int, at_once: int) -> Measure:
        """Writes a second, while it is noted what its api took of the processor."""
        measured = self.load.measure(count, at_once)

        async def measure() -> float:
            before_s = self.api_s()
            rate = await measured()
            self.spent_s += self.api_s() - before_s
            self.writes += count
            return rate

        return measure

    def api_s(self) -> float:
        """What the process that takes scores has taken of the processor."""
        return _processor_s([self.deployed.process("submission", "api")])


@pytest.fixture(scope="module")
def sides(servers: Started) -> Iterator[dict[str, Side]]:
    """Both systems, on the same servers."""
    with collector() as (address, _), ExitStack() as opened:
        found = {}
        for name, told in ((TOLD, {"CCHC_OTLP": address}), (UNTOLD, {})):
            plan = real.Plan(
                opened.enter_context(open_folder()),
                apis=1,
                workers=1,
                prefix=f"bench_{secrets.token_hex(NAME_BYTES)}",
                told={**real.UNLIMITED, **told},
                measured=bool(told),
            )
            deployed = opened.enter_context(real.running(real.System(plan, servers.everything())))
            addresses = deployed.addresses
            at = Addresses(addresses["submission"], addresses)
            system = opened.enter_context(closing(System(at)))
            system.open()
            found[name] = Side(deployed, system)
        yield found


@pytest.mark.real
@usage.MEASURED
def test_idle(report: Report, sides: dict[str, Side]) -> None:
    time.sleep(SETTLED_S)
    report.begin("All processes of a system when nobody asks anything, of one core")
    processes = [side.deployed.processes for side in sides.values()]
    before = [_processor_s(each) for each in processes]
    time.sleep(IDLE_S)
    taken = [_processor_s(each) - began for each, began in zip(processes, before, strict=True)]
    told, untold = (100 * each / IDLE_S for each in taken)
    report.add(Figure(TOLD, told, "%", UNTOLD, told / untold))
    report.add(Figure(UNTOLD, untold, "%"))


@pytest.mark.real
@usage.MEASURED
async def test_writes(report: Report, sides: dict[str, Side]) -> None:
    for callers, count in ((1, ALONE), (AT_ONCE, CROWD)):
        report.begin(f"Real servers, {callers} at once: scores a second, told of and not")
        measured = {name: side.measure(count, callers) for name, side in sides.items()}
        await report.compare("/s", measured, rounds=ROUNDS)
        told, untold = (1_000 * side.spent_s / side.writes for side in sides.values())
        took = "the api, of a core for a score"
        report.add(Figure(f"{took}: {TOLD}", told, "ms", UNTOLD, told / untold))
        report.add(Figure(f"{took}: {UNTOLD}", untold, "ms"))
        for side in sides.values():
            side.spent_s, side.writes = 0.0, 0


def _processor_s(processes: Sequence[Process]) -> float:
    pids = [process.pid for process in processes]
    return sum(usage.processor_s(pid) for pid in pids if pid is not None)
