"""Servers of ours that die are started again, as processes are."""

from collections import Counter

from real.servers.found import Servers
from real.servers.server import NotStarted
from real.show import Show
from real.system import TITLES

STARTS_MAX = 3


class Watch:
    """Looks after the servers of a system that is ready."""

    def __init__(self, servers: Servers, show: Show) -> None:
        self._servers = servers
        self._show = show
        self._failed: Counter[str] = Counter()

    def look(self) -> None:
        """Start again whichever has died.

        Raises `NotStarted` for one that did not start when this was tried `STARTS_MAX` times.
        """
        for name, title in TITLES.items():
            if self._servers.get(name).has_ended:
                self._show.step(f"{title} đã chết, khởi động lại", f"{title} died and starts again")
                self._start(name)
                self._show.done()

    def _start(self, name: str) -> None:
        try:
            self._servers.get(name).start()
        except NotStarted:
            self._failed[name] += 1
            if self._failed[name] == STARTS_MAX:
                raise
        else:
            self._failed[name] = 0
