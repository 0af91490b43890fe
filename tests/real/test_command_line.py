"""The command line teaches, and says in words what is in its way."""

import os
import socket
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from real.servers import port
from real.servers.found import OURS, Servers
from real.servers.given import Given
from real.servers.program import Program
from real.servers.server import NotStarted
from real.show import Show
from real.system import Plan
from tests.support.running import PROJECT

ENDED_S_MAX = 30


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "real", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=ENDED_S_MAX,
        check=False,
    )


def left_pid(logs: Path) -> str:
    return (logs / "left.pid").read_text("utf-8").split()[0]


def test_the_help_names_every_command_and_where_servers_come_from() -> None:
    said = run("--help").stdout

    assert all(word in said for word in ("up", "demo", "install", "REAL_POSTGRES", "Docker"))


@pytest.mark.parametrize("command", ["up", "demo", "install"])
def test_a_command_says_what_it_does(command: str) -> None:
    assert len(run(command, "--help").stdout.splitlines()) > 5


def test_the_help_of_up_shows_a_play_against_it() -> None:
    assert "--at submission=http://127.0.0.1:8401" in run("up", "--help").stdout


def test_a_folder_is_used_by_one_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "real"
    with (tmp_path / "real.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        ended = run("up", "--folder", str(folder))

    assert ended.returncode == 1
    assert "in use" in ended.stderr
    assert not folder.exists()


@pytest.mark.parametrize("command", ["up", "demo"])
def test_what_an_earlier_run_left_behind_is_named_and_nothing_is_touched(
    command: str, tmp_path: Path
) -> None:
    logs = tmp_path / "real" / "logs"
    logs.mkdir(parents=True)
    left = Program("left", logs / "left.log")
    left.begin(["sleep", str(ENDED_S_MAX)])

    ended = run(command, "--folder", str(logs.parent))
    still_runs = left.pid is not None
    left.kill()

    assert ended.returncode == 1
    assert ended.stderr.endswith(f"kill {left_pid(logs)}\n")
    assert still_runs
    assert left.log.exists()


@pytest.mark.parametrize("command", [("demo",), ("real", "demo")])
def test_a_folder_with_other_things_is_not_emptied(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("mine", "utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", *command, "--folder", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=ENDED_S_MAX,
        check=False,
    )

    assert ended.returncode != 0
    assert "kept.txt" in ended.stdout + ended.stderr
    assert kept.read_text("utf-8") == "mine"


def test_a_port_that_another_system_shares_is_refused_before_anything_starts(
    tmp_path: Path,
) -> None:
    first = port.free(4)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind((port.HOST, first + 3))
        other.listen()
        ended = run("up", "--folder", str(tmp_path / "real"), "--port", str(first))

    assert ended.returncode == 1
    assert f"cổng đã có chương trình khác dùng: {first + 3}" in ended.stderr
    assert f"ports in use by another program: {first + 3}; end it, or choose" in ended.stderr
    assert not (tmp_path / "real").exists()


def test_what_nobody_reads_is_not_said_and_the_work_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as unread:
        monkeypatch.setattr(sys, "stdout", unread)
        show = Show()
        show.say("one")
        show.step("hai", "two")
        show.done()
        show.say("three")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--apis", "0"),
        ("--workers", "0"),
        ("--workers", "two"),
        ("--port", "0"),
        ("--port", "65533"),
    ],
)
def test_a_number_out_of_range_is_refused_before_anything_starts(
    option: str, value: str, tmp_path: Path
) -> None:
    ended = run("up", "--folder", str(tmp_path / "real"), option, value)

    assert ended.returncode == 2
    assert f"{option}: '{value}': cần số nguyên từ 1" in ended.stderr
    assert "a whole number from 1" in ended.stderr
    assert not (tmp_path / "real").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REAL_POSTGRES", "127.0.0.1:5432"),
        ("REAL_POSTGRES", "postgresql://user:secret@127.0.0.1:5432"),
        ("REAL_MONGO", "127.0.0.1:27017"),
        ("REAL_MONGO", "mongodb://"),
        ("REAL_KAFKA", "127.0.0.1"),
        ("REAL_KAFKA", "127.0.0.1:9092,"),
    ],
)
def test_an_address_of_another_form_is_refused_by_the_name_of_its_variable(
    variable: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(NotStarted, match=f"^{variable} không .* {variable} is not") as refused:
        Servers(tmp_path, tmp_path, {variable: value}).check()

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REAL_POSTGRES", "postgresql://user:secret@127.0.0.1:1/postgres"),
        ("REAL_MONGO", "mongodb://user:secret@127.0.0.1:1,127.0.0.1:2/?tls=true"),
        ("REAL_KAFKA", "127.0.0.1:1,127.0.0.1:2"),
    ],
)
def test_a_given_server_that_does_not_answer_is_named_by_its_variable(
    variable: str, value: str
) -> None:
    with pytest.raises(NotStarted, match=f"nobody answers at the address of {variable};") as said:
        Given(variable, value).start()

    assert "secret" not in str(said.value)


@pytest.mark.parametrize("form", ["{}", "1.2.3.4.invalid:1,{}", "postgresql://a:b@{}/c"])
def test_a_given_server_that_answers_is_taken(form: str) -> None:
    with socket.create_server((port.HOST, 0)) as server:
        Given("REAL_X", form.format("{}:{}".format(*server.getsockname()))).start()


def test_addresses_as_the_help_shows_them_are_taken(tmp_path: Path) -> None:
    told = {
        "REAL_POSTGRES": "postgresql://user:secret@127.0.0.1:5432/postgres",
        "REAL_MONGO": "mongodb://127.0.0.1:27017/?directConnection=true",
        "REAL_KAFKA": "127.0.0.1:9092,[::1]:9093",
    }

    Servers(tmp_path, tmp_path, told).check()


def test_clearing_the_logs_deletes_no_key(tmp_path: Path) -> None:
    plan = Plan(tmp_path)

    assert plan.logs not in plan.trial.parents
    assert {plan.logs.name, plan.trial.name} <= OURS
