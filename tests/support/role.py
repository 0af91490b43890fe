"""A process of a service by its command, run to its end."""

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.support.running import PROJECT

ENDED_S_MAX = 60

Settings = Mapping[str, str]


def run(service: str, role: str, settings: Settings) -> subprocess.CompletedProcess[str]:
    """Run a process that comes to an end by itself; warnings are errors."""
    environment = {name: value for name, value in os.environ.items() if "CCHC" not in name}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", f"services.{service}", role],
        cwd=PROJECT,
        env={**environment, **settings},
        capture_output=True,
        text=True,
        timeout=ENDED_S_MAX,
        check=False,
    )
