"""A process is kept alive until it is stopped; here it finds no server, and lives all the same."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from real.processes import BACK_OFF_S_FIRST, PROJECT, Name, Process
from real.servers import port
from real.servers.server import NotStarted
from shared.adapters.deployed import roles
from shared.adapters.front import open_trial
from shared.adapters.messages import LANGUAGES

LIVE_S_MAX = 30
POLL_S = 0.02
TRIES = 4
NOWHERE = {
    "CCHC_MODE": "trial",
    "CCHC_POSTGRES": "postgresql://nobody:nothing@127.0.0.1:1/none",
    "CCHC_MONGO": "mongodb://127.0.0.1:1/",
    "CCHC_KAFKA": "127.0.0.1:1",
    "CCHC_STOP_S": "1",
}

IMPATIENT = """
import os, sys
from services.survey import main as survey
from shared.adapters.deployed import roles
roles.START_S_MAX = 0.0
sys.exit(roles.run("survey", survey.wire, sys.argv[1:], os.environ))
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    trial = tmp_path / "trial"
    trial.mkdir()
    open_trial(trial)
    settings = {**NOWHERE, "CCHC_PORT": str(port.free()), "CCHC_TRIAL_DIR": str(trial)}
    process = Process(Name("survey", "api"), tmp_path, settings)
    process.begin()
    try:
        until(lambda: b"listens on" in process.log.read_bytes())
        yield process
    finally:
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


def test_a_process_that_waits_for_its_servers_says_for_which_and_is_not_ready(
    process: Process,
) -> None:
    until(lambda: b"waiting for CCHC_POSTGRES" in process.log.read_bytes())

    assert process.pid is not None
    assert not process.is_ready


def test_a_process_of_a_trial_waits_until_another_has_made_its_key(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    settings = {**NOWHERE, "CCHC_PORT": str(port.free()), "CCHC_TRIAL_DIR": str(trial)}
    process = Process(Name("survey", "worker"), tmp_path, settings)
    process.begin()
    try:
        until(lambda: b"waiting for CCHC_TRIAL_DIR" in process.log.read_bytes())
        made = trial.exists()
        trial.mkdir()
        open_trial(trial)
        until(lambda: b"waiting for CCHC_POSTGRES" in process.log.read_bytes())
    finally:
        process.stop()

    assert not made
    assert process.starts == 1


def test_a_process_that_never_finds_the_key_says_in_the_end_where_it_looked(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "mistyped"
    settings = {**NOWHERE, "CCHC_PORT": str(port.free()), "CCHC_TRIAL_DIR": str(folder)}

    ended = subprocess.run(
        (sys.executable, "-c", IMPATIENT, "worker"),
        capture_output=True,
        check=False,
        cwd=PROJECT,
        encoding="utf-8",
        env={**os.environ, **settings},
        timeout=LIVE_S_MAX,
    )

    said = [line for line in ended.stderr.splitlines() if "CCHC_TRIAL_DIR" in line]
    assert ended.returncode == roles.REFUSED
    assert len(said) == len(LANGUAGES)
    assert all(f"{folder} " in line for line in said)


def test_a_process_in_a_pause_is_the_same_one_afterwards(process: Process) -> None:
    first = process.pid

    process.pause()
    process.follow()
    process.resume()

    assert process.pid == first
    assert process.starts == 1


@pytest.mark.slow
def test_what_cannot_start_is_tried_ever_more_slowly_and_says_why(tmp_path: Path) -> None:
    process = Process(Name("survey", "api"), tmp_path, {})
    begun_s = []

    def follow() -> None:
        starts = process.starts
        process.follow()
        if process.starts > starts:
            begun_s.append(time.monotonic())

    process.begin()
    until(lambda: len(begun_s) == TRIES, follow)
    until(lambda: process.pid is None)
    process.stop()

    pauses_s = [after - before for before, after in pairwise(begun_s)]
    assert all(pause_s >= BACK_OFF_S_FIRST for pause_s in pauses_s)
    assert pauses_s[-1] >= 4 * BACK_OFF_S_FIRST
    assert "CCHC_POSTGRES" in process.log.read_text("utf-8")


@pytest.mark.slow
async def test_who_waits_for_what_cannot_start_learns_why(tmp_path: Path) -> None:
    process = Process(Name("survey", "api"), tmp_path, {})
    process.begin()

    waiting = asyncio.create_task(asyncio.to_thread(process.wait))
    while not waiting.done():
        process.follow()
        await asyncio.sleep(POLL_S)
    process.stop()

    with pytest.raises(NotStarted, match="CCHC_POSTGRES"):
        await waiting


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
        time.sleep(POLL_S)
