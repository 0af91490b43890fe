"""The system on real servers under faults: nothing acknowledged is lost, and nothing is doubled.

Each repetition tells the same story, of a cycle in a year of its own, by HTTP with many callers at
once, while something goes wrong. Afterwards what was acknowledged, what lies in PostgreSQL, what
stands in the topic, what is numbered in the ledger and what is shown have to be one and the same;
and the table has the digest that it has where nothing ever happens, in the embedded system.

What goes wrong, and after how many requests, is seeded; what happens in that moment is up to the
machine. A loss of power is not played: the machine keeps what it was given to write.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same faults

import pytest

from real.processes import Process
from shared.events import codec
from tests.faults.judged import steps
from tests.faults.judged.client import Client
from tests.faults.judged.cycle import ITEMS
from tests.faults.judged.judge import findings
from tests.faults.kill import plants
from tests.faults.real import story
from tests.faults.real.fault import Stage, Trouble
from tests.faults.real.faults import EACH, FAULTS, SOME_AT_ONCE
from tests.faults.real.planted import Plant, planted
from tests.faults.real.play import callers_of
from tests.faults.real.remains import remains_of, topic_of
from tests.faults.real.telling import LOOK_EVERY_S, Telling
from tests.support.deployed import Deployed
from tests.support.servers import DEPLOYED

pytestmark = DEPLOYED

PLANTED_S_MAX = 120
PLANTED_QUIET_S = 5.0
ONE_QUESTIONNAIRE = {"leaders": ("department", "leaders")}


@pytest.fixture(autouse=True)
def mended(deployed: Deployed) -> Iterator[None]:
    yield
    deployed.mend()


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


def test_planted_faults_are_found(deployed: Deployed, tmp_path: Path) -> None:
    """Three services break a promise each; the judge tells all three, and one from another."""
    cycle = replace(story.cycle(deployed.next_year()), questionnaires=ONE_QUESTIONNAIRE)

    score = f"submission/{cycle.code}/{story.LATE}@1"

    found = asyncio.run(_break_promises(Stage(deployed, Random(0), tmp_path, cycle), score))

    assert f"lost: assignment/{cycle.code}@1 was acknowledged" in found
    assert f"lost: survey/{cycle.code}/leaders@1 is not in the topic" in found
    assert f"lost: {score} is not in the ledger" in found
    assert f"lost: {score} is not in the inbox of appraisal" in found
    assert f"lost: {score} is not in the topic" not in found


async def _break_promises(stage: Stage, score: str) -> Sequence[str]:
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
                while score not in await _told(stage):  # noqa: ASYNC110 - so does the relay
                    await asyncio.sleep(LOOK_EVERY_S)
        remains = await remains_of(world, cycle, stage.folder, marks, PLANTED_QUIET_S)
        return findings(world.diary, remains)


async def _told(stage: Stage) -> set[str]:
    """What of the cycle stands in the topic by now."""
    return {codec.head(body).id for body in await topic_of(stage.deployed, stage.cycle)}
