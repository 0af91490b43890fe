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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same faults
from typing import Any

import pytest

from real.processes import Process
from shared.events import codec
from tests.faults.judged import steps
from tests.faults.judged.client import Client, World
from tests.faults.judged.cycle import ITEMS
from tests.faults.judged.diary import Diary
from tests.faults.judged.judge import counted, findings
from tests.faults.judged.remains import Remains
from tests.faults.kill import plants
from tests.faults.real import story
from tests.faults.real.cluster import clustered
from tests.faults.real.fault import Fault, Stage, Strike, Trouble
from tests.faults.real.faults import EACH, FAULTS, SOME_AT_ONCE
from tests.faults.real.planted import Plant, planted
from tests.faults.real.play import callers_of, play
from tests.faults.real.reference import Reference
from tests.faults.real.remains import remains_of
from tests.support import tally
from tests.support.deployed import Deployed
from tests.support.servers import DEPLOYED, open_folder

pytestmark = DEPLOYED

LOOK_EVERY_S = 0.02
PLANTED_S_MAX = 30
PLANTED_QUIET_S = 5.0
ONE_QUESTIONNAIRE = {"leaders": ("department", "leaders")}

Record = Callable[[str, Any], None]


@pytest.fixture(autouse=True)
def mended(deployed: Deployed) -> Iterator[None]:
    yield
    deployed.mend()


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

            assert found == []
            assert remains.told.digest == self.reference.digest(stage.cycle.code)
            assert remains.verified["exit"] == 0


@pytest.fixture
def telling(
    reference: Reference, repetitions: int, record_property: Record, tmp_path: Path
) -> Telling:
    return Telling(reference, repetitions, record_property, tmp_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Some faults at once, or each by itself where it is repeated."""
    if "trouble" in metafunc.fixturenames:
        is_repeated = metafunc.config.getoption("--repetitions") > 1
        troubles = EACH if is_repeated else SOME_AT_ONCE
        metafunc.parametrize("trouble", troubles, ids=[each.title for each in troubles])


def test_what_was_acknowledged_is_kept_once_when(
    trouble: Trouble, deployed: Deployed, telling: Telling
) -> None:
    telling.under(trouble, deployed)


def test_every_fault_strikes_in_either_way_to_run() -> None:
    for troubles in (EACH, SOME_AT_ONCE):
        struck = [fault.title for trouble in troubles for fault in trouble.faults]
        assert sorted(struck) == sorted(fault.title for fault in FAULTS)


def test_what_was_acknowledged_is_kept_once_when_one_of_three_brokers_is_killed(
    deployed: Deployed, telling: Telling
) -> None:
    with open_folder() as folder, clustered(deployed.servers, folder) as system:

        def kill(stage: Stage) -> None:
            system.kill_the_leader(stage.cycle)

        fault = Fault("one of three brokers is killed", kill, times=1)
        telling.under(Trouble(fault.title, [fault]), system.deployed)


def test_planted_faults_are_found(deployed: Deployed, tmp_path: Path) -> None:
    """Three services break a promise each; the judge tells all three, and one from another."""
    cycle = replace(story.cycle(deployed.next_year()), questionnaires=ONE_QUESTIONNAIRE)

    found = asyncio.run(_break_promises(Stage(deployed, Random(0), tmp_path, cycle)))

    score = f"submission/{cycle.code}/{story.LATE}@1"
    assert f"lost: assignment/{cycle.code}@1 was acknowledged" in found
    assert f"lost: survey/{cycle.code}/leaders@1 is not in the topic" in found
    assert f"lost: {score} is not in the ledger" in found
    assert f"lost: {score} is not in the inbox of appraisal" in found
    assert f"lost: {score} is not in the topic" not in found


async def _tell(trouble: Trouble, stage: Stage, requests: int) -> tuple[Diary, Remains]:
    """Tell the story while faults strike, and see what is left."""
    strikes, marks = trouble.strikes(stage.chance, requests), stage.deployed.marks()

    async def between(scene: str) -> None:
        await asyncio.to_thread(trouble.between, stage, scene)

    async with callers_of(stage.deployed, stage.chance.randrange(2**32)) as world:
        stage.calling = world.diary.calling
        async with asyncio.TaskGroup() as group:
            group.create_task(play(world, stage.cycle, between))
            group.create_task(_strike(stage, world, strikes))
        return world.diary, await remains_of(world, stage.cycle, stage.folder, marks)


async def _strike(
    stage: Stage, world: World[Deployed], strikes: Sequence[tuple[int, Strike]]
) -> None:
    for moment, strike in strikes:
        while world.diary.written < moment:  # noqa: ASYNC110 - the callers count, and tell nobody
            await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.to_thread(strike, stage)


async def _break_promises(stage: Stage) -> Sequence[str]:
    """Open a cycle, say one thing to each service while it is faulty, and look what was kept."""
    cycle, marks = stage.cycle, stage.deployed.marks()
    workers = [stage.all("worker", service) for service in ("survey", "ranking", "appraisal")]
    broken: Mapping[Plant, Sequence[Process]] = {
        plants.acknowledges_before_it_appends: stage.all("api", "appraisal"),
        plants.stores_the_position_before_it_publishes: workers[0],
        plants.tracks_before_it_appends: [*workers[1], *workers[2]],
    }
    async with callers_of(stage.deployed, seed=0) as world:
        await steps.go_to(world, cycle.declaring)
        await steps.open_cycle(world, cycle)
        # What appraisal is to miss comes behind the cycle, without which it takes no assignment.
        watchman = Client(world, "watchman", "administrator")
        await watchman.until_found(f"/appraisal/cycles/{cycle.code}/assignments")
        with planted(broken, stage.folder):
            starts = [sum(each.starts for each in some) for some in workers]
            await steps.assign(world, cycle, story.MEMBERS)
            await steps.open_surveys(world, cycle)
            officer = Client(world, "officer", "agency", story.LATE)
            points = {"inputs": {"points": "1"}}
            await officer.put(f"{cycle.sheet(story.LATE)}/items/{ITEMS[0]}/score", points)
            async with asyncio.timeout(PLANTED_S_MAX):
                for some, number in zip(workers, starts, strict=True):
                    while sum(each.starts for each in some) == number:  # noqa: ASYNC110 - it dies
                        await asyncio.sleep(LOOK_EVERY_S)
        remains = await remains_of(world, cycle, stage.folder, marks, PLANTED_QUIET_S)
        return findings(world.diary, remains)


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
