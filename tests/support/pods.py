"""The system as the manifests of an overlay have it: the same processes, each told the same.

Every process is told what its manifest tells it, and nothing else; what lies elsewhere on one
machine stands in `ELSEWHERE`. They are replaced as a Deployment does it: the next one gets ready,
callers are sent to it, the former leaves after `preStop`, and ends within its grace.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from real import databases
from real.processes import Name, Process
from real.servers import port
from real.servers.found import Servers
from shared.adapters.signature import private_key
from tests.support.manifests import Manifests, Workload

DATABASE = "pods_{service}"
CHECKPOINT_KEY = "checkpoint-key.pem"
TRIAL = "trial"
KEY_MODE, TRIAL_MODE = 0o444, 0o777
"""The user of an image, who is not we, reads the one and writes in the other, as in volumes."""
PORTS_OF_ONE = 2
PODS_MAX = 60
"""More than there ever are, those that left and the Jobs among them."""
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process finds what it needs on this machine."""

    service: str
    servers: Servers
    folder: Path
    database: str
    port: int


ELSEWHERE: Mapping[str, Callable[[Place], str]] = MappingProxyType(
    {
        "CCHC_HOST": lambda _: port.HOST,
        "CCHC_PORT": lambda place: str(place.port),
        "CCHC_METRICS_PORT": lambda place: str(place.port + 1),
        "CCHC_POSTGRES": lambda place: place.database,
        "CCHC_MONGO": lambda place: place.servers.mongo.url,
        "CCHC_KAFKA": lambda place: place.servers.kafka.url,
        "CCHC_TRIAL_DIR": lambda place: str(place.folder / TRIAL),
        "CCHC_CHECKPOINT_KEY": lambda place: str(place.folder / CHECKPOINT_KEY),
    }
)
"""Addresses and folders that differ here from a cluster's; all else is as the manifests say."""
ADDED: Mapping[str, str] = MappingProxyType({"CCHC_RATES": "none"})
"""Told beside it: here all callers have one address, and would be one client."""


def databases_for(services: Sequence[str], servers: Servers) -> Mapping[str, str]:
    """A database for each service, made now: its address, by the service."""
    return {
        each: databases.create(servers.postgres, DATABASE.format(service=each), servers.home)
        for each in services
    }


class Version(Protocol):
    """What pods run. A pod is replaced by that of another version, and left alone by its own."""

    def prepare(self, process: Process, workload: Workload) -> None:
        """Let the next start of a process, which is told all by now, run this."""


@dataclass(frozen=True, slots=True)
class Code:
    """The code in a folder, by the Python that runs the tests."""

    folder: Path

    def prepare(self, process: Process, _workload: Workload) -> None:
        """Let it run in that folder."""
        process.source = self.folder


@dataclass(slots=True)
class Pod:
    """One process of a workload."""

    workload: Workload
    version: Version
    process: Process
    address: str
    is_called: bool = False
    """Whether callers are sent to it."""
    ended_s: float | None = None
    """How long it took to end, from SIGTERM on."""

    @property
    def stays_s(self) -> float:
        """So long it serves on after it was taken from the callers' list: `preStop`."""
        stop = self.workload.containers[0].get("lifecycle", {}).get("preStop", {})
        return float(stop.get("sleep", {}).get("seconds", 0))

    @property
    def grace_s(self) -> float:
        """So long it has to end, `preStop` included."""
        return float(self.workload.pod["terminationGracePeriodSeconds"])

    def begin(self) -> None:
        """Start it without waiting."""
        self.process.begin()

    def serve(self) -> None:
        """Wait until it is ready, and let it be called."""
        while not self.process.is_ready:
            assert self.process.pid is not None, self.process.log.read_text("utf-8")
            time.sleep(POLL_S)
        self.is_called = True

    def leave(self) -> None:
        """Take it from the list, let it serve on for a while, and end it within its grace."""
        self.is_called = False
        time.sleep(self.stays_s)
        began_s = time.monotonic()
        self.process.retire()
        while self.process.pid is not None and time.monotonic() - began_s < self.grace_s:
            time.sleep(POLL_S)
        self.ended_s = time.monotonic() - began_s
        self.process.stop()


@dataclass
class Pods:
    """All pods of an overlay on one machine, as callers reach them."""

    manifests: Manifests
    servers: Servers
    folder: Path
    up: asyncio.Event = field(default_factory=asyncio.Event)
    serving: list[Pod] = field(default_factory=list)
    left: list[Pod] = field(default_factory=list)
    _turn: int = 0
    _made: int = 0

    def __post_init__(self) -> None:
        self.up.set()
        private_key(self.folder / CHECKPOINT_KEY)
        (self.folder / CHECKPOINT_KEY).chmod(KEY_MODE)
        (self.folder / TRIAL).mkdir()
        (self.folder / TRIAL).chmod(TRIAL_MODE)
        self._first_port = port.free(PORTS_OF_ONE * (PODS_MAX + 1))
        self._databases = databases_for(self.manifests.services, self.servers)

    def at(self, path: str) -> str:
        """Where a path is answered: by each pod of the service in turn, as a Service does it."""
        named = path.split("/")[1]
        services = self.manifests.services
        service = named if named in services else services[0]
        called = [
            each
            for each in self.serving
            if each.is_called and each.workload.role == "api" and each.workload.service == service
        ]
        self._turn += 1
        return called[self._turn % len(called)].address + path

    def settings(self, service: str) -> Mapping[str, str]:
        """What the workers of a service are told."""
        return next(
            each.process.settings
            for each in (*self.serving, *self.left)
            if (each.workload.service, each.workload.role) == (service, "worker")
        )

    def said(self, version: Version) -> str:
        """What processes of one version have logged, each line as text."""
        pods = [each for each in (*self.serving, *self.left) if each.version == version]
        lines = [line for each in pods for line in each.process.log.read_text("utf-8").splitlines()]
        return "".join(f"{as_text(line)}\n" for line in lines)

    # ------------------------------------------------------------------------------ running

    def migrate(self, version: Version) -> None:
        """Run the Jobs of one version, all at once."""
        jobs = [self._made_of(each, version).process for each in self._workloads("Job")]
        with ThreadPoolExecutor(len(jobs)) as pool:
            for _ in pool.map(Process.run, jobs):
                pass

    def begin(self, version: Version) -> None:
        """Start as many as there are at least, and wait for all of them."""
        for each in self._workloads("Deployment"):
            self.serving += [self._made_of(each, version) for _ in range(each.least)]
        for pod in self.serving:
            pod.begin()
        for pod in self.serving:
            pod.serve()

    def replace(self, version: Version, at_once: int | None = None) -> None:
        """Replace pods by those of another version, one by one in each workload, all workloads.

        At most `at_once` in each; those that are left wait for another time.
        """
        workloads = self._workloads("Deployment")
        with ThreadPoolExecutor(len(workloads)) as pool:
            for _ in pool.map(lambda each: self._replace(each, version, at_once), workloads):
                pass

    def end(self) -> None:
        """End all of them."""
        for pod in self.serving:
            pod.process.retire()
        for pod in self.serving:
            pod.process.stop()

    def _replace(self, workload: Workload, version: Version, at_once: int | None) -> None:
        former = [
            each for each in self.serving if each.workload is workload and each.version != version
        ]
        for pod in former[:at_once]:
            following = self._made_of(workload, version)
            self.serving.append(following)
            following.begin()
            following.serve()
            pod.leave()
            self.serving.remove(pod)
            self.left.append(pod)

    def _workloads(self, kind: str) -> Sequence[Workload]:
        return [each for each in self.manifests.processes if each.kind == kind]

    def _made_of(self, workload: Workload, version: Version) -> Pod:
        """A process as the manifest has it, of one version."""
        self._made += 1
        first = self._first_port + PORTS_OF_ONE * self._made
        told = self._told(workload, first)
        name = Name(workload.service, workload.role, self._made)
        process = Process(name, self.folder, told)
        version.prepare(process, workload)
        return Pod(workload, version, process, f"http://{port.HOST}:{first}")

    def _told(self, workload: Workload, own: int) -> Mapping[str, str]:
        service = workload.service
        place = Place(service, self.servers, self.folder, self._databases[service], own)
        told = dict(self.manifests.settings(workload))
        moved = {name: where(place) for name, where in ELSEWHERE.items() if name in told}
        return {**told, **moved, **ADDED}


@contextmanager
def ended(pods: Pods) -> Iterator[Pods]:
    """The pods, of which none is left at the end."""
    try:
        yield pods
    finally:
        pods.end()


def as_text(line: str) -> str:
    """A line of a log as people have it: what is JSON is laid out as the others are."""
    if not line.startswith("{"):
        return line
    told = json.loads(line)
    moment = str(told["timestamp"]).replace("T", " ")
    return f"{moment} {told['severity_text']} {told['body']}"
