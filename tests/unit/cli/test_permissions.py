"""`permissions` prints the table that decides, whole and in both languages."""

import json
from typing import Any

import pytest

from services import cli
from shared.adapters.messages import MESSAGES
from shared.kernel.authority import PERMISSIONS


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert cli.main(["permissions", *options], {}) == 0
    return capsys.readouterr().out


def test_every_action_and_what_it_hangs_on_is_said_in_both_languages() -> None:
    hanging = ("all", "own", "others", "never", "assigned", "person", "second-person")

    assert [code for code in (*PERMISSIONS, *hanging) if f"may-{code}" not in MESSAGES] == []


def test_the_table_has_a_line_for_each_action_and_says_what_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = printed(capsys).splitlines()

    begins = [line.partition(" ")[0] for line in lines]
    assert [word for word in begins if word in PERMISSIONS] == [*PERMISSIONS]
    assert lines[0] == "Ai được làm gì · Who may do what"
    at = next(n for n, line in enumerate(lines) if line.startswith("decide-score "))
    cells = ["-", "others", "-", "-", "-", "-", "assigned,", "person"]
    assert lines[at].split() == ["decide-score", *cells]
    assert lines[at + 1] == "  công nhận hoặc không công nhận · recognise or reject a score"


@pytest.mark.parametrize(("language", "others"), [("vi", "Who may"), ("en", "Ai được")])
def test_one_language_can_be_asked_for(
    language: str, others: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert others not in printed(capsys, "--language", language)


def test_for_programs_it_is_what_decides(capsys: pytest.CaptureFixture[str]) -> None:
    document: dict[str, Any] = json.loads(printed(capsys, "--json"))

    assert {
        each["action"]: (each["roles"], {*each["provisos"]}) for each in document["actions"]
    } == {
        action: (dict(permission.roles), {*permission.provisos})
        for action, permission in PERMISSIONS.items()
    }
    assert all(each["vi"] and each["en"] for each in document["actions"])
