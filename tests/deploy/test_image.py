"""The image of a service has that service and `shared`, and this is enough to run it.

Which files it has is read from the Dockerfile; test_built.py looks into images that were built.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.image_file import DOCKERFILE, PROJECT, copy_code, told

SERVICES = ("submission", "appraisal", "survey", "ranking")
IMPORTED = """
import runpy, sys
try:
    runpy.run_module("services.{service}", run_name="__main__", alter_sys=True)
except SystemExit as ended:
    assert not ended.code
files = {{getattr(module, "__file__", None) or "" for module in sys.modules.values()}}
print("\\n".join(sorted(files)), file=sys.stderr)
"""


@pytest.mark.parametrize("service", SERVICES)
def test_it_has_one_service_and_shared(service: str, tmp_path: Path) -> None:
    copy_code(service, tmp_path)

    assert {each.name for each in tmp_path.iterdir()} == {"services", "shared"}
    assert {each.name for each in (tmp_path / "services").iterdir()} == {"__init__.py", service}
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_it_runs_from_an_empty_folder_and_takes_nothing_from_elsewhere(
    service: str, tmp_path: Path
) -> None:
    copy_code(service, tmp_path)
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}

    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED.format(service=service), "--help"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )

    assert ended.stdout.startswith(f"usage: python -m services.{service}")
    imported = {Path(each) for each in ended.stderr.splitlines()}
    assert tmp_path / "services" / service / "main.py" in imported
    assert not [each for each in imported if each.is_relative_to(PROJECT / "services")]
    assert not [each for each in imported if each.is_relative_to(PROJECT / "shared")]


def test_that_of_operations_has_the_command_line_and_all_services(tmp_path: Path) -> None:
    copy_code("", tmp_path)

    ended = subprocess.run(
        [sys.executable, "-m", "services", "drill", "--help"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )

    assert ended.stdout.startswith("usage: python -m services drill")
    assert {*SERVICES, "cli"} <= {each.name for each in (tmp_path / "services").iterdir()}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shared/kernel/points.py", True),
        ("services/survey/pages/static/form.css", True),
        ("requirements.lock", True),
        ("deploy/image/wheels/a-1.0-py3-none-any.whl", True),
        ("services/cli/up.py", True),
        ("services/__main__.py", True),
        ("shared/kernel/__pycache__/points.cpython-311.pyc", False),
        ("tests/conftest.py", False),
        ("demo/world.py", False),
        ("real/system.py", False),
        ("var/real/trial/trial-issuer.pem", False),
        (".git/config", False),
        (".venv/pyvenv.cfg", False),
    ],
)
def test_a_build_is_told_of_nothing_else(path: str, *, expected: bool) -> None:
    assert told(path) == expected


def test_it_is_made_of_what_is_locked_without_a_network_and_runs_as_nobody_in_particular() -> None:
    text = DOCKERFILE.read_text("utf-8")
    last = text.rpartition("\nFROM ")[2]

    for option in ("--no-index", "--require-hashes", "--only-binary=:all:"):
        assert option in text
    assert "\nUSER 10001:10001\n" in last
    assert "\nRUN " not in last
    assert all("--from=" in line for line in last.splitlines() if line.startswith("COPY"))
