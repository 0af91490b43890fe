"""The whole system on real servers, for tests that call it, and that make things go wrong in it.

It is started once, and serves many cycles, each in a year of its own. Tests may kill its processes
and its servers, and leave them as they found them. It is ended with the last of them: while nothing
happens, its polling takes more than a quarter of a processor from whatever else is tested.
"""

import asyncio
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from real.servers.found import ADDRESSES, Servers
from real.system import UNLIMITED, Plan, System, running
from tests.support.servers import open_folder, own_servers

YEARS = range(2000, 2199)
"""Those of which a trial's clock knows every day: cycles end in the January that follows."""
PREFIX = "deployed"
DEPLOYMENT = pytest.StashKey["Deployment"]()


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


class Deployment:
    """The system, on servers of its own: started when it is asked for, and again after its end."""

    def __init__(self) -> None:
        self._deployed: Deployed | None = None
        self._ending = ExitStack()

    def get(self) -> Deployed:
        """The system, ready."""
        if self._deployed is None:
            with ExitStack() as ending:
                servers = ending.enter_context(own_servers()).everything()
                plan = Plan(ending.enter_context(open_folder()), prefix=PREFIX, told=UNLIMITED)
                system = ending.enter_context(running(System(plan, servers)))
                self._deployed, self._ending = Deployed(system), ending.pop_all()
        return self._deployed

    def end(self) -> None:
        """End it, and its servers; no news where nothing runs."""
        self._deployed = None
        self._ending.close()


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    """The system of this run, which `pytest_runtest_teardown` ends as soon as it can."""
    deployment = request.session.stash[DEPLOYMENT] = Deployment()
    try:
        yield deployment
    finally:
        deployment.end()


@pytest.fixture(scope="module")
def deployed(deployment: Deployment) -> Deployed:
    """The system, ready."""
    return deployment.get()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, None, None]:
    """End the system where the next test has no use for it."""
    yield
    if DEPLOYMENT in item.session.stash and not _uses(nextitem):
        item.session.stash[DEPLOYMENT].end()


def _uses(item: pytest.Item | None) -> bool:
    return isinstance(item, pytest.Function) and deployed.__name__ in item.fixturenames


def _behind(log: Path, mark: int) -> str:
    with log.open("rb") as said:
        said.seek(mark)
        return said.read().decode(errors="replace")
