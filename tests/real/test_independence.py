"""Servers go away, and services do without them what they can, and in time.

A server is away in two ways: killed, so that nobody takes a call; and standing still, so that calls
are taken and never answered.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from threading import Event
from typing import Any

import httpx
import pytest

from demo.papers import paper
from real.processes import STOP_S, Process
from real.servers.port import HOST
from real.servers.server import Server
from tests.faults.judged.cycle import ITEMS, POINTS
from tests.faults.real import story
from tests.faults.real.holder import holder
from tests.real.town import Town, founded
from tests.support import tally
from tests.support.deployed import Deployed
from tests.support.servers import DEPLOYED

pytestmark = DEPLOYED

ANSWER_S_MAX = 15.0
"""No answer takes longer, whatever is away: half of what the gate allows."""

RECOVERED_S_MAX = 60.0
POLL_S = 0.1
AT_ONCE = 8
WRITING_S = 0.5
UPLOADS = 6
PARTS = 10
PART_S = 0.2
PARTS_BEGUN = 2
BEGUN_S_MAX = 60.0
UPLOADER = ("agency", story.TWO_OFFICERS)

Record = Callable[[str, Any], None]

AWAY = pytest.mark.parametrize("away", ["killed", "standing still"])


@pytest.fixture(scope="module")
def town(deployed: Deployed) -> Iterator[Town]:
    town = founded(deployed)
    with town.http:
        yield town


@pytest.fixture(autouse=True)
def measured(request: pytest.FixtureRequest, town: Town, record_property: Record) -> Iterator[None]:
    """Answers come in time in every test, and what took longest is counted."""
    town.slowest_s, town.calls = 0.0, 0
    yield
    town.deployed.mend()
    row = {"calls": town.calls, "slowest, ms": round(town.slowest_s * 1_000)}
    name = request.node.name.removeprefix("test_").replace("_", " ")
    tally.count(record_property, "while a server is away", {name: row})
    assert town.slowest_s < ANSWER_S_MAX


@AWAY
def test_without_kafka_services_write_and_read_what_is_theirs(town: Town, away: str) -> None:
    answered = town.answered()
    with _away(town.deployed.servers.kafka, away):
        agency, item, written = town.declare()
        assert written.status_code == 200
        assert town.sheet(agency)[1][item] == POINTS[0]
        assert town.answer().status_code == 201
        assert town.answered() == answered + 1
        assert town.assign().status_code == 200
        assert town.questionnaire().status_code == 200
        assert town.table().status_code == 200

        untold = _untold(town)
        _, _, later = town.declare()
        assert untold >= 1
        assert _untold(town) == untold + 1
        assert _asked_of_all(town, "/livez") == {200}

    facts = [*written.json()["facts"], *later.json()["facts"]]
    _until(lambda: all(f'"{fact}"' in town.numbered() for fact in facts))


@AWAY
def test_without_mongo_services_write_and_readings_come_back(town: Town, away: str) -> None:
    with _away(town.deployed.servers.mongo, away), ThreadPoolExecutor(AT_ONCE) as pool:
        readings = [pool.submit(read) for read in (town.questionnaire, town.table)]
        answering, assigning = pool.submit(town.answer), pool.submit(town.assign)
        agency, item, written = town.declare()

        assert written.status_code == 200
        assert town.sheet(agency)[1][item] == POINTS[0]
        assert answering.result().status_code == 201
        assert assigning.result().status_code == 200
        for reading in readings:
            _assert_unavailable(reading.result())
        assert _asked_of_all(town, "/livez") == {200}

    _until(lambda: town.questionnaire().status_code == 200)
    size = len(town.numbered().splitlines())
    _until(lambda: town.table().json().get("counted_to", 0) >= size)


@AWAY
def test_without_postgres_nothing_is_half_done(town: Town, away: str) -> None:
    over = Event()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        writers = {
            agency: pool.submit(_write_sheets, town, agency, town.sheet(agency)[0], over)
            for agency in (story.TWO_OFFICERS, story.WHOLE_SHEET)
        }
        time.sleep(WRITING_S)
        with _away(town.deployed.servers.postgres, away):
            asked: Sequence[Callable[[], httpx.Response]]
            asked = (town.answer, town.assign, town.questionnaire)
            for answering in [pool.submit(ask) for ask in asked]:
                _assert_unavailable(answering.result())
            assert _asked_of_all(town, "/livez") == {200}
            assert _asked_of_all(town, "/readyz") == {503}
        _until(lambda: _asked_of_all(town, "/readyz") == {200})
        over.set()
        written = {agency: writer.result() for agency, writer in writers.items()}

    for agency, (version, points, interrupted) in written.items():
        _until(partial(town.answers, agency))
        assert town.sheet(agency) == (version, dict.fromkeys(ITEMS, points))
        assert interrupted > 0


def test_a_process_that_is_asked_to_end_answers_what_is_under_way(town: Town) -> None:
    ending, other = (town.deployed.system.process("submission", "api", n) for n in (1, 2))
    other.stop()
    begun = [Event() for _ in range(UPLOADS)]
    town.token(*UPLOADER)
    with ThreadPoolExecutor(UPLOADS) as pool:
        uploading = [pool.submit(_upload, town, number, each) for number, each in enumerate(begun)]
        assert all(each.wait(BEGUN_S_MAX) for each in begun)
        took_s = _end([ending])
        answers = [each.result().status_code for each in uploading]

    assert answers == [201] * UPLOADS
    assert ending.status == 0
    assert PART_S < took_s < STOP_S


def test_workers_that_are_asked_to_end_lose_nothing(town: Town) -> None:
    processes = [
        town.deployed.system.process(service, "worker", number)
        for service in ("submission", "ranking")
        for number in (1, 2)
    ]
    over = Event()
    with ThreadPoolExecutor(1) as pool:
        version, _ = town.sheet(story.WHOLE_SHEET)
        writing = pool.submit(_write_sheets, town, story.WHOLE_SHEET, version, over)
        time.sleep(WRITING_S)
        took_s = _end(processes)
        over.set()
        version, _, _ = writing.result()
    statuses = [each.status for each in processes]
    town.deployed.mend()

    assert statuses == [0] * len(processes)
    assert took_s < STOP_S
    last = f'"submission/{town.cycle.code}/{story.WHOLE_SHEET}@{version}"'
    _until(lambda: last in town.numbered())


@contextmanager
def _away(server: Server, away: str) -> Iterator[None]:
    if away == "killed":
        server.kill()
        yield
        server.start()
    else:
        server.pause()
        yield
        server.resume()


def _write_sheets(town: Town, agency: str, version: int, over: Event) -> tuple[int, str, int]:
    """Declare all items of an agency from a version on, again and again, all with the same points.

    Returns the version and the points of the last time, and how often it was to come again.
    """
    path, by = f"{town.cycle.sheet(agency)}/scores", ("agency", agency)
    interrupted, turn = 0, version // len(ITEMS)
    while True:
        points = POINTS[turn % len(POINTS)]
        scores = {item: {"inputs": {"points": points}} for item in ITEMS}
        headers = {"If-Match": f'"{version}"'} if version else {}
        answer = town.call("PUT", path, by=by, json={"scores": scores}, headers=headers)
        if answer.status_code == 503:
            _assert_unavailable(answer)
            interrupted += 1
            time.sleep(POLL_S)
            continue
        turn += 1
        assert answer.raise_for_status().json()["version"] == turn * len(ITEMS)
        version = turn * len(ITEMS)
        if over.is_set():
            return version, points, interrupted


def _upload(town: Town, number: int, begun: Event) -> httpx.Response:
    """Bring a file, slowly; it is told when some of it has been sent for a while."""
    content = paper(f"{number}")
    size = len(content) // PARTS + 1
    parts = [content[place : place + size] for place in range(0, len(content), size)]

    def slowly() -> Iterator[bytes]:
        for place, part in enumerate(parts):
            time.sleep(PART_S)
            if place == PARTS_BEGUN:
                begun.set()
            yield part

    path = f"{town.cycle.sheet(story.TWO_OFFICERS)}/files/{sha256(b''.join(parts)).hexdigest()}"
    headers = {"Content-Type": "application/pdf"}
    return town.call("PUT", path, by=UPLOADER, content=slowly(), headers=headers)


def _end(processes: Sequence[Process]) -> float:
    """Ask processes to end, and return after how many seconds all have."""
    began_s = time.monotonic()
    for each in processes:
        each.retire()
    _until(lambda: all(each.pid is None for each in processes))
    return time.monotonic() - began_s


def _untold(town: Town) -> int:
    """How many facts submission has still to tell, as the worker with the relay says."""
    url = town.deployed.settings("submission")["CCHC_POSTGRES"]
    workers = [town.deployed.system.process("submission", "worker", number) for number in (1, 2)]
    ends_s = time.monotonic() + RECOVERED_S_MAX
    while (worker := holder(url, "submission", "submission.relay", workers)) is None:
        # Whoever gets nowhere without Kafka has just let go of it, and the other takes it.
        assert time.monotonic() < ends_s, "somebody has the relay"
        time.sleep(POLL_S)
    at = f"http://{HOST}:{worker.settings['CCHC_PORT']}"
    lags = town.call("GET", "/ops/lag", at=at).raise_for_status().json()["consumers"]
    [untold] = [each["lag_facts"] for each in lags if each["consumer"] == "submission.relay"]
    return int(untold)


def _asked_of_all(town: Town, path: str) -> set[int]:
    """What all processes answer: workers each by itself, apis by the addresses that they share."""
    ports = {process.settings["CCHC_PORT"] for process in town.deployed.system.processes}
    urls = [f"http://{HOST}:{port}" for port in sorted(ports)]
    with ThreadPoolExecutor(len(urls)) as pool:
        return {
            answer.status_code
            for answer in pool.map(lambda url: town.call("GET", path, at=url), urls)
        }


def _assert_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + RECOVERED_S_MAX
    while not holds():
        assert time.monotonic() < deadline, "it did not come back"
        time.sleep(POLL_S)
