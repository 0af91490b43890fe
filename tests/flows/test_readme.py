"""The README's tour is typed in, line by line, and says what the README says."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.running import PROJECT, running

TOUR = re.compile(r"```console\n(.*?)```", re.DOTALL)
SAID_AT = "http://127.0.0.1:8400"
MARK = "--- next command ---"
TOUR_S_MAX = 900


@dataclass(frozen=True)
class Step:
    """A command, and what the README says that it prints."""

    command: str
    printed: str


def _steps(readme: str) -> Iterator[Step]:
    for block in TOUR.findall(readme):
        for part in ("\n" + block).split("\n$ ")[1:]:
            command, _, printed = part.partition("\n")
            yield Step(command, printed.strip())


def _typed(steps: Sequence[Step], url: str, data: Path) -> Sequence[str]:
    """What each command printed, in one shell."""
    lines = ["set -eu"]
    for step in steps:
        lines += [step.command.replace(SAID_AT, url), f"echo; echo '{MARK}'"]
    environment = {**os.environ, "CCHC_DATA": str(data)}
    ended = subprocess.run(
        ["/bin/bash", "-c", "\n".join(lines)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TOUR_S_MAX,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return [printed.strip() for printed in ended.stdout.split(MARK)[:-1]]


def test_the_tour_prints_what_the_readme_says(tmp_path: Path) -> None:
    steps = list(_steps((PROJECT / "README.md").read_text(encoding="utf-8")))

    with running(tmp_path / "data") as system:
        printed = _typed(steps, system.url.rstrip("/"), tmp_path / "data")

    assert len(steps) > 10
    assert printed == [step.printed for step in steps]
