"""The second verifier, in JavaScript: where Node is, and what it says of many bundles at once.

It needs Node 20 or newer and nothing else. Where there is none, the test is skipped with the
reason; in CI it fails.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.node import node

FOLDER = Path(__file__).parents[1] / "verifier"
PROGRAM = FOLDER / "verify.mjs"
ANSWER_S_MAX = 120.0

Verdict = Mapping[str, Any]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Let the second verifier run with arguments."""
    return subprocess.run(
        [node(), str(PROGRAM), *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=ANSWER_S_MAX,
        check=False,
    )


def evaluated(script: str) -> Any:  # noqa: ANN401 - whatever the script says
    """What a script says that imports modules of the second verifier, as JSON."""
    answer = subprocess.run(
        [node(), "--input-type=module", "--eval", script],
        capture_output=True,
        cwd=FOLDER,
        encoding="utf-8",
        timeout=ANSWER_S_MAX,
        check=True,
    )
    return json.loads(answer.stdout)


def verdicts(folders: Iterable[Path]) -> Sequence[Verdict]:
    """What it says of the bundles that `tests.support.damaged.write` has written into folders."""
    answer = run("--json", *(word for folder in folders for word in _arguments(folder)))
    assert answer.stderr == ""
    # A line may have other ends of lines in its texts, U+2028 for one.
    return [json.loads(line) for line in answer.stdout.split("\n")[:-1]]


def expected(folder: Path) -> Mapping[str, Any]:
    """What was written beside a bundle: its name, what is given, the verdict of our verifier."""
    written: Mapping[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    return written


def _arguments(folder: Path) -> Iterable[str]:
    given = expected(folder)
    yield str(folder / "bundle.zip")
    yield from (f"--checkpoint={folder / name}" for name in given["checkpoints"])
    yield from (f"--key={key}" for key in given["keys"])
