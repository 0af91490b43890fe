"""The servers as containers of the official images, where Docker Compose and an engine run.

It follows the documentation of Compose 2. Where it was written there was no engine to try it on;
the head of deploy/local/compose.yaml says the same of that file.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from real.servers import port
from real.servers.server import NotStarted

FILE = Path(__file__).resolve().parents[1] / "deploy" / "local" / "compose.yaml"
ASKED_S_MAX = 20.0
# The images are fetched the first time.
COMMAND_S_MAX = 1_800.0
SAID_CHARACTERS_MAX = 4_000
URLS = {
    "kafka": "127.0.0.1:{port}",
    "postgres": "postgresql://cchc:cchc@127.0.0.1:{port}/postgres",
    "mongo": "mongodb://127.0.0.1:{port}/?directConnection=true",
}


class NotDone(Exception):
    """Compose refused; the sentence ends with what it said."""


def runs() -> bool:
    """Whether this machine has Compose, and an engine that answers."""
    if shutil.which("docker") is None:
        return False
    asked = (["docker", "compose", "version"], ["docker", "info"])
    return all(_succeeds(command) for command in asked)


@dataclass(frozen=True, slots=True)
class Project:
    """The containers of one name, each with a port of its own; nothing is started yet."""

    name: str
    ports: Mapping[str, int] = field(default_factory=lambda: {name: port.free() for name in URLS})

    def run(self, *words: str) -> None:
        """Run a command of Compose; raises `NotDone`."""
        ports = {f"CCHC_{name.upper()}_PORT": str(number) for name, number in self.ports.items()}
        ended = subprocess.run(  # noqa: S603 - the words are ours
            self.command(*words),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **ports},
            timeout=COMMAND_S_MAX,
        )
        if ended.returncode != 0:
            said = ended.stdout[-SAID_CHARACTERS_MAX:]
            raise NotDone(f"docker compose {' '.join(words)} ended with {ended.returncode}: {said}")

    def command(self, *words: str) -> Sequence[str]:
        """How Compose is asked for something."""
        return ("docker", "compose", "--project-name", self.name, "--file", str(FILE), *words)

    def remove(self) -> None:
        """Remove the containers and their data."""
        self.run("down", "--volumes")


@dataclass(frozen=True, slots=True)
class Composed:
    """One server of a project, by its name in the file."""

    project: Project
    name: str

    @property
    def url(self) -> str:
        """Where it answers on the loopback."""
        return URLS[self.name].format(port=self.project.ports[self.name])

    @property
    def has_ended(self) -> bool:
        """Never: its engine looks after it."""
        return False

    def start(self) -> None:
        """Start it, and return when it is healthy."""
        try:
            self.project.run("up", "--detach", "--wait", self.name)
        except NotDone as refused:
            raise NotStarted(str(refused)) from refused

    def stop(self) -> None:
        """End it gently; its data stay."""
        self.project.run("stop", self.name)

    def kill(self) -> None:
        """End it at once, and wait until Compose sees it ended."""
        self.project.run("kill", "--signal", "SIGKILL", self.name)
        self.project.run("stop", self.name)

    def pause(self) -> None:
        """Let it stand still."""
        self.project.run("pause", self.name)

    def resume(self) -> None:
        """Let it go on."""
        self.project.run("unpause", self.name)


def _succeeds(command: Sequence[str]) -> bool:
    try:
        asked = subprocess.run(  # noqa: S603 - the commands stand above
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=ASKED_S_MAX,
        )
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0
