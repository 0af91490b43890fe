"""A program that runs in the background, with a log, and with all the processes that it starts."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from real.servers.left import note
from real.servers.living import parents, stopped
from real.servers.server import NotEnded, NotStarted

POLL_S = 0.05
GONE_S_MAX = 30.0
TAIL_BYTES = 4_000


class Program:
    """One program, started again and again with the same log.

    It leads a session of its own, so that Ctrl+C at the terminal is left to whoever started it.
    """

    def __init__(self, name: str, log: Path) -> None:
        self._name = name
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._said_before_bytes = 0

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs, and before its first start."""
        return None if self._process is None else self._process.poll()

    def begin(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start it in a folder; what it says is added to the log. It must not run yet.

        Without an environment it inherits ours.
        """
        assert self.pid is None, f"{self._name} runs already"
        with self.log.open("ab") as said:
            self._said_before_bytes = said.tell()
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        note(self.log, self._process.pid, command)

    def wait(self, ready: Callable[[], bool], s_max: float) -> None:
        """Return as soon as it is ready; otherwise kill it and raise `NotStarted`."""
        deadline = time.monotonic() + s_max
        while time.monotonic() < deadline:
            if self.pid is None:
                raise NotStarted(f"{self._name} ended with {self.status}: {self.tail()}")
            if ready():
                return
            time.sleep(POLL_S)
        said = self.tail()
        self.kill()
        raise NotStarted(f"{self._name} was not ready within {s_max:.0f} s: {said}")

    def join(self, s_max: float) -> None:
        """Return when it has ended well; raises `NotStarted` where it did not."""
        assert self._process is not None, f"{self._name} was never started"
        try:
            status = self._process.wait(s_max)
        except subprocess.TimeoutExpired:
            self.kill()
            raise NotStarted(
                f"{self._name} took longer than {s_max:.0f} s: {self.tail()}"
            ) from None
        if status != 0:
            raise NotStarted(f"{self._name} ended with {status}: {self.tail()}")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; no news where it does not run."""
        if self.pid is not None and self._process is not None:
            self._process.send_signal(number)

    def end(self, gently: signal.Signals, s_max: float) -> None:
        """Ask it to end; kill it if it is still there after a while."""
        if self.pid is None:
            return
        self.resume()
        assert self._process is not None, "it has a pid"
        self._process.send_signal(gently)
        try:
            self._process.wait(s_max)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill it. What it had started notices and ends, or else `NotEnded` is raised."""
        if self.pid is None:
            return
        assert self._process is not None, "it has a pid"
        family = self.family()
        self._process.kill()
        self._process.wait(GONE_S_MAX)
        _signal(family, signal.SIGCONT)  # In a pause they would notice nothing.
        deadline = time.monotonic() + GONE_S_MAX
        while left := set(family) & parents().keys():
            if time.monotonic() > deadline:
                raise NotEnded(f"{self._name} was killed, and left {sorted(left)} behind")
            time.sleep(POLL_S)

    def pause(self) -> None:
        """Let all its processes stand still; the first one first, so that it starts no more.

        They do when this returns, or `NotEnded` is raised.
        """
        pid = self.pid
        assert pid is not None, f"{self._name} does not run"
        _signal([pid], signal.SIGSTOP)
        _signal(self.family(), signal.SIGSTOP)
        deadline = time.monotonic() + GONE_S_MAX
        while turning := set(self.family()) - stopped():
            if time.monotonic() > deadline:
                raise NotEnded(f"{self._name} was paused, and {sorted(turning)} go on")
            time.sleep(POLL_S)

    def resume(self) -> None:
        """Let them go on; no news where nothing stands still."""
        _signal(self.family(), signal.SIGCONT)

    def family(self) -> Sequence[int]:
        """Its process, and all that descend from it."""
        pid = self.pid
        return () if pid is None else (pid, *_below(pid, parents()))

    def said(self) -> bytes:
        """What it has said since its last start."""
        with self.log.open("rb") as said:
            said.seek(self._said_before_bytes)
            return said.read()

    def tail(self) -> str:
        """The end of its log, for whoever has to find out why."""
        with self.log.open("rb") as said:
            said.seek(max(0, self.log.stat().st_size - TAIL_BYTES))
            return f"{self.log}:\n{said.read().decode(errors='replace')}"


class OneProgram:
    """A server that is one program with its children: what of `Server` is alike in all of them."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @property
    def has_ended(self) -> bool:
        """Whether it was started, and runs no more."""
        return self._program.status is not None

    def kill(self) -> None:
        """End it at once; its children notice, and until they have, no new start is possible."""
        self._program.kill()

    def pause(self) -> None:
        """Let all its processes stand still."""
        self._program.pause()

    def resume(self) -> None:
        """Let them go on."""
        self._program.resume()


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # It ended by itself in the meantime.


def _below(ancestor: int, living: Mapping[int, int]) -> Iterator[int]:
    for pid, parent in living.items():
        if parent == ancestor:
            yield pid
            yield from _below(pid, living)
