"""The system as a process: it comes up, serves, stops, is killed, and comes up again."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.support import running
from tests.support.running import Running
from tests.support.small_cycle import AGENCIES, CALENDAR, SCHEME

pytestmark = pytest.mark.slow

SERVICES = ("submission", "appraisal", "survey", "ranking")
WAIT_S_MAX = 20
CYCLE = msgspec.to_builtins(
    {
        "year": 2021,
        "decision": {"number": "2366/QĐ-UBND", "on": "2021-10-14"},
        "calendar": CALENDAR,
        "agencies": [
            {"code": agency.code, "name": agency.name, "tier": agency.tier, "ranked": True}
            for agency in AGENCIES
        ],
        "schemes": {"department": SCHEME},
    }
)


def _open_cycle(system: Running) -> httpx.Response:
    with system.client() as client:
        client.put("/trial/clock", json={"now": "2021-10-15T08:00:00+07:00"}).raise_for_status()
    with system.client(system.token("administrator")) as client:
        return client.put("/submission/cycles/2021", json=CYCLE)


def _wait_for(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S_MAX
    while not ready():
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.05)


def _ranking_knows_the_cycle(system: Running) -> bool:
    with system.client(system.token("auditor")) as client:
        return client.get("/ranking/cycles/2021/table").status_code == 200


def test_everything_is_served_on_one_port(tmp_path: Path) -> None:
    with running.running(tmp_path / "data") as system, system.client() as client:
        pages = [client.get(f"/{name}/docs") for name in SERVICES]
        documents = [client.get(f"/{name}/openapi.json").json() for name in SERVICES]
        front = client.get("/")
        health = [client.get(path).status_code for path in ("/livez", "/readyz")]

    assert [page.status_code for page in pages] == [200, 200, 200, 200]
    assert [document["servers"] for document in documents] == [
        [{"url": f"/{name}"}] for name in SERVICES
    ]
    assert all(f"/{name}/docs" in front.text for name in SERVICES)
    assert health == [200, 200]


def test_services_hear_one_another_and_a_restart_keeps_it_all(tmp_path: Path) -> None:
    with running.running(tmp_path / "data") as system:
        opened = _open_cycle(system)
        _wait_for(lambda: _ranking_knows_the_cycle(system))
        stopped = system.stop()
        status = system.process.returncode

    with running.running(tmp_path / "data") as system:
        again = _open_cycle(system)
        known = _ranking_knows_the_cycle(system)

    assert opened.status_code in {200, 201}, opened.text
    assert opened.json()["facts"] == ["cycle/2021@1", "cycle/2021@2"]
    assert "everything that was acknowledged is kept" in stopped
    assert status == 0
    assert again.json()["facts"] == []
    assert known


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    with running.running(tmp_path / "data") as system:
        opened = _open_cycle(system)
        system.kill()

    with running.running(tmp_path / "data") as system:
        again = _open_cycle(system)
        _wait_for(lambda: _ranking_knows_the_cycle(system))

    assert opened.json()["version"] == again.json()["version"] == 2


def test_a_second_process_on_the_same_data_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running.running(data) as system, system.client() as client:
        second = running.run("up", "--data", str(data), "--port", "0")

        alive = client.get("/livez").status_code

    assert second.returncode == 2
    assert f"Tiến trình số {system.process.pid} đang dùng thư mục {data}" in second.stderr
    assert f"Process {system.process.pid} is using the directory {data}" in second.stderr
    assert "Traceback" not in second.stderr
    assert alive == 200


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with running.running(tmp_path / "data") as system:
        port = str(httpx.URL(system.url).port)

        second = running.run("up", "--data", str(tmp_path / "other"), "--port", port)

    assert second.returncode == 2
    assert f"127.0.0.1:{port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_token_of_the_command_line_is_taken_and_logged_nowhere(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running.running(data) as system:
        command = ("token", "--role", "agency", "--agency", "so-y-te", "--data", str(data))
        token = running.run(*command).stdout.strip()
        with system.client(token) as client:
            mine = client.get("/submission/cycles/2021/agencies/so-y-te/sheet?token=" + token)
            refused = client.get("/ranking/cycles/2021/facts")
        system.stop()
        logged = system.errors.read_text("utf-8")

    assert mine.status_code == 404
    assert refused.status_code == 403
    assert token
    assert token not in logged


def test_ten_megabytes_of_json_are_refused_and_the_next_call_is_served(tmp_path: Path) -> None:
    with running.running(tmp_path / "data") as system, system.client() as client:
        too_large = client.put("/submission/cycles/2021", json={"year": "9" * 10 * 1024 * 1024})
        parts = client.put(
            "/submission/cycles/2021",
            content=(b" " * 65_536 for _ in range(160)),
            headers={"Content-Type": "application/json"},
        )
        following = client.get("/livez")

    assert [too_large.status_code, parts.status_code] == [413, 413]
    assert parts.json()["code"] == "body-too-large"
    assert following.status_code == 200
