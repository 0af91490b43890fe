"""What goes wrong in the midst of a play on real servers: each fault with how it is caused."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same faults

from real.processes import Process
from real.servers.server import Server
from real.system import SERVICES
from shared.adapters.eventstore.postgres import STORE_TIMEOUT_S
from shared.adapters.kafka.driver import SESSION_S
from tests.faults.judged.cycle import Cycle
from tests.faults.real.holder import holder
from tests.faults.real.planted import Mines, has_every_lease, is_sound, planted
from tests.support.deployed import Deployed

AWAY_S_MAX = 1.5
"""So long a server that was killed stays away at most, before it is started again."""

BEYOND_SESSION_S = SESSION_S + 3.0
BEYOND_TIMEOUTS_S = STORE_TIMEOUT_S + 2.0
FOUND_S_MAX = 30.0
GONE_OFF_S_MAX = 30.0
POLL_S = 0.05
TAIL_CHARACTERS = 2_000
FIRST_SCENE = "open"
DECLARING = (0.05, 0.5)
"""The part of the play in which submission has something to do all the time."""


@dataclass(slots=True)
class Stage:
    """The system in which something goes wrong, and what chance decides of it."""

    deployed: Deployed
    chance: Random
    folder: Path
    cycle: Cycle
    calling: Counter[str] = field(default_factory=Counter)
    mines: Mines = field(init=False)

    def __post_init__(self) -> None:
        self.mines = Mines(self.folder)

    def all(self, role: str, *services: str) -> Sequence[Process]:
        """The processes of a role, of these services or of all."""
        return [
            each
            for each in self.deployed.system.processes
            if each.name.role == role and each.name.service in (services or SERVICES)
        ]

    def any(self, role: str, *services: str) -> Process:
        """One of them that is alive; of the services that are being called, where there are any."""
        called = [name for name in services or SERVICES if self.calling[name]]
        deadline = time.monotonic() + FOUND_S_MAX
        while time.monotonic() < deadline:
            alive = [each for each in self.all(role, *(called or services)) if each.pid is not None]
            if alive:
                return self.chance.choice(alive)
            time.sleep(POLL_S)
        raise AssertionError(f"no {role} of {services} is alive")

    def relay(self, service: str) -> Process:
        """The worker that tells the topic what a service recorded; there is one within seconds."""
        url = self.deployed.settings(service)["CCHC_POSTGRES"]
        workers = self.all("worker", service)
        deadline = time.monotonic() + FOUND_S_MAX
        while time.monotonic() < deadline:
            found = holder(url, service, f"{service}.relay", workers)
            if found is not None:
                return found
            time.sleep(POLL_S)
        tails = [each.log.read_text("utf-8")[-TAIL_CHARACTERS:] for each in workers]
        raise AssertionError(f"nobody has the relay of {service}: {tails}")


Strike = Callable[[Stage], None]
Between = Callable[[Stage, str], None]
Preparation = Callable[[Stage], AbstractContextManager[object]]


def _unprepared(_: Stage) -> AbstractContextManager[object]:
    return nullcontext()


def _never(_: Stage) -> None:
    raise AssertionError("what is there all the time does not strike")


def _nothing(_: Stage, __: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and how often in one play.

    The moments are spread by chance over a part of the play, `span`, one in each of as many equal
    pieces. A fault that is there all the time is `prepared`, and never strikes; one that begins and
    ends with a scene is told of each, `between` them.
    """

    title: str
    strike: Strike = _never
    times: int = 0
    span: tuple[float, float] = (0.05, 0.9)
    prepared: Preparation = _unprepared
    between: Between = _nothing

    def moments(self, chance: Random, requests: int) -> Sequence[int]:
        """After how many requests of the play it strikes."""
        first, last = (part * requests for part in self.span)
        piece = (last - first) / max(self.times, 1)
        return [round(first + (number + chance.random()) * piece) for number in range(self.times)]


# --------------------------------------------------------------------------------- processes


def _kill(*what: str) -> Strike:
    def strike(stage: Stage) -> None:
        role, *services = what
        stage.any(role, *services).kill()

    return strike


def _kill_the_relay(stage: Stage) -> None:
    stage.relay(stage.chance.choice(SERVICES)).kill()


def _kill_another_worker(stage: Stage) -> None:
    service = stage.chance.choice(SERVICES)
    relay = stage.relay(service)
    others = [each for each in stage.all("worker", service) if each is not relay]
    stage.chance.choice(others).kill()


def _pause_a_worker(stage: Stage) -> None:
    """Others take over; then it goes on where it stood, in the midst of whatever it was at."""
    worker = stage.any("worker")
    worker.pause()
    time.sleep(BEYOND_SESSION_S)
    worker.resume()


def _let_one_leave(stage: Stage) -> None:
    """It ends gently, and another one follows: the group deals out its partitions twice."""
    stage.any("worker", "appraisal", "ranking").terminate()


def _down(service: str, until: str) -> Between:
    """A service is away from the first scene on, with all its processes."""

    def between(stage: Stage, scene: str) -> None:
        processes = [*stage.all("api", service), *stage.all("worker", service)]
        if scene == FIRST_SCENE:
            for each in processes:
                each.retire()
            for each in processes:
                each.stop()
        elif scene == until:
            for each in processes:
                each.begin()
            for each in processes:
                each.wait()

    return between


# ----------------------------------------------------------------------------------- servers


def _kill_server(name: str) -> Strike:
    def strike(stage: Stage) -> None:
        server = _server(stage, name)
        server.kill()
        time.sleep(stage.chance.random() * AWAY_S_MAX)
        server.start()

    return strike


def _pause_server(name: str, pause_s: float) -> Strike:
    def strike(stage: Stage) -> None:
        server = _server(stage, name)
        server.pause()
        time.sleep(pause_s)
        server.resume()

    return strike


def _server(stage: Stage, name: str) -> Server:
    return stage.deployed.servers.get(name)


# -------------------------------------------------------------------------- planted processes


def _go_off(moment: str) -> Strike:
    def strike(stage: Stage) -> None:
        mine = stage.mines.lay(moment)
        deadline = time.monotonic() + GONE_OFF_S_MAX
        while mine.exists():
            assert time.monotonic() < deadline, f"nobody came by: {moment}"
            time.sleep(POLL_S)

    return strike


def _mined(role: str, service: str) -> Preparation:
    """Mines can be laid for these processes."""

    def prepared(stage: Stage) -> AbstractContextManager[object]:
        return planted({is_sound: stage.all(role, service)}, stage.folder)

    return prepared


@contextmanager
def _doubly_led(stage: Stage) -> Iterator[None]:
    workers = stage.all("worker", "submission", "appraisal")
    with planted({has_every_lease: workers}, stage.folder):
        yield


FAULTS = (
    Fault("an api is killed", _kill("api"), times=4),
    Fault("the worker with the relay is killed", _kill_the_relay, times=3),
    Fault("a worker without the relay is killed", _kill_another_worker, times=3),
    Fault("a worker of ranking is killed", _kill("worker", "ranking"), times=3),
    Fault("an api of ranking is killed", _kill("api", "ranking"), times=3),
    Fault(
        "a worker of survey is killed while answers come",
        _kill("worker", "survey"),
        times=3,
        span=DECLARING,
    ),
    Fault(
        "an api of survey is killed while answers come",
        _kill("api", "survey"),
        times=3,
        span=DECLARING,
    ),
    Fault("a worker stands still beyond its session", _pause_a_worker, times=1),
    Fault("workers leave and come while facts flow", _let_one_leave, times=4),
    Fault(
        "a worker dies in the midst of a batch",
        _go_off("before inbox.append"),
        times=2,
        prepared=_mined("worker", "ranking"),
    ),
    Fault(
        "an api dies between commit and reply",
        _go_off("after store.append"),
        times=3,
        span=DECLARING,
        prepared=_mined("api", "submission"),
    ),
    Fault(
        "the relay dies between send and position",
        _go_off("after topic.publish"),
        times=2,
        span=DECLARING,
        prepared=_mined("worker", "submission"),
    ),
    Fault("two relays at once", prepared=_doubly_led),
    Fault("appraisal is down until it decides", between=_down("appraisal", "assign")),
    Fault("ranking is down until the end", between=_down("ranking", "conclude")),
    Fault("the broker is killed", _kill_server("kafka"), times=1),
    Fault("the broker stands still", _pause_server("kafka", BEYOND_SESSION_S), times=1),
    Fault("PostgreSQL is killed", _kill_server("postgres"), times=2),
    Fault("PostgreSQL stands still", _pause_server("postgres", BEYOND_TIMEOUTS_S), times=1),
    Fault("the document server is killed", _kill_server("mongo"), times=2),
)
