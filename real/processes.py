"""The processes of the system: started, kept alive, and killed or paused at will.

Each is a program as it would be deployed, `python -m services.NAME ROLE`, with settings of its own.
One that dies is started again after a pause that grows, as Kubernetes does it.
"""

import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM

from real.servers.program import Program
from real.servers.server import NotStarted

PROJECT = Path(__file__).resolve().parents[1]
START_S_MAX = 120.0
MIGRATE_S_MAX = 120.0
STOP_S = 10
STOP_S_MAX = STOP_S + 10.0
STARTS_MORE_MAX = 2
BACK_OFF_S_FIRST = 0.5
BACK_OFF_S_MAX = 10.0
STEADY_S = 20.0
WATCH_POLL_S = 0.1
SETTINGS_PREFIX = "CCHC_"


@dataclass(frozen=True, slots=True)
class Name:
    """Which process: the second worker of ranking is `ranking worker 2`."""

    service: str
    role: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.service} {self.role} {self.number}"


class Process:
    """One process of a service, and those that follow it when it dies."""

    def __init__(self, name: Name, folder: Path, settings: Mapping[str, str]) -> None:
        """`settings` are all that it is told; it logs into `folder`.

        What is told, the command before its role, and the folder in which that is run may be
        changed: the next start runs the new.
        """
        self.name = name
        self.source = PROJECT
        self.command: Sequence[str] = (sys.executable, "-m", f"services.{name.service}")
        self.settings = dict(settings)
        self.starts = 0
        log = folder / f"{name.service}-{name.role}-{name.number}.log"
        self._program = Program(str(name), log)
        self._lock = threading.Lock()
        self._wanted = False
        self._begun_s = 0.0
        self._back_off_s = BACK_OFF_S_FIRST

    @property
    def log(self) -> Path:
        """What it has said, over all its starts."""
        return self._program.log

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        return self._program.pid

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs."""
        return self._program.status

    @property
    def is_ready(self) -> bool:
        """Whether it has said so since its last start."""
        if self.pid is None:
            return False
        return f"{self.name.service} {self.name.role} is ready".encode() in self._program.said()

    def begin(self) -> None:
        """Start it without waiting, and keep it alive from now on; no news where it runs."""
        with self._lock:
            self._wanted = True
            if self.pid is None:
                self._begin()

    def wait(self, start: int = 1) -> None:
        """Return when it is ready, in a given start or a later one; raises `NotStarted`."""
        deadline = time.monotonic() + START_S_MAX
        last_start = max(start, self.starts) + STARTS_MORE_MAX
        while self.starts < start or not self.is_ready:
            if time.monotonic() > deadline or self.starts > last_start:
                raise NotStarted(
                    f"{self.name} is not ready after {self.starts} starts: {self._program.tail()}"
                )
            time.sleep(WATCH_POLL_S)

    def run(self) -> None:
        """Run it to its end, once; raises `NotStarted` where it fails."""
        with self._lock:
            self._begin()
        self._program.join(MIGRATE_S_MAX)

    def retire(self) -> None:
        """Ask it to end, for good; `stop` waits for that."""
        with self._lock:
            self._wanted = False
            self._program.resume()
            self._program.send(SIGTERM)

    def stop(self) -> None:
        """End it gently, for good."""
        with self._lock:
            self._wanted = False
            self._program.end(SIGTERM, STOP_S_MAX)

    def kill(self) -> None:
        """End it at once; another one follows."""
        with self._lock:
            self._program.kill()

    def terminate(self) -> None:
        """Ask it to end; another one follows."""
        with self._lock:
            self._program.send(SIGTERM)

    def pause(self) -> None:
        """Let it stand still."""
        with self._lock:
            self._program.pause()

    def resume(self) -> None:
        """Let it go on."""
        with self._lock:
            self._program.resume()

    def follow(self) -> None:
        """Start it again if it has died and is wanted, and the pause after its death is over."""
        with self._lock:
            if not self._wanted or self.pid is not None:
                return
            now_s = time.monotonic()
            if now_s - self._begun_s > STEADY_S:
                self._back_off_s = BACK_OFF_S_FIRST
            if now_s - self._begun_s >= self._back_off_s:
                self._back_off_s = min(self._back_off_s * 2, BACK_OFF_S_MAX)
                self._begin()

    def _begin(self) -> None:
        self._begun_s = time.monotonic()
        self.starts += 1
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(SETTINGS_PREFIX)
        }
        self._program.begin(
            [*self.command, self.name.role],
            environment={**inherited, **self.settings},
            folder=self.source,
        )
