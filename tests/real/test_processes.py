"""A process is kept alive until it is stopped; here it finds no server, and lives all the same."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from real.processes import Name, Process
from real.servers import port
from real.servers.server import NotStarted

LIVE_S_MAX = 30
NOWHERE = {
    "CCHC_MODE": "trial",
    "CCHC_POSTGRES": "postgresql://nobody:nothing@127.0.0.1:1/none",
    "CCHC_MONGO": "mongodb://127.0.0.1:1/",
    "CCHC_KAFKA": "127.0.0.1:1",
    "CCHC_STOP_S": "1",
}


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    settings = {
        **NOWHERE,
        "CCHC_PORT": str(port.free()),
        "CCHC_TRIAL_DIR": str(tmp_path / "trial"),
    }
    process = Process(Name("survey", "api"), tmp_path, settings)
    process.begin()
    until(lambda: b"listens on" in process.log.read_bytes())
    yield process
    process.stop()


def test_another_one_follows_a_process_that_was_killed(process: Process) -> None:
    first = process.pid

    process.kill()
    gone = process.pid
    until(lambda: process.pid is not None, process.follow)

    assert gone is None
    assert process.pid != first
    assert process.starts == 2


def test_nobody_follows_a_process_that_was_stopped(process: Process) -> None:
    process.stop()
    process.follow()

    assert process.pid is None
    assert b"has stopped" in process.log.read_bytes()


def test_a_process_that_waits_for_its_servers_is_not_ready(process: Process) -> None:
    assert process.pid is not None
    assert not process.is_ready


def test_a_process_in_a_pause_is_the_same_one_afterwards(process: Process) -> None:
    first = process.pid

    process.pause()
    process.follow()
    process.resume()

    assert process.pid == first
    assert process.starts == 1


def test_what_cannot_start_is_tried_ever_more_slowly_and_says_why(tmp_path: Path) -> None:
    process = Process(Name("survey", "api"), tmp_path, {})
    begun = []
    with ExitStack() as ending:
        ending.callback(process.stop)
        process.begin()
        for starts in (1, 2, 3):
            until(lambda starts=starts: process.starts > starts, process.follow)  # type: ignore[misc] # a default of a lambda
            begun.append(time.monotonic())
        with pytest.raises(NotStarted, match="CCHC_POSTGRES"):
            process.run()

    assert begun[2] - begun[1] > begun[1] - begun[0]


def test_a_process_hears_of_no_settings_but_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(os.environ, "CCHC_POSTGRES", "postgresql://meant@for/another")
    job = Process(Name("survey", "migrate"), tmp_path, {})

    with pytest.raises(NotStarted, match="CCHC_POSTGRES"):
        job.run()


def until(holds: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + LIVE_S_MAX
    while not holds():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.02)
