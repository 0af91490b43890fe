"""Which backup it is that a command has saved, or has taken."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from services import cli
from services.cli.backup.shown import NOT_WELL, WELL
from shared.adapters.backup import PARTS, Backups
from tests.support.backups import BEGAN, SETTINGS, at


@pytest.mark.parametrize(("seconds", "status"), [(0, WELL), (1, cli.REFUSED)])
def test_a_dump_that_is_saved_already_is_not_saved_again(
    tmp_path: Path, seconds: int, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """No server is there that another one could be saved from."""
    dump, began = tmp_path / "dump", tmp_path / "began"
    dump.write_bytes(b"PGDMP")
    began.touch()
    os.utime(began, (BEGAN.timestamp() + seconds,) * 2)
    at(backups := Backups(tmp_path / "to"), "submission", BEGAN.hour, BEGAN.minute)
    given = ["save", "submission", "--to", str(tmp_path / "to"), "--dump", str(dump), "--json"]

    ended = cli.main(given, SETTINGS)

    said, saved = capsys.readouterr().out, backups.newest("submission")
    assert ended == status
    assert not said or json.loads(said)["folder"] == str(saved.folder)
    assert saved.manifest.began_at == BEGAN


@pytest.mark.parametrize("told", [["--json"], []], ids=["for programs", "for people"])
def test_a_drill_names_what_it_checks_and_what_is_newer(
    tmp_path: Path, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is missing, so that it goes no further, and to no server."""
    backups = Backups(tmp_path)
    for minute, part in enumerate(PARTS):
        at(backups, part, 1, minute)
    at(backups, "ranking", 3, 30)
    backups.newest("topic").path("a").unlink()
    servers = ["--postgres", "none", "--mongo", "none", "--kafka", "none"]

    status = cli.main(["drill", "--from", str(tmp_path), *servers, *told], {})

    said = capsys.readouterr().out
    taken = {part: str(backups.together(part).folder) for part in PARTS}
    newest = {**taken, "ranking": str(backups.newest("ranking").folder)}
    assert status == NOT_WELL
    if told:
        [step] = json.loads(said)["steps"]
        named = {each["part"]: (each["folder"], each["newest"]) for each in step["backups"]}
        assert named == {part: (taken[part], newest[part]) for part in PARTS}
    else:
        assert all(f"    {part}: {taken[part]}\n" in said for part in PARTS)
        assert said.count(f"not the newest, {newest['ranking']}: ") == 1
        assert said.count("not the newest") == 1
        assert "stopped half way; findings above: 1.\n" in said


def test_a_drill_takes_what_went_together_when_it_was_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another night is saved to its end between the dumps that were loaded and what is compared."""
    backups, told = Backups(tmp_path), tmp_path / "together"
    for minute, part in enumerate(PARTS):
        at(backups, part, 1, minute)
    assert cli.main(["backups", "--from", str(tmp_path)], {}) == WELL
    told.write_text(capsys.readouterr().out, "utf-8")
    asked = [str(backups.together(part).folder) for part in PARTS]
    for minute, part in enumerate(PARTS):
        at(backups, part, 2, minute)
        backups.newest(part).path("a").unlink()
    backups.newest("topic", Path(asked[PARTS.index("topic")]).name).path("a").unlink()
    servers = ["--postgres", "none", "--mongo", "none", "--kafka", "none"]

    status = cli.main(
        ["drill", "--from", str(tmp_path), "--together", str(told), *servers, "--json"], {}
    )

    [step] = json.loads(capsys.readouterr().out)["steps"]
    assert status == NOT_WELL
    assert [each["folder"] for each in step["backups"]] == asked
    assert [each["code"] for each in step["faults"]] == ["backup-file-gone"]


@pytest.mark.parametrize("lacking", [PARTS, ("survey",)], ids=["all", "one"])
def test_a_drill_looks_for_no_part_anew_where_it_was_told_what_went_together(
    lacking: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is found now may be of another night, and two in one drill would hold nothing."""
    backups, told = Backups(tmp_path), tmp_path / "together"
    for minute, part in enumerate(PARTS):
        at(backups, part, 1, minute)
    backups.newest("topic").path("a").unlink()
    named = [part for part in PARTS if part not in lacking]
    lines = [f"{part} {backups.newest(part).folder.name}" for part in named]
    told.write_text("\n".join(lines), "utf-8")
    servers = ["--postgres", "none", "--mongo", "none", "--kafka", "none"]

    status = cli.main(["drill", "--from", str(tmp_path), "--together", str(told), *servers], {})

    said, parts = capsys.readouterr().out, ", ".join(lacking)
    assert status == NOT_WELL
    assert f"{told} không nêu bản sao lưu nào của {parts}; " in said
    assert f"{told} names no backup of {parts}; " in said
