"""A process of a service whose outside world is wrapped: with a planted fault, and with mines.

    python -m tests.faults.real.planted api|worker

It runs the service's own command, in a process that is started like any other of the service. A
mine is a file named for a moment ("after topic.publish"), laid into a folder while the process
runs: whichever process passes that moment next takes the file away, and ends as by `kill -9`.
"""

import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from real.processes import Process
from shared.adapters.alone import Alone
from shared.adapters.deployed import roles
from shared.adapters.deployed.outside import open_outside
from shared.runtime.service import Outside
from tests.faults.kill.fuse import Fused, fused
from tests.faults.kill.plants import PLANTS

SERVICE, PLANT, MINES = "PLANTED_SERVICE", "PLANTED_FAULT", "PLANTED_MINES"

Plant = Callable[[Outside], Outside]


def has_every_lease(outside: Outside) -> Outside:
    """No fault of an adapter, but of the world: two hold every lease at once."""
    return replace(outside, leases=Alone())


def is_sound(outside: Outside) -> Outside:
    """Nothing is planted: there are mines only."""
    return outside


class Mines:
    """The mines of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pass_by(self, moment: str) -> None:
        """Say that this moment is now."""
        try:
            (self._folder / moment).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    def lay(self, moment: str) -> Path:
        """Lay a mine; its file is gone as soon as it has gone off."""
        mine = self._folder / moment
        mine.touch()
        return mine


@contextmanager
def planted(plants: Mapping[Plant, Sequence[Process]], folder: Path) -> Iterator[Mines]:
    """Let processes run with plants and with mines, and without them afterwards."""
    processes = [each for planted in plants.values() for each in planted]
    before = {each.name: (each.command, dict(each.settings)) for each in processes}
    for plant, concerned in plants.items():
        for each in concerned:
            told = {SERVICE: each.name.service, PLANT: plant.__name__, MINES: str(folder)}
            each.command = (sys.executable, "-m", __name__)
            each.settings = {**each.settings, **told}
    restart(processes)
    try:
        yield Mines(folder)
    finally:
        for each in processes:
            each.command, each.settings = before[each.name]
        restart(processes)


def restart(processes: Sequence[Process]) -> None:
    """Let processes end gently, all at once, and return when those that follow are ready."""
    starts = [each.starts + 1 for each in processes]
    for each in processes:
        each.terminate()
    for each, start in zip(processes, starts, strict=True):
        each.wait(start)


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the service's command with what is planted."""
    known = {**PLANTS, **{each.__name__: each for each in (has_every_lease, is_sound)}}
    _wrap(known[environment[PLANT]], Mines(Path(environment[MINES])))
    service = environment[SERVICE]
    wire = import_module(f"services.{service}.main").wire
    return roles.run(service, wire, arguments, environment, signs=service == "ranking")


def _wrap(plant: Plant, mines: Mines) -> None:
    @asynccontextmanager
    async def wrapped(*told: Any) -> AsyncIterator[Outside]:  # noqa: ANN401 - what `open_outside` takes
        async with open_outside(*told) as outside:
            changed = plant(outside)
            topic: Any = Fused("topic", changed.topic, mines)
            yield replace(fused(changed, mines), topic=topic)

    vars(roles)["open_outside"] = wrapped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
