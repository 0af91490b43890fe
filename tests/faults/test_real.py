"""The system on real servers under faults: nothing acknowledged is lost, and nothing is doubled.

Each repetition tells the same story, of a cycle in a year of its own, by HTTP with many callers at
once, while something goes wrong. Afterwards what was acknowledged, what lies in PostgreSQL, what
stands in the topic, what is numbered in the ledger and what is shown have to be one and the same;
and the table has the digest that it has where nothing ever happens, in the embedded system.

What goes wrong, and after how many requests, is seeded; what happens in that moment is up to the
machine. A loss of power is not played: the machine keeps what it was given to write.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same faults
from typing import Any

import pytest

from shared.events import codec
from tests.faults.judged.client import World
from tests.faults.judged.cycle import Cycle
from tests.faults.judged.diary import Diary
from tests.faults.judged.judge import counted, findings
from tests.faults.judged.remains import Remains
from tests.faults.real import story
from tests.faults.real.faults import FAULTS, Fault, Stage
from tests.faults.real.play import callers_of, play
from tests.faults.real.reference import Reference, told_embedded
from tests.faults.real.remains import remains_of
from tests.support import tally
from tests.support.deployed import Deployed
from tests.support.servers import REAL

pytestmark = [*REAL, pytest.mark.slow]

LOOK_EVERY_S = 0.02

Record = Callable[[str, Any], None]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return told_embedded(tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_what_was_acknowledged_is_kept_once_when(
    fault: Fault,
    deployed: Deployed,
    reference: Reference,
    repetitions: int,
    tmp_path: Path,
    record_property: Record,
) -> None:
    for repetition in range(repetitions):
        chance = Random(f"{fault.title} {repetition}")
        stage = Stage(deployed, chance, tmp_path)
        cycle = story.cycle(deployed.next_year())
        with fault.prepared(stage):
            diary, remains = asyncio.run(_tell(fault, stage, cycle, reference.written))
        found = findings(diary, remains)
        _count(record_property, fault, diary, remains, found)

        assert found == []
        assert remains.told.digest == reference.digest(cycle.code)
        assert remains.verified["exit"] == 0


async def _tell(fault: Fault, stage: Stage, cycle: Cycle, requests: int) -> tuple[Diary, Remains]:
    """Tell the story while the fault strikes, and see what is left."""
    moments, marks = fault.moments(stage.chance, requests), stage.deployed.marks()
    async with callers_of(stage.deployed, stage.chance.randrange(2**32)) as world:
        stage.calling = world.diary.calling
        async with asyncio.TaskGroup() as group:
            group.create_task(play(world, cycle))
            group.create_task(_strike(fault, stage, world, moments))
        return world.diary, await remains_of(world, cycle, stage.folder, marks)


async def _strike(
    fault: Fault, stage: Stage, world: World[Deployed], moments: Sequence[int]
) -> None:
    for moment in moments:
        while world.diary.written < moment:  # noqa: ASYNC110 - the callers count, and tell nobody
            await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.to_thread(fault.strike, stage)


def _count(record: Record, fault: Fault, diary: Diary, remains: Remains, found: list[str]) -> None:
    def number_of(kind: str) -> int:
        return sum(finding.startswith(f"{kind}: ") for finding in found)

    records = Counter(codec.head(body).id for body in remains.topic)
    row = {
        "repetitions": 1,
        "faults": fault.times or 1,
        "facts": remains.recorded,
        "lost": number_of("lost"),
        "doubled": number_of("doubled"),
        "answers": counted(remains).total(),
        "lost answers": number_of("lost answer"),
        "doubled answers": number_of("doubled answer"),
        "failed calls": diary.failed,
        "told again": records.total() - len(records),
    }
    tally.count(record, "real servers: what went wrong", {fault.title: row})
