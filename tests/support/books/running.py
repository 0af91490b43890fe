"""A runbook run as a whole, by bash, in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from real.processes import PROJECT, SETTINGS_PREFIX
from tests.support.books import standin
from tests.support.books.blocks import Runbook

RUN_S_MAX = 300.0
BASH = shutil.which("bash") or "bash"


@dataclass(frozen=True, slots=True)
class Call:
    """How a stand-in was called: every word, and what came by its standard input."""

    argv: Sequence[str]
    fed: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a runbook."""

    status: int
    said: str
    calls: Sequence[Call]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where runbooks are run: variables and files that they take, and what is not here.

    `missing` are the first words of calls for which a stand-in does nothing but note them;
    `secrets` are the addresses that kubectl tells, by the name of the secret; `pods` are processes
    that run here, each with its `host:port`; `commands` what a Job is made of that a runbook
    starts, by the name of its CronJob; `logs` what Jobs say, by how their names begin, and `ended`
    how those end that are not complete; `jobs` are those that are there already. `inside` is what
    there is in the environment of a pod in which something is run.
    """

    folder: Path
    variables: Mapping[str, str]
    missing: Sequence[str]
    secrets: Mapping[str, str]
    pods: Mapping[str, str]
    commands: Mapping[str, Any]
    logs: Mapping[str, str] = field(default_factory=dict)
    ended: Mapping[str, str] = field(default_factory=dict)
    jobs: Sequence[Mapping[str, Any]] = ()
    inside: Mapping[str, str] = field(default_factory=dict)

    def run(self, runbook: Runbook) -> Ran:
        """Run all blocks in one shell; nothing of ours is inherited but the path."""
        folder = self.folder / runbook.name
        folder.mkdir()
        for each in (PROJECT / "deploy", PROJECT / "schemes", *self.folder.glob("files/*")):
            (folder / each.name).symlink_to(each)
        calls, told = folder.with_suffix(".calls"), folder.with_suffix(".told")
        rows = [row.split() for row in self.missing]
        known = {
            name: getattr(self, name)
            for name in ("secrets", "pods", "commands", "logs", "ended", "jobs", "inside")
        }
        kept = {"calls": str(calls), "made": str(self.folder / "made.jobs")}
        told.write_text(json.dumps({"missing": rows, **kept, **known}))
        inherited = {n: v for n, v in os.environ.items() if not n.startswith(SETTINGS_PREFIX)}
        path = os.pathsep.join(
            (str(self._stand_ins()), str(Path(sys.executable).parent), os.environ["PATH"])
        )
        ended = subprocess.run(
            [BASH],
            input=runbook.script,
            cwd=folder,
            env={
                **inherited,
                **self.variables,
                "PATH": path,
                "PYTHONPATH": str(PROJECT),
                standin.BOOKS: str(told),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=RUN_S_MAX,
            check=False,
        )
        noted = calls.read_text("utf-8").splitlines() if calls.exists() else []
        return Ran(ended.returncode, ended.stdout, [Call(**json.loads(each)) for each in noted])

    def _stand_ins(self) -> Path:
        """One program under the name of each that is not here."""
        folder = self.folder / "stand-ins"
        if not folder.exists():
            folder.mkdir()
            program = folder / ".program"
            program.write_text(f"#!{sys.executable}\n{Path(standin.__file__).read_text('utf-8')}")
            program.chmod(0o755)
            for name in {row.split()[0] for row in self.missing}:
                (folder / name).symlink_to(program)
        return folder
