"""A fault, what it strikes, and some of them in one play."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same faults

from real.processes import Process
from real.system import SERVICES
from tests.faults.judged.cycle import Cycle
from tests.faults.real.holder import holder
from tests.support.deployed import Deployed

FOUND_S_MAX = 30.0
POLL_S = 0.05
TAIL_CHARACTERS = 2_000


@dataclass(slots=True)
class Stage:
    """The system in which something goes wrong, and what chance decides of it."""

    deployed: Deployed
    chance: Random
    folder: Path
    cycle: Cycle
    calling: Counter[str] = field(default_factory=Counter)

    def all(self, role: str, *services: str) -> Sequence[Process]:
        """The processes of a role, of these services or of all."""
        return [
            each
            for each in self.deployed.system.processes
            if each.name.role == role and each.name.service in (services or SERVICES)
        ]

    def any(self, role: str, *services: str, but: Process | None = None) -> Process:
        """One of them that is alive; of the services that are being called, where there are any."""
        called = [name for name in services or SERVICES if self.calling[name]]
        deadline = time.monotonic() + FOUND_S_MAX
        while time.monotonic() < deadline:
            found = self.all(role, *(called or services))
            if alive := [each for each in found if each.pid is not None and each is not but]:
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

    def strikes(self, chance: Random, requests: int) -> Sequence[tuple[int, Strike]]:
        """What is done after how many requests of the play, in that order."""
        first, last = (part * requests for part in self.span)
        piece = (last - first) / max(self.times, 1)
        moments = [first + (number + chance.random()) * piece for number in range(self.times)]
        return [(round(moment), self.strike) for moment in moments]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Some faults, and what they are called together."""

    title: str
    faults: Sequence[Fault]

    @property
    def times(self) -> int:
        """How often something goes wrong in one play."""
        return sum(fault.times or 1 for fault in self.faults)

    @contextmanager
    def prepared(self, stage: Stage) -> Iterator[None]:
        """What is there all the time."""
        with ExitStack() as stack:
            for fault in self.faults:
                stack.enter_context(fault.prepared(stage))
            yield

    def strikes(self, chance: Random, requests: int) -> Sequence[tuple[int, Strike]]:
        """What is done after how many requests of the play, in that order."""
        strikes = [each for fault in self.faults for each in fault.strikes(chance, requests)]
        return sorted(strikes, key=itemgetter(0))

    def between(self, stage: Stage, scene: str) -> None:
        """What begins or ends with a scene."""
        for fault in self.faults:
            fault.between(stage, scene)
