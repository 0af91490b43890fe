"""The respondent's module ballot.js, run by Node in place of a browser, beside a library of others.

Node takes a module from a file that ends with .mjs; browsers do not mind.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import npm
from tests.support.node import node

PROJECT = Path(__file__).parents[2]
CLIENT = PROJECT / "services" / "survey" / "pages" / "static" / "ballot.js"
FOLDER = PROJECT / "tests" / "ballots"
ENTRY = Path("@cloudflare", "blindrsa-ts", "lib", "src", "index.js")
END_S_MAX = 10.0


class BallotError(Exception):
    """What ballot.js threw: a code, and the status of the answer that it came with."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Browser:
    """A process of Node with ballot.js in it."""

    process: subprocess.Popen[str]

    def call(self, name: str, *given: object) -> Any:  # noqa: ANN401 - whatever JSON says
        """The value of a function of `driver.mjs`; raises `BallotError`."""
        assert self.process.stdin is not None, "opened with pipes"
        assert self.process.stdout is not None, "opened with pipes"
        self.process.stdin.write(json.dumps({"call": name, "given": given}) + "\n")
        self.process.stdin.flush()
        answer: Mapping[str, Any] = json.loads(self.process.stdout.readline())
        if "code" in answer:
            raise BallotError(answer["code"], answer["status"])
        return answer.get("value")


@contextmanager
def browser(others: Path | None = None) -> Iterator[Browser]:
    """A browser, which ends with the context; `others` is the entry of the library of others."""
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "ballot.mjs"
        shutil.copy(CLIENT, module)
        process = subprocess.Popen(
            [node(), str(FOLDER / "driver.mjs"), str(module), str(others or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            yield Browser(process)
        finally:
            process.communicate(timeout=END_S_MAX)


def library_of_others() -> Path:
    """The entry of a blind signature of others, installed when it is first asked for."""
    return npm.installed(FOLDER) / ENTRY
