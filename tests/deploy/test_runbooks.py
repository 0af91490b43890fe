"""What runbooks of losses have people type exists, and the tests that they name hold it."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import cli
from shared.adapters.deployed.roles import ROLES
from tests.architecture.test_threats import _missing

PROJECT = Path(__file__).parents[2]
RUNBOOKS = PROJECT / "deploy" / "runbooks"
LOSSES = ("lost-kafka.md", "lost-mongodb.md", "lost-ledger.md", "restore.md")
TYPED = re.compile(r"python -m services((?:\.\w+)? [^`#\n(;]+?)(?=\s*(?:`|#|\(|;|$))", re.MULTILINE)


def typed(runbook: str) -> Iterator[list[str]]:
    """The commands of a runbook, each with its arguments."""
    text = (RUNBOOKS / runbook).read_text("utf-8").replace("\\\n", " ")
    for command in TYPED.findall(text):
        yield shlex.split(f"services{command}")


def refused(words: list[str]) -> bool:
    """Whether no command of ours takes these arguments."""
    program, *given = words
    service = program.partition(".")[2]
    if service:
        return [*given] not in [[role] for role in ROLES]
    try:
        cli.parser_for(given, {}).parse_args(given)
    except (SystemExit, argparse.ArgumentError):
        return True
    return False


@pytest.mark.parametrize("runbook", LOSSES)
def test_a_runbook_names_commands_that_exist_in_numbered_steps(runbook: str) -> None:
    text = (RUNBOOKS / runbook).read_text("utf-8")
    commands = list(typed(runbook))
    steps = re.findall(r"^(\d+)\. ", text, re.MULTILINE)

    assert "**Tóm tắt.**" in text
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert len(commands) >= 4
    assert [words for words in commands if refused(words)] == []


@pytest.mark.parametrize("runbook", LOSSES)
def test_the_tests_that_a_runbook_names_exist(runbook: str) -> None:
    text = (RUNBOOKS / runbook).read_text("utf-8")

    assert "`tests/real/" in text
    assert not [*_missing(text)]


@pytest.mark.parametrize(
    "words", ["services restores", "services refill --form x", "services.survey up"]
)
def test_a_command_that_does_not_exist_is_found(words: str) -> None:
    assert refused(words.split())
