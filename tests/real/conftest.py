"""Servers that a test may kill: each its own, on a folder of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from real.servers.server import Server
from shared.adapters.kafka import driver
from tests.support.servers import open_folder, start

Run = Callable[[Server], None]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for servers."""
    with open_folder() as folder:
        yield folder


@pytest.fixture
def run() -> Iterator[Run]:
    """Start a server, which is ended with the test."""
    with ExitStack() as ending:

        def started(server: Server) -> None:
            ending.callback(server.stop)
            start(server)

        yield started


@pytest.fixture
async def admin(fresh_topic: tuple[str, str]) -> AsyncIterator[AIOKafkaAdminClient]:
    """Kafka's own tool, for what no adapter does to a topic."""
    client = driver.admin(fresh_topic[0], "test")
    await client.start()
    yield client
    await client.close()
