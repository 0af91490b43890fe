"""`make sbom` writes what the system is made of: whole, by the standard, and always the same."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bills")]

PROJECT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^ ;\\]+)", re.MULTILINE)
RECIPE = re.compile(r"^sbom = (.+?)(?<!\\)$", re.MULTILINE | re.DOTALL)


def options() -> list[str]:
    """What the Makefile gives the tool, so that this test looks at what people get."""
    found = RECIPE.search((PROJECT / "Makefile").read_text("utf-8"))
    assert found, "the Makefile says how"
    _, _, given = found[1].replace("\\\n", " ").partition("cyclonedx_py requirements")
    return [each for each in given.split() if not each.startswith("$")]


def written(lock: str, folder: Path) -> bytes:
    """The bill of materials of a lock, written anew."""
    file = folder / f"{lock}.json"
    command = (sys.executable, "-m", "cyclonedx_py", "requirements")
    arguments = (*options(), f"--output-file={file}", lock)
    subprocess.run((*command, *arguments), cwd=PROJECT, check=True, capture_output=True)
    return file.read_bytes()


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The bill of each lock."""
    return {lock: written(lock, tmp_path_factory.mktemp("sbom")) for lock in LOCKS}


@pytest.mark.parametrize("lock", LOCKS)
def test_it_names_every_package_that_is_pinned_with_its_version(
    lock: str, bills: Mapping[str, bytes]
) -> None:
    bill = json.loads(bills[lock])

    pinned = set(PINNED.findall((PROJECT / lock).read_text("utf-8")))
    assert len(pinned) > 40
    assert {(each["name"], each["version"]) for each in bill["components"]} == pinned


def test_it_is_cyclonedx_and_the_same_each_time(bills: Mapping[str, bytes], tmp_path: Path) -> None:
    first, second = bills[LOCKS[0]], written(LOCKS[0], tmp_path)

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(first.decode()) is None
    assert validator.validate_str('{"bomFormat": "CycloneDX", "parts": []}') is not None
    assert first == second
