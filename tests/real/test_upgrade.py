"""A version to come beside this one, with a change of each kind, in the wrong order on purpose.

Who writes is upgraded before who reads: what holds then has to hold in any order. The story goes
from test to test: tables first, then the api of submission, then everybody else.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from pymongo import MongoClient

from real.processes import Name, Process
from real.system import SERVICES, UNLIMITED, Plan, System, running
from shared.adapters.postgres.edition import EDITION
from tests.faults.judged.cycle import ITEMS
from tests.faults.real.story import ALONE, LATE
from tests.real.town import Town, founded
from tests.support import successor
from tests.support.deployed import Deployed
from tests.support.servers import REAL, Started, open_folder

pytestmark = [*REAL, pytest.mark.slow]

PREFIX = "upgraded"
COMES_S_MAX = 90.0
HAS_COLUMN = """
    select count(*) from information_schema.columns where (table_name, column_name) = (%s, %s)
"""
POLL_S = 0.1
DECLARED = 2


@dataclass(frozen=True, slots=True)
class Upgrading:
    """The system, and the code of the version that it goes to."""

    town: Town
    source: Any

    @property
    def system(self) -> System:
        """Its processes."""
        return self.town.deployed.system

    @property
    def stream(self) -> str:
        """The stream with the fact that this version cannot read."""
        return f"submission/{self.town.cycle.code}/{LATE}"

    def migrate(self) -> None:
        """Run the Jobs of the version to come, all at once."""
        folder = self.system.process("ranking", "worker").log.parent
        jobs = []
        for service in SERVICES:
            job = Process(Name(service, "migrate", 2), folder, self.town.deployed.settings(service))
            job.source = self.source
            jobs.append(job)
        with ThreadPoolExecutor(len(jobs)) as pool:
            for _ in pool.map(Process.run, jobs):
                pass

    def upgrade(self, processes: Sequence[Process]) -> None:
        """Let the version to come take the place of processes."""
        starts = [each.starts + 1 for each in processes]
        for each in processes:
            each.source = self.source
            each.terminate()
        for each, start in zip(processes, starts, strict=True):
            each.wait(start)

    def stopped(self, service: str) -> Sequence[str]:
        """The streams to which a service cannot react."""
        port = self.system.process(service, "worker").settings["CCHC_PORT"]
        answer = self.town.call("GET", "/ops/parked", at=f"http://127.0.0.1:{port}")
        found = answer.raise_for_status().json()[service]["stopped"]
        return [each["stream"] for each in found]

    def documents(self, service: str, collection: str) -> Mapping[str, Any]:
        """Every document of a collection, without its position."""
        told = self.town.deployed.settings(service)
        with MongoClient[dict[str, Any]](told["CCHC_MONGO"]) as client:
            database = client[told["CCHC_MONGO_DATABASE"]]
            names = [name for name in database.list_collection_names() if collection in name]
            return {each["_id"]: each for name in names for each in database[name].find()}

    def explain(self, agency: str) -> None:
        """Explain an item, which the version to come tells in another shape."""
        path = f"{self.town.cycle.sheet(agency)}/items/{ITEMS[0]}/explanation"
        body = {"text": "Giải trình."}
        self.town.call("PUT", path, by=("agency", agency), json=body).raise_for_status()

    def is_counted(self) -> bool:
        """Whether all that is numbered is in the table."""
        counted: int = self.town.table().raise_for_status().json()["counted_to"]
        return counted == len(self.town.numbered().splitlines())


@pytest.fixture(scope="module")
def upgrading(servers: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgrading]:
    source = successor.made(tmp_path_factory.mktemp("successor"))
    with open_folder() as folder:
        plan = Plan(folder, apis=1, workers=1, prefix=PREFIX, told=UNLIMITED)
        with running(System(plan, servers.everything())) as system:
            town = founded(Deployed(system))
            with town.http:
                for _ in range(DECLARED):
                    assert town.declare()[2].is_success
                yield Upgrading(town, source)


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + COMES_S_MAX
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(POLL_S)


def test_processes_of_this_version_go_on_with_the_tables_of_the_next(upgrading: Upgrading) -> None:
    upgrading.migrate()

    agency, item, declared = upgrading.town.declare()
    assert declared.is_success
    assert upgrading.town.sheet(agency)[1][item] is not None
    url = upgrading.town.deployed.settings("survey")["CCHC_POSTGRES"]
    with psycopg.connect(url) as connection:
        assert connection.execute("select edition from edition").fetchone() == (EDITION + 1,)
        assert connection.execute(HAS_COLUMN, successor.COLUMN).fetchone() == (1,)


def test_a_raised_view_is_whole_beside_the_other_before_anybody_reads_it(
    upgrading: Upgrading,
) -> None:
    before, after = successor.VIEWS
    assert upgrading.documents("submission", after) == {}

    upgrading.upgrade([upgrading.system.process("submission", "api")])

    assert upgrading.documents("submission", after) == upgrading.documents("submission", before)
    assert upgrading.documents("submission", after) != {}


def test_a_fact_in_a_new_shape_stops_its_stream_alone_where_nobody_can_read_it_yet(
    upgrading: Upgrading,
) -> None:
    upgrading.explain(LATE)
    until(lambda: successor.FACT in upgrading.town.numbered(), "the fact is not numbered")
    until(lambda: upgrading.stopped("appraisal") == [upgrading.stream], "the stream goes on")

    upgrading.explain(ALONE)
    until(lambda: upgrading.town.numbered().count(successor.FACT) == 2, "the other waits with it")
    until(upgrading.is_counted, "what stands behind it is not counted")


def test_everything_goes_on_by_itself_once_all_can_read_it(upgrading: Upgrading) -> None:
    town, before = upgrading.town, upgrading.town.numbered()

    upgrading.upgrade(
        [
            each
            for each in upgrading.system.processes
            if (each.name.service, each.name.role) != ("submission", "api")
        ]
    )

    until(lambda: upgrading.stopped("appraisal") == [], "the stream stays stopped")
    assert town.declare()[2].is_success
    until(upgrading.is_counted, "the ranking does not go on")
    assert town.numbered().startswith(before)
    numbers = [line for line in town.numbered().splitlines() if successor.FACT in line]
    assert len(numbers) == len(set(numbers)) == 2


def test_the_pointer_moves_once_the_next_version_has_drawn_all(upgrading: Upgrading) -> None:
    def version() -> int:
        found = upgrading.documents("ranking", "ranking_serving")
        pointer = json.loads(found[upgrading.town.cycle.code]["body"])
        shown: int = pointer["serving"]["version"]
        return shown

    until(lambda: version() == successor.SHOWN_VERSION, "the former drawing serves")
    assert upgrading.town.table().is_success
