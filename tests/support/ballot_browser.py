"""The respondent's module ballot.js, run by Node in place of a browser, beside a library of others.

Node takes a module from a file that ends with .mjs; browsers do not mind.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.node import node, not_had

PROJECT = Path(__file__).parents[2]
CLIENT = PROJECT / "services" / "survey" / "pages" / "static" / "ballot.js"
FOLDER = PROJECT / "tests" / "ballots"
WANTED = ("package.json", "package-lock.json")
HOME = PROJECT / "var" / "ballots"
ENTRY = Path("node_modules", "@cloudflare", "blindrsa-ts", "lib", "src", "index.js")
INSTALL_S_MAX = 120.0
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
    """The entry of a blind signature of others, installed when it is first asked for.

    Where npm or its registry cannot be had, the test is skipped, or fails in CI.
    """
    lock = (FOLDER / "package-lock.json").read_bytes()
    home = HOME / hashlib.sha256(lock).hexdigest()[:16]
    if not home.exists():
        _install(home)
    return home / ENTRY


def _install(home: Path) -> None:
    """Install aside; the folder gets its name when it is whole, from whoever is first."""
    npm = shutil.which("npm")
    if npm is None:
        not_had("no npm, which installs the blind signature that ours is held against")
    HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        aside = Path(folder) / "new"
        aside.mkdir()
        for name in WANTED:
            shutil.copy(FOLDER / name, aside)
        said = _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], aside)
        if said:
            not_had(f"npm has no blind signature to hold ours against: {said[-300:]}")
        try:
            aside.rename(home)
        except OSError:
            if not home.exists():
                raise  # Else somebody else was first, and has installed the same.


def _run(command: list[str], folder: Path) -> str:
    """What went wrong, in its own words; nothing where nothing did."""
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S_MAX, check=False
        )
    except subprocess.TimeoutExpired as error:
        return str(error)
    return ended.stderr or f"exit code {ended.returncode}" if ended.returncode else ""
