"""The version before the last change of what versions share: of a fact, a view or a table.

It is found in the history along the main line, where a branch that was merged is one step: the last
commit that changed one of `SHARED` against its first parent has the change, and that parent is the
former version. A change that is not committed yet has it in the commit before. Whoever is about to
upgrade names the commit that runs (`FORMER=COMMIT`), and gets that one.
"""

import io
import os
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from real.processes import PROJECT
from tests.support.node import not_had

FORMER = "FORMER"
SHARED = ("tests/golden/facts", "tests/golden/stored.json")
"""The bytes of every version of each fact, and the names of views and tables."""
CODE = ("services", "shared")
"""All that runs, beside what it imports."""
GIT_S_MAX = 120.0


def former_version(project: Path = PROJECT) -> str:
    """The commit of the former version.

    Without a history the test is skipped; in CI it fails where the history was cut off.
    """
    named = os.environ.get(FORMER)
    if named:
        return _git(project, "rev-parse", "--verify", f"{named}^{{commit}}").strip()
    if not (project / ".git").exists():
        pytest.skip("no history here: this is no clone, but a copy of one version")
    if _git(project, "status", "--porcelain", "--", *SHARED).strip():
        return _git(project, "rev-parse", "HEAD").strip()
    changed = _git(
        project, *("log", "-1", "-m", "--first-parent", "--format=%H", "--", *SHARED)
    ).strip()
    try:
        return _git(project, "rev-parse", "--verify", "--quiet", f"{changed}^1").strip()
    except subprocess.CalledProcessError:
        not_had("the history ends at the last change of a fact, a view or a table: fetch all of it")


def unpack(commit: str, folder: Path, parts: Sequence[str] = CODE, project: Path = PROJECT) -> Path:
    """The code of a commit, in a folder of its own."""
    command = ("git", "-C", str(project), "archive", "--format=tar", commit, *parts)
    packed = subprocess.run(command, check=True, capture_output=True, timeout=GIT_S_MAX).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _git(project: Path, *arguments: str) -> str:
    command = ("git", "-C", str(project), *arguments)
    return subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", timeout=GIT_S_MAX
    ).stdout
