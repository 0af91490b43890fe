"""The whole system on servers: a database for each service, migrations, and its processes."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from real import databases
from real.processes import STOP_S, WATCH_POLL_S, Name, Process
from real.servers import port
from real.servers.found import Servers
from real.servers.server import NotStarted

SERVICES = ("submission", "appraisal", "survey", "ranking")
TITLES = {"postgres": "PostgreSQL", "mongo": "MongoDB", "kafka": "Kafka"}
APIS = 2
WORKERS = 2
PARTITIONS = 8
REPLICAS = 1


UNLIMITED: Mapping[str, str] = MappingProxyType({"CCHC_RATES": "none"})
"""For a plan whose callers are all one client, at one address, as those of a test or a load are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run. Two systems on the same servers need different prefixes."""

    folder: Path
    """For logs, and beside them for the clock and the key of the trial."""
    apis: int = APIS
    workers: int = WORKERS
    first_port: int | None = None
    """Of the services, in their order; without it any free ones are taken."""
    prefix: str = "cchc"
    """Begins the names of databases and of the topic."""
    replicas: int = REPLICAS
    """Of the topic."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Settings of every process, beside those that it needs here."""
    measured: bool = False
    """Whether each process shows its metrics, on a port of its own."""

    @property
    def logs(self) -> Path:
        """What the processes say. Whoever clears it loses nothing else."""
        return self.folder / "logs"

    @property
    def trial(self) -> Path:
        """The clock and the key of the trial."""
        return self.folder / "trial"


Step = Callable[[str, str], None]
"""Is told what is done next, in Vietnamese and in English."""


class System:
    """All processes of the four services, by name."""

    def __init__(self, plan: Plan, servers: Servers) -> None:
        self.servers = servers
        self.ports: Mapping[str, int] = {}
        self._plan = plan
        self._processes: dict[Name, Process] = {}
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="watch", daemon=True)

    @property
    def addresses(self) -> Mapping[str, str]:
        """The base URL of each service; its paths begin with its name."""
        return {service: f"http://{port.HOST}:{number}" for service, number in self.ports.items()}

    @property
    def lags(self) -> Mapping[str, str]:
        """Where each worker tells how far behind it is, which it alone knows."""
        return {
            str(process.name): f"http://{port.HOST}:{process.settings['CCHC_PORT']}/ops/lag"
            for process in self.processes
            if process.name.role == "worker"
        }

    @property
    def processes(self) -> Sequence[Process]:
        """All that run, or ought to."""
        return tuple(self._processes.values())

    def process(self, service: str, role: str, number: int = 1) -> Process:
        """One of them; they are numbered from 1."""
        return self._processes[Name(service, role, number)]

    def start(self, step: Step = lambda _vietnamese, _english: None) -> None:
        """Start servers and processes, and return when all are ready.

        Raises `NotHad`, `NotStarted` or `NotCreated`; what runs by then runs on until `stop`.
        """
        self._claim()
        self._plan.logs.mkdir(parents=True, exist_ok=True)
        for name, title in TITLES.items():
            step(f"khởi động {title}", f"{title} starts")
            self.servers.get(name).start()
        step("tạo cơ sở dữ liệu và chủ đề", "databases and the topic are made")
        settings = {service: self._settings(service) for service in SERVICES}
        self._migrate(settings)
        self._processes = self._made(settings)
        count = len(self._processes)
        step(f"khởi động {count} tiến trình", f"{count} processes start")
        for process in self.processes:
            process.begin()
        self._watching.start()
        for process in self.processes:
            process.wait()

    def stop(self) -> None:
        """End the processes gently, all at once; the servers go on."""
        self._over.set()
        if self._watching.is_alive():
            self._watching.join()
        for process in self.processes:
            process.retire()
        for process in self.processes:
            process.stop()

    def _claim(self) -> None:
        """Processes share their port, also with those of another system: nobody may be on it."""
        first = self._plan.first_port
        if first is None:
            return
        taken = ", ".join(map(str, port.taken(range(first, first + len(SERVICES)))))
        if taken:
            raise NotStarted(
                f"cổng đã có chương trình khác dùng: {taken}; hãy dừng chương trình đó, hoặc chọn "
                f"cổng khác bằng --port / ports in use by another program: {taken}; end it, or "
                "choose other ones with --port"
            )

    def _watch(self) -> None:
        while not self._over.wait(WATCH_POLL_S):
            for process in self.processes:
                process.follow()

    def _migrate(self, settings: Mapping[str, Mapping[str, str]]) -> None:
        """All at once, as jobs of a cluster would."""
        folder = self._plan.logs
        jobs = [Process(Name(name, "migrate"), folder, settings[name]) for name in SERVICES]
        with ThreadPoolExecutor(len(jobs)) as pool:
            for _ in pool.map(Process.run, jobs):
                pass

    def _made(self, settings: Mapping[str, Mapping[str, str]]) -> dict[Name, Process]:
        """The processes, on ports that are free now that the servers have taken theirs."""
        workers = [
            Name(name, "worker", number + 1)
            for name in SERVICES
            for number in range(self._plan.workers)
        ]
        own = port.free(len(workers) + len(SERVICES))
        first = self._plan.first_port or own + len(workers)
        self.ports = {name: first + place for place, name in enumerate(SERVICES)}
        made: dict[Name, Process] = {}
        for place, name in enumerate(workers):
            told = {**settings[name.service], "CCHC_PORT": str(own + place)}
            made[name] = Process(name, self._plan.logs, told)
        for service in SERVICES:
            shared = {"CCHC_PORT": str(self.ports[service]), "CCHC_PORT_SHARED": "yes"}
            for number in range(self._plan.apis):
                name = Name(service, "api", number + 1)
                made[name] = Process(name, self._plan.logs, {**settings[service], **shared})
        return self._measured(made) if self._plan.measured else made

    def _measured(self, made: Mapping[Name, Process]) -> dict[Name, Process]:
        first = port.free(len(made))
        return {
            name: Process(
                name,
                self._plan.logs,
                {**process.settings, "CCHC_METRICS_PORT": str(first + place)},
            )
            for place, (name, process) in enumerate(made.items())
        }

    def _settings(self, service: str) -> Mapping[str, str]:
        """What every process of a service is told; makes its database."""
        name = f"{self._plan.prefix}_{service}"
        return {
            "CCHC_MODE": "trial",
            "CCHC_TRIAL_DIR": str(self._plan.trial.resolve()),
            "CCHC_POSTGRES": databases.create(self.servers.postgres, name, self.servers.home),
            "CCHC_MONGO": self.servers.mongo.url,
            "CCHC_MONGO_DATABASE": name,
            "CCHC_KAFKA": self.servers.kafka.url,
            "CCHC_KAFKA_TOPIC": f"{self._plan.prefix}-facts",
            "CCHC_KAFKA_PARTITIONS": str(PARTITIONS),
            "CCHC_KAFKA_REPLICAS": str(self._plan.replicas),
            "CCHC_HOST": port.HOST,
            "CCHC_STOP_S": str(STOP_S),
            **self._plan.told,
        }


@contextmanager
def running(system: System, step: Step = lambda _vietnamese, _english: None) -> Iterator[System]:
    """The system, ready; at the end its processes are ended, and its servers are not."""
    try:
        system.start(step)
        yield system
    finally:
        system.stop()
