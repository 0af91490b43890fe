"""The whole system on real servers: what it needs when idle, what it bears, how soon ranking knows.

All of its processes share one machine with its servers and with whoever asks, which is no machine
for production: ratios and what one process needs can be compared, and little else.
"""

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from statistics import median

import psycopg
import pytest

from demo.client import Addresses
from real import system as real
from real.processes import Process
from tests.bench import loads, usage
from tests.bench.loads import Load
from tests.bench.report import Figure, Report
from tests.bench.system import System, empty_handler, empty_requests
from tests.support.servers import REAL, Started, open_folder

pytestmark = REAL

ROLES = ("api", "worker")
ROUNDS = 3
ALONE = 30
CROWD = 128
AT_ONCE = 16
WATCHED = 30
SETTLED_S = 5.0
IDLE_S = 8.0
NAME_BYTES = 4
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def deployed(servers: Started) -> Iterator[real.System]:
    """Its processes, with nothing in it yet."""
    with open_folder() as folder:
        prefix = f"bench_{secrets.token_hex(NAME_BYTES)}"
        plan = real.Plan(folder, prefix=prefix, told=real.UNLIMITED)
        with real.running(real.System(plan, servers.everything())) as system:
            yield system


@pytest.fixture(scope="module")
def system(deployed: real.System) -> Iterator[System]:
    """The same in the midst of a cycle, with one process of each service that answers."""
    for service in real.SERVICES:
        deployed.process(service, "api", 2).stop()
    addresses = deployed.addresses
    with closing(System(Addresses(addresses["submission"], addresses))) as system:
        system.open()
        yield system


@usage.MEASURED
def test_idle(report: Report, deployed: real.System, servers: Started) -> None:
    started_s = _processor_s(deployed.processes)
    time.sleep(SETTLED_S)
    before_s, before = _processor_s(deployed.processes), _transactions(servers)
    time.sleep(IDLE_S)
    after_s, after = _processor_s(deployed.processes), _transactions(servers)

    report.begin(f"The {len(deployed.processes)} processes when nobody asks anything")
    for role in ROLES:
        taken = [
            100 * (after_s[each] - before_s[each]) / IDLE_S
            for each in deployed.processes
            if each.name.role == role
        ]
        report.add(Figure(f"{role}, of one core, median", median(taken), "%"))
        report.add(Figure(f"{role}, of one core, most", max(taken), "%"))
    for role in ROLES:
        sizes = [_megabytes(each) for each in deployed.processes if each.name.role == role]
        report.add(Figure(f"{role}, memory, median", median(sizes), "MB"))
        report.add(Figure(f"{role}, memory, most", max(sizes), "MB"))
    begun = [1_000 * taken for taken in started_s.values()]
    report.add(Figure("to get ready, time of a core, median", median(begun), "ms"))
    report.add(Figure("all together, transactions", (after - before) / IDLE_S, "/s"))


async def test_writes(report: Report, system: System) -> None:
    wanted = ROUNDS * (ALONE + CROWD)
    kinds = {
        "score": Load(system.url("submission"), iter(system.scores())),
        "survey answer": Load(system.url("survey"), iter(system.answers(wanted))),
    }
    with empty_handler() as empty_url:
        kinds["empty FastAPI handler"] = Load(empty_url, iter(empty_requests(wanted)))
        for callers, count in ((1, ALONE), (AT_ONCE, CROWD)):
            report.begin(f"Real servers, {callers} at once: durable writes on one process")
            sides = {name: load.measure(count, callers) for name, load in kinds.items()}
            await report.compare("/s", sides, rounds=ROUNDS)
            for name, load in kinds.items():
                load.add_latencies(report, name)


async def test_visible(report: Report, system: System) -> None:
    visible = await loads.visible(system, system.proofs("tai-lieu-1")[:WATCHED])

    report.begin("Real servers: from the answer to a write until ranking has it")
    visible.add_to(report)


def _processor_s(processes: Sequence[Process]) -> dict[Process, float]:
    return {each: usage.processor_s(_pid(each)) for each in processes}


def _megabytes(process: Process) -> float:
    return usage.memory_bytes(_pid(process)) / MEGABYTE


def _pid(process: Process) -> int:
    assert process.pid is not None, f"{process.name} runs"
    return process.pid


def _transactions(servers: Started) -> int:
    """How many PostgreSQL has ended, of whomever."""
    with psycopg.connect(servers.postgres.url) as connection:
        [ended] = connection.execute(
            "select sum(xact_commit + xact_rollback) from pg_stat_database"
        ).fetchone() or (0,)
    return int(ended)
