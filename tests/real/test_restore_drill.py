"""A backup of a deployed system is restored into an empty place (restore.md); damages are named."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.cli.backup.shown import NOT_WELL, WELL
from shared.adapters.backup import Backups, Part
from shared.adapters.backup import manifest as manifests
from shared.adapters.backup.folder import ENCRYPTED, LISTED, NOTES, RECORDS, TIME
from shared.adapters.clock import SystemClock
from tests.real.saved import Saved, saved
from tests.support import tally
from tests.support.restoring import Told, drill, recipient_of, save, started
from tests.support.servers import DEPLOYED

__all__ = ["saved"]

pytestmark = DEPLOYED

AN_HOUR = timedelta(hours=1)
STEPS = ["check", "restore", "refill", "rebuild", "compare"]

Record = Callable[[str, Any], None]
Damage = Callable[[Path], None]


@pytest.fixture
def backup(saved: Saved, tmp_path: Path) -> Iterator[Path]:
    """A copy of the backup, to be damaged."""
    folder = tmp_path / "backup"
    shutil.copytree(saved.folder, folder)
    yield folder
    shutil.rmtree(folder)


def codes(told: Told) -> dict[str, list[str]]:
    """What each step has found, by its name."""
    return {each["step"]: [fault["code"] for fault in each["faults"]] for each in told["steps"]}


def whole(told: Told) -> Any:  # noqa: ANN401 - JSON
    """The counts of the last step."""
    return told["steps"][-1]


# --- Damages


def flip(path: Path) -> None:
    """Change one byte."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def of(folder: Path, part: Part, name: str) -> Path:
    return Backups(folder).newest(part).folder / name


def cut_line(path: Path, line: int) -> bytes:
    """Take one line out; gives it."""
    lines = path.read_bytes().splitlines(keepends=True)
    cut = lines.pop(line)
    path.write_bytes(b"".join(lines))
    return cut


def a_byte_of_a_file_of_evidence(folder: Path) -> None:
    flip(next(path for path in (folder / "submission" / "files").glob("??/*")))


def a_byte_of_a_dump(folder: Path) -> None:
    flip(of(folder, "survey", ENCRYPTED))


def a_byte_of_the_topic(folder: Path) -> None:
    flip(of(folder, "topic", RECORDS))


def a_fact_of_the_topic(folder: Path) -> None:
    cut_line(of(folder, "topic", RECORDS), -1)


def a_checkpoint(folder: Path) -> None:
    cut_line(of(folder, "ranking", NOTES), 0)


def the_list_of_files(folder: Path) -> None:
    of(folder, "submission", LISTED).unlink()


def a_part(folder: Path) -> None:
    shutil.rmtree(folder / "appraisal")


DAMAGES: dict[Damage, str] = {
    a_byte_of_a_file_of_evidence: "backup-evidence-spoilt",
    a_byte_of_a_dump: "backup-file-differs",
    a_byte_of_the_topic: "backup-file-differs",
    a_fact_of_the_topic: "backup-file-differs",
    a_checkpoint: "backup-file-differs",
    the_list_of_files: "backup-file-gone",
    a_part: "backup-missing",
}
"""What is done to a backup, and what a drill says of it before it restores anything."""


def test_what_was_saved_is_restored_and_is_what_was_signed(
    saved: Saved, record_property: Record
) -> None:
    status, told = drill(saved.town.deployed, saved.folder)

    assert codes(told) == {step: [] for step in STEPS}
    assert (status, told["well"]) == (WELL, True)
    compared = whole(told)
    assert compared["facts"] == compared["facts_of_services"]
    assert compared["facts"] >= len(saved.town.cycle.every_agency)
    assert compared["checkpoints"] >= 1
    assert compared["files_named"] >= 1
    rows = {"restored": {"facts": compared["facts"], "faults": told["faults"]}}
    tally.count(record_property, "restore drill", rows)


def test_every_damage_is_named_before_anything_is_restored(
    saved: Saved, tmp_path: Path, record_property: Record
) -> None:
    found: dict[Damage, tuple[int, list[str]]] = {}

    for damage in DAMAGES:
        folder = tmp_path / damage.__name__
        shutil.copytree(saved.folder, folder)
        damage(folder)
        status, told = drill(saved.town.deployed, folder)
        found[damage] = status, codes(told)["check"]
        assert list(codes(told)) == ["check"]

    assert found == {damage: (NOT_WELL, [code]) for damage, code in DAMAGES.items()}
    rows = {"named": {"damages": len(found)}}
    tally.count(record_property, "damaged backups", rows)


def test_damage_that_the_list_was_made_to_fit_is_named_by_what_was_signed(
    saved: Saved, backup: Path, record_property: Record
) -> None:
    """Somebody took a fact out of the topic, and the newest checkpoint away, and hid both."""
    notes, records = of(backup, "ranking", NOTES), of(backup, "topic", RECORDS)
    checkpoint = next(
        number
        for number, line in enumerate(notes.read_bytes().splitlines())
        if json.loads(line)["stream"] == f"checkpoint/{saved.town.cycle.code}"
    )
    cut_line(notes, checkpoint)
    ids = [json.loads(json.loads(each)["body"]) for each in records.read_bytes().splitlines()]
    gone = next(n for n, each in enumerate(ids) if each["type"] == "submission.ScoreSubmitted.v1")
    cut_line(records, gone)
    for part in ("ranking", "topic"):
        refit(backup, part)

    status, told = drill(saved.town.deployed, backup)

    assert status == NOT_WELL
    found = codes(told)
    assert found["check"] == []
    assert found["rebuild"] == ["rebuild-sources-differ"]
    assert "drill-note-differs" in found["compare"]
    rows = {"named though their list fits": {"damages": 2}}
    tally.count(record_property, "damaged backups", rows)


def refit(folder: Path, part: Part) -> None:
    """Make the list of a part fit what lies there."""
    kept = Backups(folder).newest(part)
    members = {name: manifests.member_of(kept.folder / name) for name in kept.manifest.members}
    path = kept.folder / manifests.NAME
    written = json.loads(path.read_bytes())
    written["members"] = {
        name: {"size_bytes": each.size_bytes, "sha256": each.sha256}
        for name, each in members.items()
    }
    path.write_text(json.dumps(written))


def test_a_second_backup_has_the_files_of_the_first(saved: Saved, backup: Path) -> None:
    again = {each["part"]: each for each in save(saved.town.deployed, backup)}

    counts = again["submission"]["counts"]
    assert counts["files"] >= 1
    assert counts["new_files"] == 0


def test_what_a_cluster_saves_at_night_began_with_its_dump(
    saved: Saved, backup: Path, tmp_path: Path
) -> None:
    """By the containers of the manifests, the second of which may come long after the first."""
    settings = saved.town.deployed.settings("submission")
    told = {**settings, "BACKUP_RECIPIENT": recipient_of(backup)}
    dumped = (SystemClock().now() - AN_HOUR).replace(microsecond=0)

    steps = started("submission-save", backup, told, dump=tmp_path)
    first = next(steps)
    os.utime(tmp_path / "began", (dumped.timestamp(), dumped.timestamp()))
    ended = [first, *steps]

    made = Backups(backup).newest("submission", dumped.strftime(TIME)).manifest
    assert ended == [0, 0]
    assert made.began_at == dumped
    assert made.counts["new_files"] == 0
