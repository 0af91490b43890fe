"""`explain` reads a data directory, tells people or programs, and checks what is proved."""

import asyncio
import json
import sqlite3
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import cli
from services.cli import REFUSED
from services.cli import settings as directories
from services.cli.explain import page, proofs
from services.cli.explain.lines import Branch, Lines, brief, brief_expression, brief_sum, listed
from services.cli.explain.words import WORDS
from services.ranking import main as ranking
from shared.adapters import process
from shared.adapters.clock import SystemClock
from shared.events.envelope import cycle_of
from shared.ledger.levels import LevelTree
from shared.ports import Message
from tests.support.explained import explained, sample_explained
from tests.support.sample_cycle import sample_cycle
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

AGENCY = "so-y-te"
NOTHING: dict[str, str] = {}
MADE = "__migration__"
"""What a database says of its own tables, of whichever service is opened for the first time."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose ledger holds the small cycle."""
    folder = tmp_path_factory.mktemp("explain") / "data"
    directories.stamp(folder, "trial")
    asyncio.run(fill(folder))
    return folder


async def fill(folder: Path) -> None:
    clock = SystemClock()
    async with process.open_topic(folder, clock) as topic:
        await topic.publish([Message(cycle_of(each.stream), each.body) for each in whole_cycle()])
        outside = process.open_outside(folder, "ranking", topic=topic, clock=clock, mode="trial")
        async with outside as opened:
            loops = ranking.wire(opened).loops
            number = next(loop for loop in loops if loop.name == "ranking.number")
            while await number.step():
                pass


def run(*arguments: str, data: Path) -> int:
    return cli.main(["explain", *arguments, "--data", str(data)], NOTHING)


# --- From a data directory


def test_a_page_for_people(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(CYCLE, AGENCY, data=data)

    said = capsys.readouterr().out
    assert status == 0
    assert said.startswith("Sở Y tế (so-y-te) · Đợt 2021\n")
    assert "12 trong 12 dữ kiện" in said
    assert "\x1b" not in said


def test_the_page_in_english_of_an_item_as_of_a_number(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(CYCLE, AGENCY, "1.1", "--at", "4", "--language", "en", data=data)

    said = capsys.readouterr().out
    assert "PROVISIONAL: counted up to fact 4" in said
    assert "to be decided: 3.25 (the points claimed)" in said
    assert "submission/2021/so-y-te@2" in said


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({}, "PROVISIONAL: counted"),
        ({"revision": 1, "published_to": 9}, "PUBLISHED, 12/QĐ-UBND: counted up to fact 9"),
        (
            {"revision": 2, "published_to": 9},
            "PUBLISHED, corrected (revision 2), 12/QĐ-UBND: counted up to fact 9",
        ),
    ],
)
def test_the_page_says_whether_it_is_a_result(stated: dict[str, int], said: str) -> None:
    decision = {"number": "12/QĐ-UBND", "on": "2022-01-18"}
    explanation = {**sample_explained(AGENCY), "counted_to": 9, **stated, "decision": decision}

    lines = page.lines(explanation, language="en", width=80)

    assert [line for line in lines if line.startswith(said)]


@pytest.mark.parametrize(("form", "key"), [("--json", "workings"), ("--prov", "wasDerivedFrom")])
def test_everything_for_programs(
    form: str, key: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(CYCLE, AGENCY, "9", form, data=data)

    assert status == 0
    assert key in json.loads(capsys.readouterr().out)


def test_reading_writes_no_fact_and_nothing_in_the_ledger(data: Path) -> None:
    before = {path: _written(path) for path in data.glob("*/facts.db")}

    run(CYCLE, AGENCY, data=data)

    after = {path: _written(path) for path in data.glob("*/facts.db")}
    made = [line for path in after.keys() - before for line in after[path] if MADE not in line]
    assert before
    assert {path: after[path] for path in before} == before
    assert [line for line in made if line.startswith("INSERT")] == []


def _written(path: Path) -> list[str]:
    """What a database holds, wherever in its files that lies."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([CYCLE, "nobody"], "look for its code in the table"),
        ([CYCLE, AGENCY, "7"], "its areas: 1, 9"),
        (["1999", AGENCY], "check the code of the cycle"),
        ([CYCLE, "../x"], "is no code"),
        ([CYCLE, "So-Y-Te"], "is no code"),
        ([CYCLE, AGENCY, "../x"], "joined by"),
        ([CYCLE, AGENCY, "--at", "1000"], "none with the number 1000"),
        ([CYCLE, AGENCY, "--revision", "1"], "has not been published"),
    ],
)
def test_what_is_not_there_is_told_with_what_to_do(
    arguments: list[str], said: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(*arguments, data=data)

    told = capsys.readouterr()
    assert (status, told.out) == (REFUSED, "")
    assert said in told.err.splitlines()[1]


def test_a_directory_without_a_ledger_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(CYCLE, AGENCY, data=tmp_path / "nowhere")

    assert status == REFUSED
    assert "--url" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_a_directory_in_use_is_asked_through_its_system(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with process.lock_directory(data):
        status = run(CYCLE, AGENCY, data=data)

    assert status == REFUSED
    assert "--url" in capsys.readouterr().err


# --- The proofs


def test_a_proof_that_does_not_lead_to_the_root_is_counted_as_none() -> None:
    body = explained(whole_cycle(), AGENCY)
    body["facts"][2]["leaf"] = "00" * 32

    said = page.lines(body, language="en", width=80)

    assert any("11 of 12 facts are proved" in line for line in said)


@pytest.mark.parametrize(("size", "said"), [(25, "covers them all"), (7, "the first 7")])
def test_a_checkpoint_is_linked_by_its_proof(size: int, said: str) -> None:
    body = linked(size)

    text = "\n".join(page.lines(body, language="en", width=100))

    assert said in text


def test_a_checkpoint_of_another_history_is_a_warning() -> None:
    body = linked(7)
    body["ledger"]["checkpoint"]["root"] = "11" * 32

    said = page.lines(body, language="en", width=100)

    assert "WARNING: this ledger does not fit the checkpoint 7." in said


def linked(size: int) -> Any:  # noqa: ANN401 - JSON
    """An explanation beside a checkpoint of another size."""
    body = deepcopy(explained(whole_cycle(), AGENCY))
    tree = LevelTree(stored.body for stored in whole_cycle())
    root = tree.root(size).hex()
    body["ledger"]["checkpoint"] = {"origin": "log.example", "size": size, "root": root, "at": ""}
    body["ledger"]["consistency"] = [each.hex() for each in tree.consistency(size, tree.size)]
    return body


# --- The page


@settings(max_examples=20)
@given(width=st.integers(40, 120), part=st.sampled_from(["", "1.1.2", "3", "9", "tru-2"]))
def test_no_line_is_longer_than_the_terminal(width: int, part: str) -> None:
    body = explained(sample_cycle(), AGENCY, part)

    said = page.lines(body, language="vi", width=width)

    assert max(map(len, said)) <= min(width, page.WIDTH_MAX)


def test_the_page_tells_all_that_was_said_of_an_item() -> None:
    for item in ("3.1.4", "8.1.2", "7.1.2"):
        body = explained(sample_cycle(), AGENCY, item)

        said = "\n".join(page.lines(body, language="en", width=100))

        assert f"{item}  " in said
        assert "Decision (fact " in said
        assert "Declared (fact " in said
    sealed = page.lines(explained(sample_cycle(), AGENCY, "3.1.4"), language="en", width=100)
    assert any("The reason is sealed; read it at /appraisal/" in line for line in sealed)
    fallen = page.lines(explained(sample_cycle(), AGENCY, "8.1.2"), language="en", width=100)
    assert any("in force no more" in line for line in fallen)


def test_long_chains_are_cut() -> None:
    body = explained(sample_cycle(), AGENCY)
    few = proofs.SHOWN_MAX

    of_area = page.lines(explained(sample_cycle(), AGENCY, "3"), language="en", width=100)

    assert len(body["facts"]) > few
    assert any(line.startswith("… and ") and "see --json" in line for line in of_area)


@pytest.mark.parametrize(
    ("exact", "expected"),
    [("0.5", "0.5"), ("1433/18", "≈79.6111"), ("123456789.5", "≈123456789.5000"), ("7", "7")],
)
def test_a_number_is_cut_for_reading_and_says_so(exact: str, expected: str) -> None:
    assert brief(exact) == expected


def test_an_expression_is_cut_number_by_number() -> None:
    assert brief_expression("4 * (2 * (2/3) +\n 0.123456) / (2 + 1)") == (
        "4 * (2 * ≈0.6667 + 0.123456) / (2 + 1)"
    )
    assert brief_sum(" + ".join(["1"] * 14), "({count} more)").endswith("+ 1 (2 more)")
    assert listed(["a", "b"], "") == "a, b"


def test_a_line_is_wrapped_below_where_it_began_with_its_number_at_the_right() -> None:
    lines = Lines(20)

    lines.say("  one two three four", Branch("- ", "  "), right="7.5")

    assert lines.said == ["-   one two      7.5", "      three four"]


def test_words_are_there_in_both_languages() -> None:
    assert all(vietnamese and english for vietnamese, english in WORDS.values())
    assert sample_explained(AGENCY)["methods"]
