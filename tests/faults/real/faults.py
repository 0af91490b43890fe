"""What goes wrong in the midst of a play on real servers: each fault with how it is caused."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from real.servers.server import Server
from real.system import SERVICES
from shared.adapters.eventstore.postgres import STORE_TIMEOUT_S
from shared.adapters.kafka.driver import SESSION_S
from tests.faults.real.fault import POLL_S, Between, Fault, Preparation, Stage, Strike, Trouble
from tests.faults.real.planted import Mines, has_every_lease, is_sound, planted

AWAY_S_MAX = 1.5
"""So long a server that was killed stays away at most, before it is started again."""

BEYOND_SESSION_S = SESSION_S + 3.0
BEYOND_TIMEOUTS_S = STORE_TIMEOUT_S + 2.0
GONE_OFF_S_MAX = 30.0
FIRST_SCENE = "open"
DECLARING = (0.05, 0.5)
"""The part of the play in which submission has something to do all the time."""


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
    stage.any("worker", service, but=stage.relay(service)).kill()


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


def _go_off(moment: str, role: str, service: str) -> Strike:
    def strike(stage: Stage) -> None:
        mine = Mines(_field(stage, role, service)).lay(moment)
        deadline = time.monotonic() + GONE_OFF_S_MAX
        while mine.exists():
            assert time.monotonic() < deadline, f"nobody came by: {moment}"
            time.sleep(POLL_S)

    return strike


def _field(stage: Stage, role: str, service: str) -> Path:
    """Where the mines of these processes lie."""
    folder = stage.folder / f"{service} {role}"
    folder.mkdir(exist_ok=True)
    return folder


def _mined(role: str, service: str) -> Preparation:
    """Mines can be laid for these processes."""

    def prepared(stage: Stage) -> AbstractContextManager[object]:
        return planted({is_sound: stage.all(role, service)}, _field(stage, role, service))

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
        _go_off("before inbox.append", "worker", "ranking"),
        times=2,
        prepared=_mined("worker", "ranking"),
    ),
    Fault(
        "an api dies between commit and reply",
        _go_off("after store.append", "api", "submission"),
        times=3,
        span=DECLARING,
        prepared=_mined("api", "submission"),
    ),
    Fault(
        "the relay dies between send and position",
        _go_off("after topic.publish", "worker", "submission"),
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


def _named(*titles: str) -> Sequence[Fault]:
    return [fault for title in titles for fault in FAULTS if fault.title == title]


_TOGETHER = (
    Trouble(
        "processes are killed",
        _named(
            "an api is killed",
            "the worker with the relay is killed",
            "a worker without the relay is killed",
            "an api of ranking is killed",
            "a worker of survey is killed while answers come",
            "an api of survey is killed while answers come",
        ),
    ),
    Trouble(
        "workers are killed, leave and stand still",
        _named(
            "a worker of ranking is killed",
            "workers leave and come while facts flow",
            "a worker stands still beyond its session",
        ),
    ),
    Trouble(
        "processes die between two steps",
        _named(
            "a worker dies in the midst of a batch",
            "an api dies between commit and reply",
            "the relay dies between send and position",
        ),
    ),
    Trouble(
        "services are away, and others have two relays at once",
        _named(
            "two relays at once",
            "appraisal is down until it decides",
            "ranking is down until the end",
        ),
    ),
    Trouble(
        "servers are killed",
        _named("the broker is killed", "PostgreSQL is killed", "the document server is killed"),
    ),
    Trouble("servers stand still", _named("the broker stands still", "PostgreSQL stands still")),
)

EACH = tuple(Trouble(fault.title, [fault]) for fault in FAULTS)
"""Every fault in a play of its own, so that it is seen by itself what each does."""

_SEVERAL = {fault.title for trouble in _TOGETHER for fault in trouble.faults}
SOME_AT_ONCE = (*_TOGETHER, *(each for each in EACH if each.title not in _SEVERAL))
"""Every fault too, in a third as many plays."""
