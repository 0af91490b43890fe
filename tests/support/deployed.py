"""The whole system on real servers, for tests that call it, and that make things go wrong in it.

It is started once, and serves many cycles, each in a year of its own. Tests may kill its processes
and its servers, and leave them as they found them.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from real.servers.found import ADDRESSES, Servers
from real.system import Plan, System, running
from tests.support.servers import Started, open_folder

YEARS = range(2000, 2199)
"""Those of which a trial's clock knows every day: cycles end in the January that follows."""
PREFIX = "deployed"


class Deployed:
    """The system as callers reach it: each service at an address of its own."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.up = asyncio.Event()
        self.up.set()
        self._years = iter(YEARS)

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

    def marks(self) -> Mapping[Path, int]:
        """How much each process has logged so far."""
        logs = [process.log for process in self.system.processes]
        return {log: log.stat().st_size for log in logs}

    def said(self, marks: Mapping[Path, int]) -> str:
        """What all of them have logged since then, one after the other."""
        return "".join(_behind(log, mark) for log, mark in marks.items())

    def mend(self) -> None:
        """Let everything run again, whatever was done to it; no news where nothing was."""
        for name in ADDRESSES:
            server = self.servers.get(name)
            server.resume()
            server.start()
        for process in self.system.processes:
            process.resume()
            process.begin()
        for process in self.system.processes:
            process.wait()

    @contextmanager
    def workers_still(self, service: str) -> Iterator[None]:
        """Let every worker of a service stand still meanwhile, wherever it is."""
        workers = [
            process
            for process in self.system.processes
            if (process.name.service, process.name.role) == (service, "worker")
        ]
        try:
            for worker in workers:
                worker.pause()
            yield
        finally:
            for worker in workers:
                worker.resume()

    def next_year(self) -> int:
        """A year of which there is no cycle yet."""
        return next(self._years)


@pytest.fixture(scope="session")
def deployed(servers: Started) -> Iterator[Deployed]:
    """The system, ready."""
    with open_folder() as folder:
        system = System(Plan(folder, prefix=PREFIX), servers.everything())
        with running(system):
            yield Deployed(system)


def _behind(log: Path, mark: int) -> str:
    with log.open("rb") as said:
        said.seek(mark)
        return said.read().decode(errors="replace")
