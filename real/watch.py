"""Servers of ours that die are started again; of processes that were, it is said."""

from collections import Counter

from real.servers.server import NotStarted
from real.show import Show
from real.system import TITLES, System

STARTS_MAX = 3


class Watch:
    """Looks after a system that is ready."""

    def __init__(self, system: System, show: Show) -> None:
        self._system = system
        self._show = show
        self._failed: Counter[str] = Counter()
        self._starts = {process.name: process.starts for process in system.processes}

    def look(self) -> None:
        """Start again whichever server has died; the system itself does so with its processes.

        Raises `NotStarted` for one that did not start when this was tried `STARTS_MAX` times.
        """
        for name, title in TITLES.items():
            if self._system.servers.get(name).has_ended:
                self._show.step(f"{title} đã chết, khởi động lại", f"{title} died and starts again")
                self._start(name)
                self._show.done()
        for process in self._system.processes:
            if process.starts > self._starts[process.name]:
                self._starts[process.name] = process.starts
                told = f"{process.name} died and was started again: {process.log}"
                self._show.say(f"{process.name} đã chết, được khởi động lại [dim]· {told}[/dim]")

    def _start(self, name: str) -> None:
        try:
            self._system.servers.get(name).start()
        except NotStarted:
            self._failed[name] += 1
            if self._failed[name] == STARTS_MAX:
                raise
        else:
            self._failed[name] = 0
