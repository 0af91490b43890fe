"""A bundle from the command line: one file from a data directory, and what the verifier says."""

import json
from pathlib import Path

import pytest

from services import cli
from services.cli import REFUSED
from shared import verify
from shared.adapters import signature
from shared.adapters.process import lock_directory
from shared.verify import UNPUBLISHED

TABLES = Path(__file__).parents[1] / "data/published"
NOTHING: dict[str, str] = {}


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A data directory with the cycle of a past year."""
    table, scheme = TABLES / "moha_2012.csv", TABLES / "moha_2012.scheme.yaml"
    wanted = ["--cycle", "moha-2012", "--data", str(tmp_path / "data")]
    assert cli.main(["import-results", str(table), "--scheme", str(scheme), *wanted], NOTHING) == 0
    capsys.readouterr()
    return tmp_path / "data"


def bundle(data: Path, file: Path, *options: str, cycle: str = "moha-2012") -> int:
    return cli.main(["bundle", cycle, "--to", str(file), "--data", str(data), *options], NOTHING)


def test_the_same_directory_gives_the_same_file_and_the_verifier_takes_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"

    assert (bundle(data, first), bundle(data, second)) == (0, 0)

    assert f"python -m shared.verify {first}" in capsys.readouterr().out
    assert first.read_bytes() == second.read_bytes()
    assert verify.main([str(first), "--json"], signature.verify) == UNPUBLISHED
    report = json.loads(capsys.readouterr().out)
    assert (report["cycle"], report["facts"], report["faults"]) == ("moha-2012", 3, [])
    assert report["not_covered"] == ["README.md", "catalogue.json"]


def test_without_a_name_the_file_is_called_like_the_cycle(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert cli.main(["bundle", "moha-2012", "--data", str(data)], NOTHING) == 0

    assert (tmp_path / "cchc-moha-2012.zip").exists()


@pytest.mark.parametrize(
    ("cycle", "options", "said"),
    [
        ("moha-2013", [], "moha-2013"),
        ("moha-2012", ["--witnesses", "nowhere.txt"], "nowhere.txt"),
        ("moha-2012", ["--mode", "production"], "trial"),
    ],
)
def test_what_cannot_be_bundled_is_explained_and_leaves_no_file(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    cycle: str,
    options: list[str],
    said: str,
) -> None:
    file = tmp_path / "bundle.zip"

    assert bundle(data, file, *options, cycle=cycle) == REFUSED

    assert said in capsys.readouterr().err.splitlines()[1]
    assert list(tmp_path.glob("bundle.zip*")) == []


def test_a_directory_that_is_not_there_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundle(tmp_path / "nowhere", tmp_path / "bundle.zip") == REFUSED

    assert "nowhere" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_a_directory_that_is_in_use_is_left_alone(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with lock_directory(data):
        assert bundle(data, tmp_path / "bundle.zip") == REFUSED

    assert str(data) in capsys.readouterr().err
