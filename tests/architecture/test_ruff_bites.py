"""The rules that ruff keeps for this project are seen to fail on planted faults, by their code."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture import sample

# (code, file, what is planted in it).
FAULTS = (
    ("TID252", "services/survey/policy.py", "from .domain import Survey"),
    ("TID251", "services/survey/application.py", "import datetime\nNOW = datetime.datetime.now()"),
    ("TID251", "shared/runtime/relay.py", "import time\nNOW = time.time()"),
    ("TID251", "shared/kernel/points.py", "import random"),
    ("TID251", "services/survey/api.py", "from fastapi import BackgroundTasks"),
    ("TID251", "tests/unit/test_survey.py", "from unittest import mock"),
    ("C901", "services/survey/domain.py", "def decide(n: int) -> None:\n" + "    if n: ...\n" * 8),
    ("PLR0913", "shared/ledger/proof.py", "def prove(a, b, c, d, e, f, g): ..."),
    ("PLR0912", "shared/ledger/numbering.py", "def number(n):\n" + "    if n: ...\n" * 11),
    ("PLR0915", "shared/ledger/merkle.py", "def fold():\n" + "    print()\n" * 41),
    ("E501", "services/survey/views.py", "#" + " long" * 20),
    ("BLE001", "services/survey/main.py", "try:\n    run()\nexcept Exception:\n    pass"),
    ("D100", "shared/kernel/rules.py", "LIMIT = 3"),
    ("FBT001", "services/ranking/domain.py", "def publish(final: bool) -> None: ..."),
    ("PLR2004", "services/ranking/policy.py", "def react(n: int) -> bool:\n    return n > 42"),
    ("S301", "shared/adapters/unpickled.py", "import pickle\nSTATE = pickle.loads(b'')"),
    ("S602", "shared/adapters/shell.py", "import subprocess\nsubprocess.run('ls', shell=True)"),
    (
        "S608",
        "shared/adapters/rows.py",
        "NAME = input()\nSQL = f'select {NAME} from t'",
    ),
    ("RUF100", "services/ranking/views.py", "import typing  # noqa: E711"),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """The codes that ruff reports for each file of a tree with all the faults."""
    root = tmp_path_factory.mktemp("faulty")
    sample.write(sample.planted(*((path, f"{planted}\n") for _, path, planted in FAULTS)), root)
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=json"]
    report = subprocess.run(ruff, cwd=root, capture_output=True, timeout=60, check=False).stdout
    codes: dict[str, set[str]] = {}
    for violation in json.loads(report):
        path = Path(violation["filename"]).relative_to(root.resolve()).as_posix()
        codes.setdefault(path, set()).add(violation["code"])
    return codes


@pytest.mark.parametrize(("code", "path"), [(code, path) for code, path, _ in FAULTS])
def test_a_planted_fault_is_found(code: str, path: str, found: Mapping[str, set[str]]) -> None:
    assert code in found.get(path, set())


def test_a_tree_without_faults_passes(tmp_path: Path) -> None:
    sample.write(sample.planted(), tmp_path)

    # The sample imports what it does not use, so that each library goes through its door.
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--ignore=F401,I001,ICN001"]
    finished = subprocess.run(ruff, cwd=tmp_path, capture_output=True, timeout=60, check=False)

    assert finished.returncode == 0, finished.stdout.decode()
