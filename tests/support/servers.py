"""Real servers for tests: started when first asked for, and a fresh place in them for each test.

Mark a module that uses them: `pytestmark = REAL`. With several workers one of them has all such
tests (--dist=loadgroup), so that each server is started once; those with the whole system deployed
(`DEPLOYED`) have another one, and servers of their own. Where a server cannot be had, the test is
skipped with the reason; in CI it fails.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from real.install import HOME
from real.servers.found import ADDRESSES, Servers
from real.servers.server import NotHad, Server

REAL = [pytest.mark.real, pytest.mark.xdist_group("real")]
DEPLOYED = [pytest.mark.real, pytest.mark.xdist_group("deployed"), pytest.mark.slow]
NAME_BYTES = 6


class Started:
    """The servers of this run, each started when it is first asked for."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    @property
    def postgres(self) -> Server:
        """PostgreSQL, running."""
        return self._running("postgres")

    @property
    def mongo(self) -> Server:
        """MongoDB, or what stands in for it, running."""
        return self._running("mongo")

    @property
    def kafka(self) -> Server:
        """One Kafka broker, running."""
        return self._running("kafka")

    def everything(self) -> Servers:
        """All three, running."""
        for name in ADDRESSES:
            self._running(name)
        return self._servers

    def _running(self, name: str) -> Server:
        server = self._servers.get(name)
        start(server)
        return server


class Startable(Protocol):
    """A server, or many."""

    def start(self) -> None:
        """Start it; raises `NotHad`."""


def start(server: Startable) -> None:
    """Start a server, or skip the test where that cannot be had; in CI, fail."""
    try:
        server.start()
    except NotHad as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that servers of other users may enter, which those of pytest do not let them."""
    with tempfile.TemporaryDirectory(prefix="cchc-real-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def servers() -> Iterator[Started]:
    """The servers of this run; those that were started are ended with it."""
    with own_servers() as servers:
        yield servers


@contextmanager
def own_servers() -> Iterator[Started]:
    """Servers in a folder of their own; those that were started are ended, and forgotten."""
    with open_folder() as folder:
        servers = Servers(folder / "servers", HOME, os.environ)
        try:
            yield Started(servers)
        finally:
            servers.stop()
            servers.forget()


@pytest.fixture
def fresh_postgres(servers: Started) -> Iterator[str]:
    """The URL of a new, empty database; dropped afterwards."""
    import psycopg  # noqa: PLC0415 - every run of pytest loads this module, and few need a driver

    server, name = servers.postgres.url, f"test_{secrets.token_hex(NAME_BYTES)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def fresh_mongo(servers: Started) -> Iterator[tuple[str, str]]:
    """The URL of the document server, and a database that nobody has used; dropped afterwards."""
    from pymongo import MongoClient  # noqa: PLC0415 - as above

    url, name = servers.mongo.url, f"test_{secrets.token_hex(NAME_BYTES)}"
    yield url, name
    with MongoClient[dict[str, object]](url) as client:
        client.drop_database(name)


@pytest.fixture
def fresh_topic(servers: Started) -> tuple[str, str]:
    """Where Kafka answers, and a topic that does not exist: whoever tests creates it."""
    return servers.kafka.url, f"facts-{secrets.token_hex(NAME_BYTES)}"
