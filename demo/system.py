"""The system as a process of its own: started on a data directory, and ended gently."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

START_S_MAX = 30.0
STOP_S_MAX = 20.0
POLL_S = 0.1


class NotStarted(Exception):
    """The system did not come up; its own words are in the log that is named."""


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(data: Path, log: Path) -> Iterator[str]:
    """Run the system in trial mode on a data directory; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "services", "up", "--data", str(data), "--port", str(port)]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as written:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdout=written, stderr=written, env=dict(os.environ)
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(process, address, log)
            yield address
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"it ended with {process.returncode}; see {log}")
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(POLL_S)
    raise NotStarted(f"it was not ready within {START_S_MAX:.0f} s; see {log}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
