"""Which version ran before is told by the history, in a few repositories of a few commits."""

import subprocess
from pathlib import Path

import pytest

from tests.support.former import FORMER, SHARED, former_version, unpack

NOBODY = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FORMER, raising=False)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, SHARED[1], "1")
    return tmp_path


def git(clone: Path, *arguments: str) -> str:
    command = ("git", "-C", str(clone), *NOBODY, *arguments)
    ended = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60)
    return ended.stdout.strip()


def commit(clone: Path, name: str, content: str) -> str:
    path = clone / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", f"--message={name}")
    return git(clone, "rev-parse", "HEAD")


def test_it_is_the_one_before_the_last_change_of_what_is_shared(clone: Path) -> None:
    before = commit(clone, "services/any.py", "1")
    commit(clone, f"{SHARED[0]}/any.json", "{}")
    commit(clone, "services/any.py", "2")

    assert former_version(clone) == before


def test_a_branch_is_one_step_however_many_commits_it_has(clone: Path) -> None:
    before = commit(clone, "services/any.py", "1")
    git(clone, "switch", "--quiet", "--create=branch")
    commit(clone, SHARED[1], "2")
    commit(clone, SHARED[1], "3")
    git(clone, "switch", "--quiet", "main")
    git(clone, "merge", "--quiet", "--no-ff", "--no-edit", "branch")

    assert former_version(clone) == before


def test_a_change_that_is_not_committed_has_the_last_commit_before_it(clone: Path) -> None:
    before = commit(clone, "services/any.py", "1")
    (clone / SHARED[1]).write_text("2", "utf-8")

    assert former_version(clone) == before


def test_one_that_is_named_is_taken(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = git(clone, "rev-parse", "HEAD")
    commit(clone, "services/any.py", "1")
    monkeypatch.setenv(FORMER, "HEAD~1")

    assert former_version(clone) == first


def test_without_a_history_it_is_said_that_there_is_none(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    copy = tmp_path / "copy"
    copy.mkdir()

    with pytest.raises(pytest.skip.Exception, match="no history here"):
        former_version(copy)
    with pytest.raises(pytest.skip.Exception, match="fetch all of it"):
        former_version(clone)


def test_its_code_is_what_was_committed(clone: Path, tmp_path: Path) -> None:
    before = commit(clone, "services/any.py", "1")
    commit(clone, "services/any.py", "2")

    code = unpack(before, tmp_path / "code", ["services"], clone)

    assert (code / "services" / "any.py").read_text("utf-8") == "1"
