"""Node, which runs what is written in JavaScript.

Without it such tests are skipped with the reason; in CI they fail.
"""

import os
import shutil
import subprocess
from typing import NoReturn

import pytest

NODE_VERSION_MIN = 20


def node() -> str:
    """The path of Node; without one the test is skipped, or fails in CI."""
    found = shutil.which("node")
    version = _version_of(found) if found else 0
    if found is None or version < NODE_VERSION_MIN:
        not_had(f"no Node {NODE_VERSION_MIN} or newer")
    return found


def not_had(reason: str) -> NoReturn:
    """Skip the test with the reason, or fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _version_of(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, encoding="utf-8", check=True)
    return int(said.stdout.removeprefix("v").split(".")[0])
