"""How a system comes to life: by its command, from nothing; or of a nursery, without imports."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Protocol

from tests.support.running import PROJECT

NONE = "-"
ENDED_S_MAX = 30


class Being(Protocol):
    """A process of the system."""

    async def line(self) -> str:
        """The next that it says; empty when it has ended."""

    async def ended(self) -> int:
        """Its exit status, once it has ended."""

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""


class Born:
    """A system that was started by its command."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def line(self) -> str:
        """The next that it says; empty when it has ended."""
        assert self._process.stdout is not None, "opened with a pipe"
        return (await self._process.stdout.readline()).decode()

    async def ended(self) -> int:
        """Its exit status, once it has ended."""
        return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)


async def by_command(data: Path, log: Path) -> Born:
    """`python -m services up`, as anybody starts it."""
    return Born(await _started(log, "services", *_up(data)))


class Nursery:
    """A warm process, of which one system at a time is born."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: Process | None = None

    async def bear(self, data: Path, plant: str, moment: str, count: int) -> Being:
        """A system with a planted fault, and a fuse."""
        if self._process is None:
            self._process = await _started(self._log, "tests.faults.kill.nursery")
        child = _Child(self._process)
        await child.be_born([plant, moment, count, *_up(data)])
        return child

    async def close(self) -> None:
        """End it; what was born of it has ended before."""
        if self._process is not None:
            self._process.kill()
            await asyncio.wait_for(self._process.communicate(), ENDED_S_MAX)


class _Child:
    def __init__(self, nursery: Process) -> None:
        self._nursery = nursery
        self._pid = 0
        self._status: int | None = None

    async def be_born(self, request: list[str | int]) -> None:
        assert self._nursery.stdin is not None, "opened with a pipe"
        self._nursery.stdin.write(json.dumps(request).encode() + b"\n")
        word, pid = (await self._said()).split()
        assert word == "born", f"the nursery said {word}"
        self._pid = int(pid)

    async def line(self) -> str:
        """The next that it says; empty when it has ended."""
        said = await self._said()
        if not said.startswith("ended "):
            return said
        self._status = int(said.split()[1])
        return ""

    async def ended(self) -> int:
        """Its exit status, once it has ended."""
        while self._status is None:
            await self.line()
        return self._status

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; the nursery keeps its number until the next one is to be born."""
        os.kill(self._pid, number)

    async def _said(self) -> str:
        assert self._nursery.stdout is not None, "opened with a pipe"
        said = (await self._nursery.stdout.readline()).decode()
        assert said, "the nursery has ended; see the log"
        return said


def _up(data: Path) -> tuple[str, ...]:
    return ("up", "--data", str(data), "--port", "0", "--rates", "none")


async def _started(log: Path, *module: str) -> Process:
    with log.open("ab") as written:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-W", "error", "-m", *module),
            cwd=PROJECT,
            stdin=PIPE,
            stdout=PIPE,
            stderr=written,
        )
