"""The story told on a deployed system while something goes wrong, and judged."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same faults
from typing import Any

from shared.events import codec
from tests.faults.judged.client import World
from tests.faults.judged.diary import Diary
from tests.faults.judged.judge import counted, findings
from tests.faults.judged.remains import Remains
from tests.faults.real import story
from tests.faults.real.fault import Stage, Strike, Trouble
from tests.faults.real.play import callers_of, play
from tests.faults.real.reference import Reference
from tests.faults.real.remains import remains_of
from tests.support import tally
from tests.support.deployed import Deployed

LOOK_EVERY_S = 0.02

Record = Callable[[str, Any], None]


@dataclass(frozen=True, slots=True)
class Telling:
    """How the story is told: how often, what it comes to, and where the result is written down."""

    reference: Reference
    repetitions: int
    record: Record
    folder: Path

    def under(self, trouble: Trouble, deployed: Deployed) -> None:
        """Tell it while something goes wrong, and judge what is left."""
        for repetition in range(self.repetitions):
            chance = Random(f"{trouble.title} {repetition}")
            stage = Stage(deployed, chance, self.folder, story.cycle(deployed.next_year()))
            with trouble.prepared(stage):
                diary, remains = asyncio.run(_tell(trouble, stage, self.reference.written))
            found = findings(diary, remains)
            _count(self.record, trouble, diary, remains, found)

            assert found == [], found
            assert remains.told.digest == self.reference.digest(stage.cycle.code)
            assert remains.verified["exit"] == 0


async def _tell(trouble: Trouble, stage: Stage, requests: int) -> tuple[Diary, Remains]:
    """Tell the story while faults strike, and see what is left."""
    strikes, marks = trouble.strikes(stage.chance, requests), stage.deployed.marks()

    async def between(scene: str) -> None:
        await asyncio.to_thread(trouble.between, stage, scene)

    async with callers_of(stage.deployed, stage.chance.randrange(2**32)) as world:
        stage.calling = world.diary.calling
        async with asyncio.TaskGroup() as group:
            group.create_task(play(world, stage.cycle, between))
            group.create_task(strike(stage, world, strikes))
        return world.diary, await remains_of(world, stage.cycle, stage.folder, marks)


async def strike(stage: Stage, world: World[Any], strikes: Sequence[tuple[int, Strike]]) -> None:
    """Let each fault strike after so many requests; the play must not be over before."""
    for moment, each in strikes:
        while world.diary.written < moment:
            assert not world.over, f"the fault never struck: no {moment} requests were written"
            await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.to_thread(each, stage)


def _count(
    record: Record, trouble: Trouble, diary: Diary, remains: Remains, found: list[str]
) -> None:
    def number_of(kind: str) -> int:
        return sum(finding.startswith(f"{kind}: ") for finding in found)

    records = Counter(codec.head(body).id for body in remains.topic)
    row = {
        "repetitions": 1,
        "faults": trouble.times,
        "facts": remains.recorded,
        "lost": number_of("lost"),
        "doubled": number_of("doubled"),
        "answers": counted(remains).total(),
        "lost answers": number_of("lost answer"),
        "doubled answers": number_of("doubled answer"),
        "failed calls": diary.failed,
        "told again": records.total() - len(records),
    }
    tally.count(record, "real servers: what went wrong", {trouble.title: row})
