"""Each import contract is seen to fail on a planted import, under its own name.

All imports are planted in one tree, and told apart by what the report says of each contract.
"""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture import sample
from tests.architecture.source import read

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
WIDE = {"COLUMNS": "200"}  # import-linter breaks its lines at the width of the terminal.


@dataclass(frozen=True, slots=True)
class Fault:
    """What is planted at the end of a file, and what the report says of the contract then."""

    contract: str
    path: str
    planted: str
    expected: str

    def __str__(self) -> str:
        return f"{self.contract}: {self.expected}"


FAULTS = (
    Fault(
        "service-rooms",
        "services/survey/domain.py",
        "import services.survey.views",
        "services.survey.domain -> services.survey.views",
    ),
    Fault(
        "service-rooms",
        "services/survey/policy.py",
        "import services.survey.views",
        "services.survey.policy -> services.survey.views",
    ),
    Fault(
        "service-rooms",
        "services/survey/application.py",
        "import services.survey.api",
        "services.survey.application -> services.survey.api",
    ),
    Fault(
        "service-rooms",
        "services/survey/api.py",
        "import services.survey.pages",
        "services.survey.api -> services.survey.pages",
    ),
    Fault("service-rooms", "services/survey/utils.py", sample.SENTENCE, "services.survey.utils"),
    Fault(
        "services-independent",
        "services/ranking/views.py",
        "import services.survey.views",
        "services.ranking.views -> services.survey.views",
    ),
    Fault(
        "services-independent",
        "services/ranking/main.py",
        "import services.cli",
        "services.ranking.main -> services.cli",
    ),
    Fault("services-independent", "services/utils.py", sample.SENTENCE, "services.utils"),
    Fault(
        "services-by-main",
        "services/cli/__init__.py",
        "import services.survey.domain",
        "services.cli -> services.survey.domain",
    ),
    Fault(
        "shared-rooms",
        "shared/kernel/points.py",
        "import shared.events",
        "shared.kernel.points -> shared.events",
    ),
    Fault(
        "shared-rooms",
        "shared/runtime/relay.py",
        "import shared.adapters.sqlite",
        "shared.runtime.relay -> shared.adapters.sqlite",
    ),
    Fault("shared-rooms", "shared/utils.py", sample.SENTENCE, "shared.utils"),
    Fault(
        "shared-knows-no-service",
        "shared/runtime/react.py",
        "import services.survey.policy",
        "shared.runtime.react -> services.survey.policy",
    ),
    Fault(
        "verify-is-offline",
        "shared/verify.py",
        "import shared.ports",
        "shared.verify -> shared.ports",
    ),
    Fault(
        "pure-rooms-know-pure-rooms",
        "services/ranking/domain.py",
        "import shared.ports",
        "services.ranking.domain -> shared.ports",
    ),
    Fault(
        "pure-rooms-touch-nothing",
        "services/appraisal/policy.py",
        "import asyncio",
        "services.appraisal.policy -> asyncio",
    ),
    Fault(
        "pure-rooms-touch-nothing",
        "shared/ledger/__init__.py",
        "from time import sleep",
        "shared.ledger -> time",
    ),
    Fault(
        "application-knows-ports",
        "services/appraisal/application.py",
        "import fastapi",
        "services.appraisal.application -> fastapi",
    ),
    Fault(
        "main-wires",
        "services/submission/api.py",
        "import shared.adapters.sqlite, shared.adapters.web",
        "services.submission.api -> shared.adapters.sqlite",
    ),
    Fault(
        "no-cycles", "shared/kernel/first.py", "import shared.kernel.second", ".second -> .first"
    ),
    Fault(
        "no-cycles", "shared/kernel/second.py", "import shared.kernel.first", ".second -> .first"
    ),
    Fault("door-aiokafka", "shared/runtime/relay.py", "import aiokafka", "relay -> aiokafka"),
    Fault("door-cryptography", "shared/count/keys.py", "import cryptography", "-> cryptography"),
    Fault(
        "door-eventsourcing", "services/survey/main.py", "import eventsourcing", "-> eventsourcing"
    ),
    Fault("door-fastapi", "shared/ports.py", "import fastapi", "shared.ports -> fastapi"),
    Fault("door-fastapi", "shared/ports.py", "import starlette", "shared.ports -> starlette"),
    Fault("door-httpx", "services/survey/main.py", "import httpx", "main -> httpx"),
    Fault("door-jinja", "services/survey/api.py", "import jinja2", "services.survey.api -> jinja2"),
    Fault(
        "door-jwt", "shared/adapters/web/__init__.py", "import jwt", "shared.adapters.web -> jwt"
    ),
    Fault(
        "door-motor",
        "shared/adapters/mongo/database.py",
        "import motor",
        "shared.adapters.mongo.database -> motor",
    ),
    Fault(
        "door-msgspec", "services/survey/api.py", "import msgspec", "services.survey.api -> msgspec"
    ),
    Fault("door-numpy", "shared/count/keys.py", "import numpy", "shared.count.keys -> numpy"),
    Fault("door-opentelemetry", "shared/runtime/relay.py", "import opentelemetry", "relay -> open"),
    Fault("door-openpyxl", "services/survey/api.py", "import openpyxl", "api -> openpyxl"),
    Fault("door-puremagic", "services/survey/api.py", "import puremagic", "api -> puremagic"),
    Fault("door-pymongo", "services/survey/main.py", "import pymongo", "main -> pymongo"),
    Fault(
        "door-psycopg",
        "shared/adapters/files.py",
        "import psycopg_pool",
        "shared.adapters.files -> psycopg_pool",
    ),
    Fault("door-rich", "shared/runtime/relay.py", "import rich", "shared.runtime.relay -> rich"),
    Fault("door-segno", "services/survey/main.py", "import segno", "main -> segno"),
    Fault(
        "door-sqlite",
        "shared/adapters/files.py",
        "import sqlite3",
        "shared.adapters.files -> sqlite3",
    ),
    Fault(
        "door-uvicorn",
        "services/survey/main.py",
        "import uvicorn",
        "services.survey.main -> uvicorn",
    ),
    Fault("door-yaml", "services/cli/schemes.py", "import yaml", "services.cli.schemes -> yaml"),
)


def lint(root: Path) -> str:
    finished = subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"],
        cwd=root,
        env={**os.environ, **WIDE},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return finished.stdout + finished.stderr


@pytest.fixture(scope="module")
def contracts() -> Mapping[str, str]:
    """The name of each contract by its id."""
    configuration = read(sample.PROJECT).pyproject["tool"]["importlinter"]
    return {contract["id"]: contract["name"] for contract in configuration["contracts"]}


@pytest.fixture(scope="module")
def report(
    contracts: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """What import-linter says of a tree with all the faults, by the id of the broken contract."""
    root = tmp_path_factory.mktemp("faulty")
    sample.write(sample.planted(*((fault.path, f"{fault.planted}\n") for fault in FAULTS)), root)
    ids = {name: contract for contract, name in contracts.items()}
    return {ids[name]: section for name, section in _sections(lint(root))}


def test_a_tree_without_faults_keeps_every_contract(
    contracts: Mapping[str, str], tmp_path: Path
) -> None:
    sample.write(sample.planted(), tmp_path)

    report = lint(tmp_path)

    assert f"Contracts: {len(contracts)} kept, 0 broken." in report


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_import_is_found(fault: Fault, report: Mapping[str, str]) -> None:
    assert fault.expected in report.get(fault.contract, "")


def test_every_contract_has_a_planted_import(contracts: Mapping[str, str]) -> None:
    assert {fault.contract for fault in FAULTS} == set(contracts)


def test_the_api_may_use_the_http_door(report: Mapping[str, str]) -> None:
    assert "services.submission.api -> shared.adapters.web" not in report["main-wires"]


def _sections(report: str) -> Iterator[tuple[str, str]]:
    """The broken contracts of a report: each name is a line, underlined from end to end."""
    lines = report.partition("Broken contracts\n")[2].splitlines()
    starts = [
        number
        for number, (line, underline) in enumerate(itertools.pairwise(lines))
        if line and underline == "-" * len(line)
    ]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start], "\n".join(lines[start + 2 : end])
