"""A server that dies is started again; one that cannot be is given up, and why is said."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL

import psycopg
import pytest

from real.install import HOME
from real.servers.found import Servers
from real.servers.server import NotStarted
from real.show import Show
from real.system import Plan, System
from real.watch import STARTS_MAX, Watch
from tests.support.servers import REAL, start

pytestmark = REAL
AGAIN_S_MAX = 60.0
PAUSE_S = 0.5


@pytest.fixture
def servers(folder: Path) -> Iterator[Servers]:
    servers = Servers(folder, HOME, {})
    start(servers.postgres)
    yield servers
    servers.stop()


@pytest.fixture
def watch(servers: Servers) -> Watch:
    return Watch(System(Plan(servers.folder), servers), Show())


def die(folder: Path) -> None:
    """End PostgreSQL behind the back of whoever watches it."""
    pid = (folder / "postgres" / "data" / "postmaster.pid").read_text("utf-8").split()[0]
    os.kill(int(pid), SIGKILL)


def answer(servers: Servers) -> object:
    with psycopg.connect(servers.postgres.url) as connection:
        return connection.execute("select 1").fetchone()


def test_a_server_that_dies_is_started_again_and_that_is_said(
    servers: Servers, watch: Watch, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch.look()
    said_while_all_is_well = capsys.readouterr().out

    die(folder)
    deadline = time.monotonic() + AGAIN_S_MAX
    while "PostgreSQL died and starts again" not in capsys.readouterr().out:
        assert time.monotonic() < deadline
        time.sleep(PAUSE_S)
        watch.look()

    assert said_while_all_is_well == ""
    assert answer(servers) == (1,)


def test_a_server_that_cannot_be_started_again_is_given_up_and_says_why(
    servers: Servers, watch: Watch, folder: Path
) -> None:
    (folder / "postgres" / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    servers.postgres.stop()

    for _ in range(STARTS_MAX - 1):
        watch.look()
    with pytest.raises(NotStarted, match="no_such_setting"):
        watch.look()
