"""Servers of this machine keep their promises: ready when started, and their data outlives them."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from pymongo import MongoClient

from real.install import HOME
from real.servers.mongo import Mongo
from real.servers.postgres import Postgres
from real.servers.server import NotHad, NotStarted, Server
from tests.support.servers import REAL, start

pytestmark = REAL
ANSWER_S_MAX = 2


@pytest.fixture
def postgres(folder: Path, run: Callable[[Server], None]) -> Postgres:
    server = Postgres(folder, HOME)
    run(server)
    return server


@pytest.fixture
def mongo(folder: Path, run: Callable[[Server], None]) -> Mongo:
    server = Mongo(folder, HOME)
    run(server)
    return server


def test_all_who_use_real_servers_have_the_same_worker(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("only with several workers, and --dist=loadgroup")

    assert request.node.nodeid.endswith("@real")


def test_what_postgres_acknowledged_outlives_its_kill(postgres: Server) -> None:
    with psycopg.connect(postgres.url) as connection:
        connection.execute("create table kept (number int)")
        connection.execute("insert into kept values (1)")

    postgres.kill()
    postgres.start()

    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("select number from kept").fetchall() == [(1,)]


def test_postgres_stands_still_in_a_pause_and_goes_on(postgres: Server) -> None:
    with psycopg.connect(postgres.url) as connection:
        postgres.pause()

        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(postgres.url, connect_timeout=ANSWER_S_MAX)

        postgres.resume()
        assert connection.execute("select 1").fetchone() == (1,)


def test_postgres_can_be_killed_in_a_pause(postgres: Server) -> None:
    with psycopg.connect(postgres.url):
        postgres.pause()
        postgres.kill()

    postgres.start()

    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_start_of_what_runs_is_no_news(postgres: Server) -> None:
    with psycopg.connect(postgres.url) as connection:
        postgres.start()

        assert connection.execute("select 1").fetchone() == (1,)


def test_postgres_starts_below_a_folder_that_is_its_starters_alone(
    tmp_path: Path, run: Callable[[Server], None]
) -> None:
    tmp_path.chmod(0o700)
    postgres = Postgres(tmp_path / "postgres", HOME)

    run(postgres)

    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_server_that_does_not_start_says_why(postgres: Server, folder: Path) -> None:
    postgres.stop()
    (folder / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(NotStarted, match="no_such_setting"):
        postgres.start()


def test_a_server_that_is_not_installed_says_what_to_do(folder: Path) -> None:
    with pytest.raises(NotHad, match="make servers"):
        Mongo(folder, folder / "empty").start()


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_a_test_without_its_server_is_skipped_and_in_ci_fails(
    ci: str, outcome: type[BaseException], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)

    with pytest.raises(outcome, match="make servers"):
        start(Mongo(folder, folder / "empty"))


def test_what_mongo_acknowledged_outlives_its_kill(mongo: Server) -> None:
    with MongoClient[dict[str, object]](mongo.url, journal=True) as client:
        client.kept.numbers.insert_one({"_id": 1})

    mongo.kill()
    mongo.start()

    with MongoClient[dict[str, object]](mongo.url) as client:
        assert client.kept.numbers.find_one() == {"_id": 1}
