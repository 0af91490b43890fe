"""What is said of security names the tests that hold its claims: they are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCUMENTS = ("services/survey/THREATS.md", "SECURITY.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
NAMED_MIN = 20


def _missing(text: str) -> Iterator[str]:
    """What is named and not there: a file, or a test in it."""
    for path, test in NAMED.findall(text):
        file = PROJECT / path
        if not file.is_file():
            yield path
        elif test and test not in _tests_in(file):
            yield f"{path}::{test}"


def _tests_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(each.name for each in tree.body if isinstance(each, functions))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document: str) -> None:
    text = (PROJECT / document).read_text("utf-8")

    assert len(NAMED.findall(text)) >= NAMED_MIN
    assert not [*_missing(text)]


def test_a_test_or_a_file_that_does_not_exist_is_found() -> None:
    here = "tests/architecture/test_threats.py"
    named = [f"{here}::test_that_nobody_wrote", "tests/linking/test_nothing.py"]

    found = [*_missing(f"Held by `{here}`, `{named[0]}` and `{named[1]}`.")]

    assert found == named


@pytest.mark.parametrize("document", DOCUMENTS)
def test_whoever_reads_the_readme_finds_what_is_said_of_security(document: str) -> None:
    assert f"({document})" in (PROJECT / "README.md").read_text("utf-8")
