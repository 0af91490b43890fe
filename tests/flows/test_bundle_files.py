"""The files of evidence beside a bundle: brought there, and held against the facts."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services import cli
from shared import verify
from shared.adapters import signature
from shared.verify import EXITS, UNPUBLISHED
from tests.support.town import PDF, town

pytestmark = pytest.mark.xdist_group("bundle files")

WHY = ["--reason", "Kiểm toán"]
NAME = f"{sha256(PDF).hexdigest()}.pdf"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a town in which one file was attached, after its end."""
    directory = tmp_path_factory.mktemp("bundled") / "data"
    with town(directory):
        return directory


def bundled(data: Path, folder: Path) -> Path:
    file = folder.with_suffix(".zip")
    options = ["--to", str(file), "--data", str(data), "--files", str(folder), *WHY]
    assert cli.main(["bundle", "2021", *options], {}) == 0
    return file


def verified(
    file: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, Mapping[str, Any]]:
    capsys.readouterr()
    status = verify.main([str(file), "--files", str(folder), "--json"], signature.verify)
    return status, json.loads(capsys.readouterr().out)


def faults(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(each["code"], each["member"]) for each in report["faults"]]


def test_files_are_brought_by_their_hash_and_found_right(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bundled(data, tmp_path / "files")
    said = capsys.readouterr().out
    status, report = verified(file, tmp_path / "files", capsys)

    assert "1 of 1 files of evidence" in said
    assert [path.name for path in (tmp_path / "files").iterdir()] == [NAME]
    assert (tmp_path / "files" / NAME).read_bytes() == PDF
    assert (status, report["evidence_files"]) == (UNPUBLISHED, {"named": 1, "right": 1})


def test_a_file_that_was_changed_is_named_and_one_that_is_missing_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "files"
    file = bundled(data, folder)

    (folder / NAME).write_bytes(PDF[:-1] + b"!")
    changed, told = verified(file, folder, capsys)
    (folder / NAME).write_bytes(PDF + b"!")
    longer, of_longer = verified(file, folder, capsys)
    (folder / NAME).unlink()
    missing, of_missing = verified(file, folder, capsys)

    assert (changed, longer) == (EXITS["copy"], EXITS["copy"])
    assert faults(told) == faults(of_longer) == [("file-wrong", f"files/{NAME}")]
    assert (missing, of_missing["evidence_files"]) == (UNPUBLISHED, {"named": 1, "right": 0})


def test_a_file_that_no_fact_names_is_foreign(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "files"
    file = bundled(data, folder)
    (folder / "notes.txt").write_bytes(PDF)
    (folder / "more").mkdir()

    status, report = verified(file, folder, capsys)

    assert status == EXITS["copy"]
    assert faults(report) == [("file-foreign", "files/more"), ("file-foreign", "files/notes.txt")]


def test_what_is_there_is_not_brought_again(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    bundled(data, folder)
    (folder / NAME).write_bytes(b"kept")

    bundled(data, folder)

    assert (folder / NAME).read_bytes() == b"kept"


def test_without_files_nothing_is_said_of_them(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bundled(data, tmp_path / "files")
    capsys.readouterr()

    assert verify.main([str(file), "--json"], signature.verify) == UNPUBLISHED
    assert json.loads(capsys.readouterr().out)["evidence_files"] is None
    with pytest.raises(SystemExit):
        verify.main([str(file), "--files", str(tmp_path / "nowhere")], signature.verify)
    assert "nowhere" in capsys.readouterr().err
