"""Whatever outlives the one who started it is found again, and nothing else is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from real.servers.left import left_behind, note
from real.servers.program import Program

LIVES_S = 60
KILLED_TIMES = 5


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs" / "sleeper.log"


@pytest.fixture
def sleeper(log: Path) -> Iterator[Program]:
    program = Program("sleeper", log)
    program.begin(["sleep", str(LIVES_S)])
    # A process has no command line in the first moment after it was started.
    program.wait(lambda: bool(left_behind(log.parents[1])), LIVES_S)
    yield program
    program.kill()


def test_a_program_is_found_while_it_lives(sleeper: Program, tmp_path: Path) -> None:
    while_it_lives = left_behind(tmp_path)
    pid = sleeper.pid
    sleeper.kill()

    assert while_it_lives == [pid]
    assert left_behind(tmp_path) == []


def test_a_program_outlives_the_one_who_was_killed_and_is_found(log: Path) -> None:
    starts = (
        "import os, signal, sys, pathlib\n"
        "from real.servers.program import Program\n"
        f"Program('sleeper', pathlib.Path(sys.argv[1])).begin(['sleep', '{LIVES_S}'])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", starts, str(log)], check=False)

    (left,) = left_behind(log.parents[1])
    os.kill(left, signal.SIGKILL)


def test_who_was_started_by_a_starter_is_found(log: Path, tmp_path: Path) -> None:
    program = Program("sleeper", log)
    program.begin(["env", "-i", "sleep", str(LIVES_S)])
    program.wait(lambda: bool(left_behind(tmp_path)), LIVES_S)
    pid = program.pid
    program.kill()

    assert pid is not None


def test_who_got_the_number_of_another_is_not_taken_for_it(
    sleeper: Program, log: Path, tmp_path: Path
) -> None:
    assert sleeper.pid is not None
    note(log, sleeper.pid, ["postgres", "-D", "data"])

    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("said", ["", " ", "12", "sleep 60", "-1 sleep", "1 ", "\ud800 \ud800"])
def test_a_note_that_says_nothing_hides_no_other(
    sleeper: Program, log: Path, tmp_path: Path, said: str
) -> None:
    torn = log.with_name("torn.pid")
    torn.write_text(said.replace("12", str(os.getpid())), "utf-8", errors="surrogatepass")

    assert left_behind(tmp_path) == [sleeper.pid]


def test_who_is_killed_while_leaving_a_note_leaves_the_old_one_or_the_new(
    sleeper: Program, log: Path, tmp_path: Path
) -> None:
    notes = (
        "import itertools, pathlib, sys\n"
        "from real.servers.left import note\n"
        "for number in itertools.count():\n"
        "    note(pathlib.Path(sys.argv[1]), int(sys.argv[2]), ['sleep', sys.argv[3]])\n"
        "    if number == 0: print(flush=True)\n"
    )
    command = [sys.executable, "-c", notes, str(log), str(sleeper.pid), str(LIVES_S)]
    for _ in range(KILLED_TIMES):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as noting:
            assert noting.stdout is not None, "opened with a pipe"
            noting.stdout.readline()
            noting.kill()

        assert left_behind(tmp_path) == [sleeper.pid]


def test_who_was_started_with_any_bytes_is_found(log: Path, tmp_path: Path) -> None:
    program = Program("odd", log)
    odd = os.fsdecode(b"\xff \xc3\xa9\r\n.")
    program.begin([sys.executable, "-c", f"import time; time.sleep({LIVES_S})", odd])
    program.wait(lambda: bool(left_behind(tmp_path)), LIVES_S)
    left, pid = left_behind(tmp_path), program.pid
    program.kill()

    assert left == [pid]


def test_an_empty_folder_has_nobody(tmp_path: Path) -> None:
    assert left_behind(tmp_path) == []
    assert left_behind(tmp_path / "missing") == []
