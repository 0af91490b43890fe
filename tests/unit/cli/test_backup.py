"""Backups in a folder: whole or not there, held by their hashes, and given up when they are old."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services import cli
from services.cli.backup import recall
from services.cli.backup.restore import identities_in
from services.cli.bars import Bars
from shared.adapters.backup import PARTS, TOGETHER, Backups, Part, lines
from shared.events.codec import Stored
from shared.kernel.errors import Missing, Refused
from shared.ports import Delivery, Message
from shared.runtime.relay import Relay
from shared.runtime.service import Outside
from tests.support.backups import BEGAN, SETTINGS, at
from tests.support.outside import memory_outside
from tests.support.urns import SIPAS, drop

RECIPIENT = "age1zmmrrg6czs2zttlav3xwd2v85t7ks0dzxazllhu73qzz9pyemu8sh6e64s"


def write(backups: Backups, *, part: Part = "ranking", began: datetime = BEGAN) -> None:
    with backups.writing(part, "trial", began) as writing:
        (writing.folder / "a").write_bytes(b"content")
        writing.counts["files"] = 1


def test_a_backup_that_was_written_is_the_newest_and_nothing_of_it_differs(tmp_path: Path) -> None:
    backups = Backups(tmp_path)

    write(backups)
    write(backups, began=BEGAN + timedelta(days=1))

    newest, first = backups.newest("ranking"), backups.newest("ranking", "2026-11-27T01-30-00Z")
    assert newest.folder.name == "2026-11-28T01-30-00Z"
    assert newest.manifest.counts == {"files": 1}
    assert [each.faults() for each in (newest, first)] == [[], []]


def test_what_was_broken_off_is_no_backup_and_is_in_nobodys_way(tmp_path: Path) -> None:
    backups = Backups(tmp_path)

    def break_off() -> None:
        with backups.writing("topic", "trial", BEGAN) as writing:
            (writing.folder / "a").write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()

    with pytest.raises(Missing, match="backup-missing"):
        backups.newest("topic")
    write(backups, part="topic")
    assert backups.newest("topic").faults() == []


def test_a_changed_file_and_a_missing_one_are_named(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    write(backups)
    saved = backups.newest("ranking")

    saved.path("a").write_bytes(b"contenT")
    changed = saved.faults()
    saved.path("a").unlink()
    gone = saved.faults()

    assert [each.code for each in (*changed, *gone)] == ["backup-file-differs", "backup-file-gone"]
    with pytest.raises(Refused, match="backup-damaged"):
        saved.check()


def test_old_backups_are_given_up_and_the_newest_stays_however_old(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    for days in range(4):
        write(backups, began=BEGAN + timedelta(days=days))

    given_up = backups.give_up("ranking", BEGAN + timedelta(days=2))
    at_last = backups.give_up("ranking", BEGAN + timedelta(days=99))

    assert (given_up, at_last) == (2, 1)
    assert backups.newest("ranking").folder.name == "2026-11-30T01-30-00Z"


def together(backups: Backups) -> dict[Part, str]:
    """The times of the backups that go together."""
    return {part: backups.newest(part, TOGETHER).folder.name[11:16] for part in PARTS}


def test_those_that_were_saved_in_their_order_go_together(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    for minute, part in enumerate(PARTS):
        at(backups, part, 1, minute)

    assert together(backups) == {part: f"01-0{minute}" for minute, part in enumerate(PARTS)}


def test_one_that_ended_too_late_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    for hour in (1, 3):
        for minute, part in enumerate(PARTS):
            at(backups, part, hour, minute)

    at(backups, "ranking", 3, 30)
    at(backups, "topic", 3, 40)

    assert together(backups) == {
        "ranking": "03-00",
        "appraisal": "03-01",
        "submission": "03-02",
        "topic": "03-03",
        "survey": "03-04",
    }
    assert backups.newest("ranking").folder.name[11:16] == "03-30"


def test_those_that_go_together_are_told_by_the_times_that_restore_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backups = Backups(tmp_path)
    for minute, part in enumerate(PARTS):
        at(backups, part, 1, minute)
    at(backups, "ranking", 3, 30)

    status = cli.main(["backups", "--from", str(tmp_path)], {})

    told = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert status == 0
    assert told == {part: backups.newest(part, TOGETHER).folder.name for part in PARTS}
    assert all(backups.newest(part, told[part]).folder.name == told[part] for part in PARTS)


def test_where_the_survey_was_not_saved_the_topic_of_its_night_goes_with_it(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    for minute, part in enumerate(PARTS):
        at(backups, part, 1, minute)
    for minute, part in enumerate(PARTS[:-1]):
        at(backups, part, 3, minute)

    assert set(together(backups).values()) == {f"01-0{minute}" for minute in range(len(PARTS))}


def test_where_none_ended_in_time_it_is_said(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    for part in ("topic", "survey", "ranking"):
        at(backups, part, 1, PARTS.index(part))
    shutil.rmtree(backups.newest("ranking").folder)
    at(backups, "ranking", 1, 30)

    with pytest.raises(Missing, match="backup-not-together"):
        backups.together("ranking")
    with pytest.raises(Missing, match="backup-missing"):
        backups.together("appraisal")


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    write(backups)
    (backups.newest("ranking").folder / "backup.json").write_text('{"format": "other"}')

    with pytest.raises(Refused, match="backup-unreadable"):
        backups.newest("ranking")


@pytest.mark.parametrize("body", [b'{"id":"a/1@1"}', b"\xff\x00", "Chỉ số\n".encode()])
def test_records_and_entries_come_back_from_their_lines(tmp_path: Path, body: bytes) -> None:
    record, stored = Delivery(3, 7, BEGAN, "2021", body), Stored("a/1", 1, "a.B.v1", body)
    (tmp_path / "records").write_bytes(lines.of_record(record) * 2)
    (tmp_path / "stored").write_bytes(lines.of_stored(stored))

    assert list(lines.records(tmp_path / "records")) == [(BEGAN, "2021", body)] * 2
    assert list(lines.stored(tmp_path / "stored")) == [stored]


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(lines.of_record(Delivery(0, 1, BEGAN, "2021", b"x")) + b"{}\n")

    with pytest.raises(Refused) as refused:
        list(lines.records(path))

    assert refused.value.details["line"] == "2"


def test_the_survey_is_saved_encrypted_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli.main(["save", "survey", "--to", str(tmp_path)], SETTINGS)

    assert status == cli.REFUSED
    assert "encrypted or not at all" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("recipient", ["age1example", RECIPIENT.upper() + "q"])
def test_nothing_is_saved_for_a_recipient_that_is_none(
    tmp_path: Path, recipient: str, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(b"PGDMP")
    given = ["save", "survey", "--to", str(tmp_path / "to"), "--recipient", recipient]

    status = cli.main([*given, "--dump", str(dump)], SETTINGS)

    assert status == cli.REFUSED
    assert "age1..." in capsys.readouterr().err
    with pytest.raises(Missing, match="backup-missing"):
        Backups(tmp_path / "to").newest("survey")


def test_a_key_is_made_once_and_told_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "identity.txt"

    statuses = [cli.main(["backup-key", str(path)], {}) for _ in range(2)]

    recipients = [each for each in capsys.readouterr().out.splitlines() if each.startswith("age1")]
    assert statuses == [0, 0]
    assert len(recipients) == 2
    assert len(set(recipients)) == 1
    assert path.stat().st_mode & 0o077 == 0


def test_of_several_keys_the_newest_stands_first_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newest, former, both = (tmp_path / name for name in ("newest", "former", "both"))
    for path in (newest, former):
        assert cli.main(["backup-key", str(path)], {}) == 0
    both.write_text(f"# since today\n{newest.read_text()}\n{former.read_text()}")

    assert cli.main(["backup-key", str(both)], {}) == 0

    told = [each for each in capsys.readouterr().out.splitlines() if each.startswith("age1")]
    assert told[2] == told[0] != told[1]
    assert identities_in(both) == [path.read_text().strip() for path in (newest, former)]


def said(version: int) -> Stored:
    """Something that the survey has said about a questionnaire."""
    stream, type_ = f"survey/{SIPAS}", "survey.Fact.v1"
    body = f'{{"id":"{stream}@{version}","type":"{type_}"}}'.encode()
    return Stored(stream, version, type_, body)


async def behind(*, told: int, kept: int, waiting: int) -> Outside:
    """A survey whose store has fewer facts than the topic, and an urn in which answers wait."""
    outside = memory_outside()
    await outside.topic.publish([Message("2021", said(n).body) for n in range(1, told + 1)])
    await outside.store.append([said(number) for number in range(1, kept + 1)])
    if waiting:
        await drop(outside.urn, waiting)
    return outside


async def test_a_survey_that_is_behind_is_not_taken_back_while_answers_wait() -> None:
    outside = await behind(told=3, kept=1, waiting=2)

    with pytest.raises(Refused, match="survey-behind-topic"):
        await recall.recalled("survey", outside, Bars())

    assert await outside.store.end() == 1


@pytest.mark.parametrize(("told", "kept", "waiting"), [(3, 1, 0), (3, 3, 2), (3, 0, 0), (2, 3, 2)])
async def test_a_survey_takes_its_facts_back_where_nothing_waits_or_nothing_is_missing(
    told: int, kept: int, waiting: int
) -> None:
    outside = await behind(told=told, kept=kept, waiting=waiting)

    came = await recall.recalled("survey", outside, Bars())

    assert (came.back, came.is_well) == (max(0, told - kept), True)
    assert await outside.store.end() == max(told, kept)
    assert await Relay(outside.store, outside.topic).step() == max(0, kept - told)
