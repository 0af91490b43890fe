"""A process of a service by its command."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from threading import Timer

from tests.support.running import PROJECT

ENDED_S_MAX = 60

Settings = Mapping[str, str]


def run(service: str, role: str, settings: Settings) -> subprocess.CompletedProcess[str]:
    """Run a process that comes to an end by itself; warnings are errors."""
    return subprocess.run(
        _command(service, role),
        cwd=PROJECT,
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=ENDED_S_MAX,
        check=False,
    )


def first_lines(service: str, role: str, settings: Settings, *, until: str) -> Sequence[str]:
    """What a process says up to a line with these words, at which it is killed."""
    with subprocess.Popen(
        _command(service, role),
        cwd=PROJECT,
        env=_environment(settings),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        ending = Timer(ENDED_S_MAX, process.kill)
        ending.start()
        try:
            assert process.stderr is not None
            said: list[str] = []
            while (line := process.stderr.readline()) and until not in line:
                said.append(line)
            return [*said, line]
        finally:
            ending.cancel()
            process.kill()


def _command(service: str, role: str) -> Sequence[str]:
    return [sys.executable, "-W", "error", "-m", f"services.{service}", role]


def _environment(settings: Settings) -> Settings:
    inherited = {name: value for name, value in os.environ.items() if "CCHC" not in name}
    return {**inherited, **settings}
