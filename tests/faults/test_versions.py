"""Two versions side by side in one cycle, and a rolling restart of all that the manifests have.

The cycle begins on the version before the last change of a fact, a view or a table
(`tests/support/former.py`). In the midst of it this version migrates, and takes the place of the
first pod of every workload; both write and read the same log then, through the opening of the
council's work to its decisions, and the other pods follow. What is judged, and by whom, is what
`test_real` says: nothing acknowledged is lost, nothing is doubled, and the table has the same
digest as where nothing happens.

Where images were built (`tests/support/containers.py`), it is played once more on their containers,
which are restarted in the same way.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from real.processes import PROJECT
from tests.faults.judged.diary import Diary
from tests.faults.judged.judge import findings
from tests.faults.judged.remains import Remains
from tests.faults.real import story
from tests.faults.real.play import callers_of, play
from tests.faults.real.reference import YEAR, Reference
from tests.faults.real.remains import remains_of
from tests.support import tally
from tests.support.containers import restarted
from tests.support.former import former_version, unpack
from tests.support.manifests import rendered
from tests.support.pods import ADDED, ELSEWHERE, Code, Pods, Version, ended
from tests.support.servers import REAL, Started, open_folder, own_servers

pytestmark = [*REAL, pytest.mark.slow]

SEED = 0
OVERLAY = "trial"
"""What the other has beside this runs nowhere here: three brokers, operators, a provider."""
FIRST_LEAVE, OTHERS_LEAVE, ALL_LEFT = "lock", "see_closed", "conclude"
"""The scenes at whose beginning pods begin to be replaced, and before which all are."""

Record = Callable[[str, Any], None]


@dataclass(frozen=True, slots=True)
class Change:
    """What takes the place of what, and the servers on which it does."""

    title: str
    former: Version
    following: Version
    servers: Started


@dataclass(frozen=True, slots=True)
class Rolled:
    """What is left of the cycle, and of the processes."""

    change: Change
    pods: Pods
    diary: Diary
    remains: Remains


class Roll:
    """Replaces pods while the play goes on."""

    def __init__(self, pods: Pods, following: Version) -> None:
        self._pods = pods
        self._following = following
        self._replacing: asyncio.Task[None] | None = None

    async def between(self, scene: str) -> None:
        """Do what is to be done before a scene, and begin what goes on during it."""
        if scene == FIRST_LEAVE:
            await asyncio.to_thread(self._pods.migrate, self._following)
            self._begin(1)
        elif scene in {OTHERS_LEAVE, ALL_LEFT} and self._replacing is not None:
            await self._replacing
            if scene == OTHERS_LEAVE:
                self._begin(None)

    def _begin(self, at_once: int | None) -> None:
        replacing = asyncio.to_thread(self._pods.replace, self._following, at_once)
        self._replacing = asyncio.create_task(replacing)


@contextmanager
def of_version(servers: Started, folder: Path) -> Iterator[Change]:
    """This version comes after the former one."""
    named = former_version()
    yield Change(named[:7], Code(unpack(named, folder)), Code(PROJECT), servers)


@contextmanager
def of_containers(_servers: Started, _folder: Path) -> Iterator[Change]:
    """Containers follow those of the same images, on servers where no cycle of that name was."""
    with restarted(rendered(OVERLAY)) as (former, following), own_servers() as servers:
        yield Change("containers", former, following, servers)


@pytest.fixture(scope="module", params=[of_version, of_containers])
def rolled(
    request: pytest.FixtureRequest, servers: Started, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rolled]:
    """The cycle that was played while pods took the place of others."""
    with request.param(servers, tmp_path_factory.mktemp("former")) as change:
        manifests, everything = rendered(OVERLAY), change.servers.everything()
        with open_folder() as folder, ended(Pods(manifests, everything, folder)) as pods:
            pods.migrate(change.former)
            pods.begin(change.former)
            diary, remains = asyncio.run(_played(pods, change.following, folder))
            yield Rolled(change, pods, diary, remains)


async def _played(pods: Pods, following: Version, folder: Path) -> tuple[Diary, Remains]:
    """What is left; of the logs that of who follows, since the former may meet what is new."""
    cycle = story.cycle(YEAR)
    async with callers_of(pods, SEED) as world:
        await play(world, cycle, Roll(pods, following).between)
        return world.diary, await remains_of(world, cycle, folder, following)


def test_nothing_is_lost_or_doubled_while_one_version_takes_the_place_of_another(
    rolled: Rolled, reference: Reference, record_property: Record
) -> None:
    found = findings(rolled.diary, rolled.remains)
    _count(record_property, rolled, found)

    assert found == []
    assert rolled.remains.told.digest == reference.digest(str(YEAR))
    assert rolled.remains.verified["exit"] == 0


def test_no_request_fails_while_pods_are_replaced(rolled: Rolled) -> None:
    assert rolled.diary.failed == 0
    assert rolled.diary.unanswered == 0


def test_every_process_was_replaced_once_and_left_within_its_grace(rolled: Rolled) -> None:
    pods = rolled.pods

    assert {each.version for each in pods.left} == {rolled.change.former}
    assert {each.version for each in pods.serving} == {rolled.change.following}
    assert (
        len(pods.left)
        == len(pods.serving)
        == sum(each.least for each in pods.manifests.processes if each.kind == "Deployment")
    )
    for pod in pods.left:
        assert pod.process.status == 0
        assert pod.ended_s is not None
        assert pod.ended_s + pod.stays_s < pod.grace_s
    assert {each.process.starts for each in (*pods.left, *pods.serving)} == {1}


def test_processes_are_told_what_the_manifests_say_and_no_more(rolled: Rolled) -> None:
    for pod in (*rolled.pods.left, *rolled.pods.serving):
        said = rolled.pods.manifests.settings(pod.workload)
        told = {n: value for n, value in pod.process.settings.items() if n not in ELSEWHERE}

        assert told == {**{n: v for n, v in said.items() if n not in ELSEWHERE}, **ADDED}
        assert not any("secret:" in value or "cchc-servers" in value for value in told.values())


def _count(record: Record, rolled: Rolled, found: list[str]) -> None:
    def number_of(kind: str) -> int:
        return sum(finding.startswith(f"{kind}: ") for finding in found)

    row = {
        "pods replaced": len(rolled.pods.left),
        "requests": rolled.diary.sent,
        "retried": rolled.diary.failed,
        "acknowledged": len(rolled.diary.facts),
        "facts": rolled.remains.recorded,
        "in the ledger": len(rolled.remains.ledger),
        "lost": number_of("lost"),
        "doubled": number_of("doubled"),
    }
    tally.count(record, "one version after another", {rolled.change.title: row})
