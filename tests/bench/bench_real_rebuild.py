"""A cycle rebuilt from Kafka to complete views, beside bare loops and others that do the same job.

Every side is a process of its own, over the same topic, and all come to the same table. Most of
a rebuild reckons, so that the time of the processor is told beside that of the clock: on a machine
that others use, it is the steadier of the two.

CCHC_BENCH_FACTS says how many facts (20 000), CCHC_BENCH_ROUNDS how many rounds (3).
"""

import asyncio
import json
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.kafka import KafkaStream, create_topic
from shared.ports import Message
from shared.runtime.number import LEDGER, Numberer
from shared.runtime.service import Receiver
from tests.bench import facts, others
from tests.bench.cycle import CYCLE
from tests.bench.rebuilding.job import Done, Wanted
from tests.bench.rebuilding.ours import LEDGER_FILE
from tests.bench.report import Figure, Report
from tests.support.opened import opened
from tests.support.servers import REAL

pytestmark = REAL

FACTS = int(os.environ.get("CCHC_BENCH_FACTS", "20000"))
ROUNDS = int(os.environ.get("CCHC_BENCH_ROUNDS", "3"))
DONE_S_MAX = 600
MIB = 1024 * 1024
DRAIN = "bare getmany"
LOOP = "bare getmany, decode and fold"
OURS = "rebuilt: topic to complete views"

HERE = Path(sys.executable)


@dataclass(frozen=True, slots=True)
class Side:
    """A module of the folder `rebuilding`, run by one Python."""

    python: Path
    module: str
    more: Sequence[str] = ()

    async def run(self, wanted: Wanted) -> Done:
        """What it came to; others tell what they like on the error stream."""
        process = await asyncio.create_subprocess_exec(
            *(str(self.python), "-W", "ignore", "-m", f"tests.bench.rebuilding.{self.module}"),
            *(*wanted.arguments, *self.more),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(DONE_S_MAX):
                told, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, errors.decode()[-2_000:]
        return Done(**json.loads(told.splitlines()[-1]))


@pytest.fixture
async def wanted(fresh_topic: tuple[str, str], tmp_path: Path) -> Wanted:
    """A topic that has the facts of a cycle, and the ledger as it was numbered from there."""
    await create_topic(*fresh_topic, partitions=1, replicas=1)
    topic = KafkaStream(*fresh_topic, partitions=1)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(topic))
        inbox = await stack.enter_async_context(opened(SqliteEventStore(tmp_path / LEDGER_FILE)))
        await topic.publish([Message(CYCLE, fact.body) for fact in facts.told(FACTS)])
        receiver = Receiver(topic, "ranking", Numberer(inbox))
        while (last := await inbox.last(LEDGER + CYCLE)) is None or last.version < FACTS:
            await receiver.step()
        await receiver.close()
    return Wanted(*fresh_topic, FACTS, str(tmp_path))


async def test_rebuild(report: Report, wanted: Wanted) -> None:
    report.begin(f"A cycle of {FACTS:,} facts from Kafka, each side a process of its own")
    sides = _sides()
    found: dict[str, list[Done]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            found[name].append(await side.run(wanted))
    assert len({each.digest for done in found.values() for each in done} - {""}) == 1
    for name, done in found.items():
        _add(report, f"{name}", "facts/s", [FACTS / each.wall_s for each in done], found)
    for name, done in found.items():
        rates = [FACTS / each.processor_s for each in done]
        _add(report, f"{name} (processor)", "facts/s", rates, found)
    for name, done in found.items():
        most = max(each.memory_bytes for each in done) / MIB
        report.add(Figure(f"{name}, memory at most", most, "MiB"))


def _sides() -> Mapping[str, Side]:
    sides = {
        OURS: Side(HERE, "ours"),
        LOOP: Side(HERE, "plain", ["fold"]),
        DRAIN: Side(HERE, "plain", ["drain"]),
        "ProjectionRunner of eventsourcing": Side(HERE, "projection"),
    }
    there = others.installed()
    if there is not None:
        sides["quixstreams"] = Side(there, "quix")
        sides["faust-streaming"] = Side(there, "agent")
    return sides


def _add(
    report: Report,
    name: str,
    unit: str,
    rates: Sequence[float],
    found: Mapping[str, Sequence[Done]],
) -> None:
    """A rate, and what part of it each bare side is; of ours is told how often it has theirs."""
    is_processor = name.endswith("(processor)")
    kind = name.removesuffix(" (processor)")
    value = statistics.median(rates)
    besides = {OURS: (DRAIN, LOOP), LOOP: (DRAIN,), DRAIN: ()}.get(kind, (OURS,))
    if not besides:
        report.add(Figure(name, value, unit))
    for beside in besides:
        bare = [FACTS / (d.processor_s if is_processor else d.wall_s) for d in found[beside]]
        ratios = [mine / its for mine, its in zip(rates, bare, strict=True)]
        ratio, spread = value / statistics.median(bare), (min(ratios), max(ratios))
        report.add(Figure(name, value, unit, beside, ratio, spread))
