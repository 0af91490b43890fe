"""The verifier on machines that write texts in other ways."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.verify import HOLDS
from tests.support.bundled import published_bundle


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_what_it_says_can_be_kept_in_a_file_anywhere(tmp_path: Path, encoding: str) -> None:
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(asyncio.run(published_bundle()).content)

    ran = subprocess.run(
        (sys.executable, "-m", "shared.verify", str(bundle)),
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (ran.returncode, ran.stderr) == (HOLDS, b"")
    assert "công bố" in ran.stdout.decode("utf-8")
