"""The embedded system under `kill -9`: nothing acknowledged is lost, and nothing is doubled.

Each cycle is played by HTTP with several clients at once, while the system dies again and again:
from outside at any moment and while it starts, and by its own hand just before and just after its
outside world did something, between commit and reply above all. The same seed asks for the same
deaths; what the clients are saying at that moment is up to the machine. What is killed is a process
that runs `services up`; most are born of one that has imported everything, which saves a second.

`KILL_SEEDS` says how many are played (1 if it does not, which is more than fifty deaths). A
loss of power is not played: that takes a disk that forgets.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same lives
from typing import Any

import httpx
import pytest

from tests.faults.judged import steps
from tests.faults.judged.client import World
from tests.faults.judged.diary import Diary
from tests.faults.judged.judge import counted, findings, unheard
from tests.faults.judged.remains import Remains
from tests.faults.kill import cycle as the
from tests.faults.kill import people, plants
from tests.faults.kill.lives import STARTING, WORKING, Death, Lives
from tests.faults.kill.play import COMMITTED, KILLS, MOMENTS, open_all, play, stage
from tests.faults.kill.remains import QUIET_S_MAX, remains_of
from tests.support import tally

pytestmark = pytest.mark.slow

SEEDS = range(int(os.environ.get("KILL_SEEDS", "1")))
FIRST_START = "while it starts for the first time"
FIRST_STARTS = 6
PLANTED_LIFE_S_MAX = 60
"""A planted fault ends its life itself, as soon as it has done its work."""

PLANTED_QUIET_S = 3
"""So long it is waited for what is missing for good."""
PAPERS = 200
"""Of them more than forty are about each agency, so that a batch is drawn."""


Record = Callable[[str, Any], None]

# What the judge has to say of each planted fault; FUSES has the moment of one that is no suicide.
FOUND = {
    plants.acknowledges_before_it_appends: "lost: ",
    plants.stores_the_position_before_it_publishes: "lost: ",
    plants.tracks_before_it_appends: "lost: ",
    plants.forgets_the_key_of_a_batch: "doubled answer: ",
    plants.discards_answers_before_they_are_counted: "lost answer: ",
    plants.marks_documents_as_shown_that_are_not: "document: ",
}
FUSES = {plants.forgets_the_key_of_a_batch: "after urn.drop"}
COMES_TO_REST = {plants.forgets_the_key_of_a_batch}
"""After these everything is told, heard and counted, though not as it should be."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_was_acknowledged_is_kept_once_however_often_it_is_killed(
    seed: int, tmp_path: Path, record_property: Record
) -> None:
    async with stage(tmp_path / "data", seed) as world:
        await play(world)
        remains = await remains_of(world, the.CYCLE)
    found = findings(world.diary, remains)
    _count(record_property, world.system, world.diary, remains, found)

    assert found == []
    assert remains.verified["exit"] == 0
    assert world.system.kills.total() == KILLS
    assert unheard(world.diary, remains) > 0


@pytest.mark.parametrize("plant", FOUND, ids=lambda plant: plant.__name__)
async def test_a_planted_fault_is_found(plant: Callable[..., Any], tmp_path: Path) -> None:
    async with stage(tmp_path / "data", seed=0) as world:
        await _play_with(plant, world)
        remains = await remains_of(world, the.CYCLE, _quiet_s_max(plant))

    assert FOUND[plant] in {f"{found.split(':')[0]}: " for found in findings(world.diary, remains)}


async def test_a_first_start_that_was_killed_begins_anew(
    tmp_path: Path, record_property: Record
) -> None:
    chance = Random(0)
    lives = Lives(tmp_path / "undisturbed")
    await lives.live(Death(WORKING, after_s=0))
    statuses = []
    async with httpx.AsyncClient() as client:
        for number in range(FIRST_STARTS):
            lives.data = tmp_path / str(number)
            await lives.live(Death(STARTING, lives.start_s * chance.uniform(0.1, 1.1)))
            await lives.start_warm()
            statuses.append((await client.get(f"{lives.url}readyz")).status_code)
            await lives.kill()
    await lives.clean_up()

    _count_kills(record_property, {FIRST_START: FIRST_STARTS})
    assert statuses == [200] * FIRST_STARTS


async def _play_with(plant: Callable[..., Any], world: World[Lives]) -> None:
    """One life with the fault in it, whose end shows what it does; and then a sound one."""
    await world.system.start_warm()
    await steps.go_to(world, the.CYCLE.declaring)
    await open_all(world)
    await world.system.kill()
    crowd = asyncio.create_task(_work(world))
    moment = FUSES.get(plant, f"by {plant.__name__}")
    await world.system.live(Death(moment, PLANTED_LIFE_S_MAX), plant.__name__)
    assert world.system.kills[moment] == 1, "the fault was at work"
    await world.system.start_warm()
    world.over = True
    await crowd
    await steps.go_to(world, the.CYCLE.survey_over)
    await steps.see_surveys_closed(world, the.CYCLE, _quiet_s_max(plant))


def _quiet_s_max(plant: Callable[..., Any]) -> int:
    return QUIET_S_MAX if plant in COMES_TO_REST else PLANTED_QUIET_S


async def _work(world: World[Lives]) -> None:
    surveyor = people.Surveyor(world, the.QUESTIONNAIRES[0])
    officer = people.Officer(world, "officer-1", the.AGENCIES[0])
    async with asyncio.TaskGroup() as group:
        group.create_task(officer.declare())
        group.create_task(surveyor.enter(PAPERS))


def _count(record: Record, lives: Lives, diary: Diary, remains: Remains, found: list[str]) -> None:
    def number_of(kind: str) -> int:
        return sum(finding.startswith(f"{kind}: ") for finding in found)

    _count_kills(record, lives.kills)
    tally.count(
        record,
        "kill -9: what was promised",
        {
            "facts": {
                "acknowledged": len(diary.facts),
                "kept": remains.recorded,
                "lost": number_of("lost"),
                "doubled": number_of("doubled"),
            },
            "answers": {
                "acknowledged": diary.taken.total(),
                "kept": counted(remains).total(),
                "lost": number_of("lost answer"),
                "doubled": number_of("doubled answer"),
            },
            "files": {
                "acknowledged": len(diary.files),
                "kept": len(remains.files),
                "lost": number_of("lost file"),
            },
        },
    )
    tally.count(
        record,
        "kill -9: what was asked",
        {
            "requests that change something": {"number": len(diary.said)},
            "without an answer at least once": {"number": diary.unanswered},
            "committed, and the reply not heard": {"number": unheard(diary, remains)},
            "acknowledged, and said again": {"number": diary.repeated},
        },
    )


def _count_kills(record: Record, kills: Mapping[str, int]) -> None:
    committed = sum(kills.get(moment, 0) for moment in COMMITTED)
    rows = {moment: kills.get(moment, 0) for moment in (*MOMENTS, WORKING, STARTING, FIRST_START)}
    rows |= {"all": sum(kills.values()), "of these between commit and reply": committed}
    tally.count(
        record, "kill -9: the moment", {row: {"kills": number} for row, number in rows.items()}
    )
