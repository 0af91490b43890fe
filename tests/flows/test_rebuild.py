"""The command `rebuild` on a data directory: by eye, as JSON, in processes, and back."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from services import cli
from services.cli import REFUSED
from services.cli.rebuild import processes, shown
from services.cli.rebuild.shown import NOT_MET, NOT_WELL, WELL
from services.ranking.application.generations import AGENCIES, CYCLES
from shared.adapters.process import lock_directory
from tests.support.stopping import die

PUBLISHED = Path(__file__).parents[1] / "data" / "published"
TABLE, SCHEME = PUBLISHED / "sipas_2015.csv", PUBLISHED / "sipas_2015.scheme.yaml"
NOTHING: dict[str, str] = {}
FIRST, SECOND = "2015", "2016"
DOCUMENTS = 12
_FIRST_OF = "select min(id) from documents where collection = ? and id like ?"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cycles of a table that was published once."""
    data = tmp_path_factory.mktemp("rebuild") / "data"
    for cycle in (FIRST, SECOND):
        wanted = ["--scheme", str(SCHEME), "--cycle", cycle, "--year", "2015"]
        assert cli.main(["import-results", str(TABLE), *wanted, "--data", str(data)], NOTHING) == 0
    return data


@pytest.fixture
def data(imported: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own."""
    shutil.copytree(imported, tmp_path / "data")
    return tmp_path / "data"


def run(data: Path, *arguments: str) -> int:
    return cli.main(["rebuild", *arguments, "--data", str(data)], NOTHING)


def test_every_cycle_is_made_and_said_in_both_languages(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(data, "--all")

    *said, measured = capsys.readouterr().out.splitlines()
    assert status == WELL
    assert said[:2] == [
        f"{FIRST}  3 dữ kiện, bản v2.g1 được đưa vào dùng; so {DOCUMENTS} văn bản, khác 0.",
        f"      facts: 3; v2.g1 serves; documents compared: {DOCUMENTS}, differing: 0.",
    ]
    assert said[2].startswith(SECOND)
    assert measured.startswith("6 facts, ")
    assert measured.endswith(" facts/s")


@pytest.mark.parametrize("source", ["ledger", "topic"])
@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_it_says_the_same_as_json_whoever_does_it(
    data: Path, capsys: pytest.CaptureFixture[str], source: str, workers: str
) -> None:
    status = run(data, "--all", "--from", source, "--workers", workers, "--json")

    said = json.loads(capsys.readouterr().out)
    assert status == WELL
    assert said["state"] == "ended"
    assert said["manner"] == {"source": source, "switch": "if-equal"}
    assert [each["state"] for each in said["cycles"].values()] == ["serves", "serves"]
    assert [each["compared"] for each in said["cycles"].values()] == [DOCUMENTS, DOCUMENTS]
    assert said["facts_per_s"] > 0 < said["seconds"]


def test_what_differs_is_said_and_is_an_exit_status(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(data / "ranking" / "documents.db")) as database:
        place = (AGENCIES, f"{FIRST}/%")
        (key,) = database.execute(_FIRST_OF, place).fetchone()
        database.execute("update documents set body = '{}' where id = ?", (key,))
        database.commit()

    status = run(data, "--cycle", FIRST)

    said = capsys.readouterr().out
    assert status == NOT_WELL
    assert "khác bản đang dùng" in said
    compared = f"documents compared: {DOCUMENTS}, differing: 1"
    assert f"differs from what serves, and does not serve; {compared}" in said
    assert f"≠ {AGENCIES}/{key}" in said


def test_a_place_that_was_not_met_is_no_difference_and_has_an_exit_status_of_its_own(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counted_to_99 = "update documents set body = json_set(body, '$.counted_to', 99) where "
    with closing(sqlite3.connect(data / "ranking" / "documents.db")) as database:
        database.execute(counted_to_99 + "collection = ? and id = ?", (CYCLES, FIRST))
        database.commit()

    status = run(data, "--all")
    said = capsys.readouterr().out
    by_json = run(data, "--all", "--switch", "never", "--json")
    told = json.loads(capsys.readouterr().out)["cycles"]

    assert status == by_json == NOT_MET
    assert "không gặp điểm đó trong sổ cái" in said
    assert "what served was counted to entry 99, and that place was not met" in said
    assert "≠" not in said
    assert [each["state"] for each in told.values()] == ["not-met", "made"]
    assert (told[FIRST]["compared"], told[FIRST]["differing"]) == (None, [])


@pytest.mark.slow
def test_a_process_that_is_killed_is_told_and_the_next_command_goes_on(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as deadly:
        deadly.setattr(processes, "work", die)
        broken_off = run(data, "--all", "--workers", "2")
    said = capsys.readouterr().err
    status = run(data, "--all", "--json")

    assert broken_off == REFUSED
    assert "run the command again to go on" in said
    assert status == WELL
    assert len(json.loads(capsys.readouterr().out)["cycles"]) == 2


def test_what_came_before_it_was_broken_off_is_told_as_of_then_and_counts_for_no_rate(
    capsys: pytest.CaptureFixture[str],
) -> None:
    came = {"state": "serves", "generation": "v2.g1", "facts": 3, "at": "2022-02-01T01:00:00+00:00"}
    came |= {"served_to": 3, "compared": DOCUMENTS, "differences": 0}
    body = {"cycles": {FIRST: {**came, "earlier": True}, SECOND: came}}

    shown.write(body, 2.0)
    first, _, second, _, measured = capsys.readouterr().out.splitlines()
    shown.write_json(body, 2.0)

    as_of = " (kết quả lúc 2022-02-01T01:00:00+00:00, của lần chạy bị dừng)"
    assert first == f"{FIRST}{second.removeprefix(SECOND)}{as_of}"
    assert measured == "3 facts, 2.00 s, 2 facts/s"
    assert json.loads(capsys.readouterr().out)["facts_per_s"] == 1.5


def test_what_served_before_serves_again(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(data, "--cycle", FIRST)
    capsys.readouterr()

    status = run(data, "--cycle", FIRST, "--roll-back")

    assert status == WELL
    assert "v2.g0 serves again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cycle", "2019"], "no fact of a cycle “2019”"),
        (["--cycle", FIRST, "--roll-back"], "no version before this one"),
    ],
)
def test_what_cannot_be_done_is_explained(
    data: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(data, *arguments) == REFUSED

    assert said in capsys.readouterr().err


def test_where_nothing_lies_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "nowhere", "--all") == REFUSED

    assert "is no data directory" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_where_the_system_runs_the_command_leaves_it_alone(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with lock_directory(data):
        assert run(data, "--all") == REFUSED

    assert str(data) in capsys.readouterr().err
