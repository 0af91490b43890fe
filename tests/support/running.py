"""The system as a process of its own, and callers who know it by HTTP only."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx

PROJECT = Path(__file__).parents[2]
READY_S_MAX = 90
STOPPED_S_MAX = 20


@dataclass(frozen=True)
class Running:
    """A running process, and the address at which it answers."""

    process: subprocess.Popen[str]
    url: str
    errors: Path

    def client(self, token: str = "") -> httpx.Client:
        """A caller, with a token or as the public."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=READY_S_MAX)

    def token(self, role: str, agency: str | None = None) -> str:
        """A token for somebody in a role."""
        wanted = {"role": role, **({"agency": agency} if agency else {})}
        with self.client() as client:
            token: str = (
                client.post("/trial/tokens", json=wanted).raise_for_status().json()["token"]
            )
        return token

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait(STOPPED_S_MAX)

    def stop(self) -> str:
        """Ask it to stop; returns what it still said."""
        self.process.terminate()
        said, _ = self.process.communicate(timeout=STOPPED_S_MAX)
        return said


def command(*arguments: str) -> Sequence[str]:
    """How a command of the command line is started; warnings are errors."""
    return (sys.executable, "-W", "error", "-m", "services", *arguments)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*arguments),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=READY_S_MAX,
        check=False,
    )


@contextmanager
def running(data_dir: Path, *options: str) -> Iterator[Running]:
    """The system on a data directory and a free port, ready; killed at the end if it still runs.

    Tests look again and again, more often than anybody may: they have no limits unless they say so.
    """
    errors = data_dir.with_suffix(".log")
    with errors.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command("up", "--data", str(data_dir), "--port", "0", "--rates", "none", *options),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield Running(process, _address(process, errors), errors)
    finally:
        process.kill()
        process.communicate(timeout=STOPPED_S_MAX)


def _address(process: subprocess.Popen[str], errors: Path) -> str:
    said: list[str] = []
    reader = Thread(target=_read_line, args=(process, said), daemon=True)
    reader.start()
    reader.join(READY_S_MAX)
    urls = [word for line in said for word in line.split() if word.startswith("http://")]
    assert urls, f"it did not come up: {errors.read_text('utf-8')}"
    return urls[0]


def _read_line(process: subprocess.Popen[str], said: list[str]) -> None:
    assert process.stdout is not None, "opened with a pipe"
    said.append(process.stdout.readline())
    said.append(process.stdout.readline())
