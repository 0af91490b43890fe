"""The whole system on real servers, for tests that call it, and that make things go wrong in it.

It is started once, with servers of its own that tests may kill, and serves many cycles, each in a
year of its own. Whatever a test ended or changed is as it was when the next one begins.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping
from itertools import count

import pytest

from real.install import HOME
from real.servers.found import Servers
from real.system import Plan, System
from tests.support.servers import open_folder, start

FIRST_YEAR = 2021


class Deployed:
    """The system as callers reach it: each service at an address of its own."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.up = asyncio.Event()
        self.up.set()
        self._years = count(FIRST_YEAR)

    @property
    def servers(self) -> Servers:
        """Kafka, PostgreSQL, and MongoDB or what stands in for it."""
        return self.system.servers

    def at(self, path: str) -> str:
        """Where a path is answered; what belongs to no service, each of them answers."""
        addresses = self.system.addresses
        service = path.split("/")[1]
        return addresses.get(service, addresses["submission"]) + path

    def settings(self, service: str) -> Mapping[str, str]:
        """What the processes of a service are told."""
        return self.system.process(service, "worker").settings

    def next_year(self) -> int:
        """A year of which there is no cycle yet."""
        return next(self._years)


@pytest.fixture(scope="session")
def deployed() -> Iterator[Deployed]:
    """The system, ready."""
    with open_folder() as folder:
        servers = Servers(folder / "servers", HOME, os.environ)
        system = System(Plan(folder / "logs"), servers)
        try:
            start(system)
            yield Deployed(system)
        finally:
            system.stop()
            servers.stop()
            servers.forget()
