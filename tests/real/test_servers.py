"""Servers of this machine keep their promises: ready when started, and their data outlives them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pymongo import MongoClient

from real.install import HOME
from real.servers.mongo import Mongo
from real.servers.postgres import Postgres
from real.servers.server import Server
from tests.support.servers import REAL, open_folder, start

pytestmark = REAL
ANSWER_S_MAX = 2


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture
def postgres(folder: Path) -> Iterator[Server]:
    server = Postgres(folder / "postgres", HOME)
    start(server)
    yield server
    server.stop()


@pytest.fixture
def mongo(folder: Path) -> Iterator[Server]:
    server = Mongo(folder / "mongo", HOME)
    start(server)
    yield server
    server.stop()


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


def test_what_mongo_acknowledged_outlives_its_kill(mongo: Server) -> None:
    with MongoClient[dict[str, object]](mongo.url, journal=True) as client:
        client.kept.numbers.insert_one({"_id": 1})

    mongo.kill()
    mongo.start()

    with MongoClient[dict[str, object]](mongo.url) as client:
        assert client.kept.numbers.find_one() == {"_id": 1}
