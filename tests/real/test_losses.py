"""What servers lose comes back, on a deployed system: nothing is lost, and nothing is renumbered.

A server loses its data for good, and the commands of the runbooks (lost-kafka.md, lost-mongodb.md,
lost-ledger.md, restore.md) bring them back, from what the other servers have and from a backup.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from services import cli
from tests.real.saved import Saved, is_shown, kept, saved, until
from tests.real.town import Town
from tests.support import tally
from tests.support.restoring import (
    IDENTITY,
    SERVICES,
    command,
    lose_database,
    lose_documents,
    lose_topic,
    migrate,
    set_aside,
    standing_still,
    started,
    tell,
)
from tests.support.servers import DEPLOYED

__all__ = ["saved"]

pytestmark = DEPLOYED

TIERS = ("department", "district")

Record = Callable[[str, Any], None]


@dataclass(frozen=True)
class Seen:
    """What people see of a cycle, and auditors."""

    facts: str
    root: str
    checkpoint: str
    tables: tuple[Any, ...]
    sheet: Any
    questionnaire: Any
    alarm: Any


def seen(town: Town) -> Seen:
    facts = town.call("GET", town.cycle.ranking("facts")).raise_for_status()
    ranking = town.cycle.ranking
    tables = tuple(town.call("GET", ranking(f"table?tier={each}")).json() for each in TIERS)
    return Seen(
        facts.text,
        facts.headers["Ledger-Root"],
        town.call("GET", ranking("checkpoints/latest")).text,
        tables,
        town.call("GET", town.cycle.sheet(town.cycle.every_agency[0])).json()["items"],
        town.questionnaire().json(),
        town.call("GET", ranking("log-key")).json()["alarm"],
    )


def rebuilt_from_topic(town: Town) -> Mapping[str, Any]:
    """The topic numbered once more, against the ledger byte by byte, with all times."""
    given = ("rebuild", "--cycle", town.cycle.code, "--from", "topic", "--switch", "never")
    _, told = command(*given, "--deployed", settings=town.deployed.settings("ranking"))
    came: Mapping[str, Any] = told["cycles"][town.cycle.code]
    return came


def count(record_property: Record, server: str, before: Seen, after: Seen) -> None:
    """Count the facts that are not where they were."""
    facts, now = before.facts.splitlines(), after.facts.splitlines()
    same = sum(one == other for one, other in zip(facts, now, strict=False))
    rows = {server: {"facts": len(facts), "lost": len(facts) - same}}
    tally.count(record_property, "servers that lost everything", rows)


def test_a_lost_topic_is_refilled_in_the_order_of_the_ledger_and_then_from_the_outboxes(
    saved: Saved, record_property: Record
) -> None:
    town, deployed = saved.town, saved.town.deployed
    before = seen(town)

    lose_topic(deployed)
    *_, untold = town.declare()
    with standing_still(deployed, *SERVICES):
        tell(deployed, "CCHC_KAFKA_TOPIC", f"{deployed.settings('ranking')['CCHC_KAFKA_TOPIC']}-2")
        migrate(deployed, "ranking")
        refilled = command("refill", settings=deployed.settings("ranking"))
        recalled = [
            command("recall", service, settings=deployed.settings(service)) for service in SERVICES
        ]
    until(lambda: len(town.numbered().splitlines()) > len(before.facts.splitlines()))
    until(lambda: is_shown(town))

    after, again = seen(town), rebuilt_from_topic(town)
    assert untold.is_success, "a fact is taken while there is no topic"
    assert refilled[0] == 0
    assert [(status, told["back"]) for status, told in recalled] == [(0, 0)] * len(SERVICES)
    assert after.facts.startswith(before.facts)
    assert len(after.facts.splitlines()) == len(before.facts.splitlines()) + 1
    assert (again["state"], again["differences"]) == ("made", 0)
    assert (after.checkpoint, after.alarm) == (before.checkpoint, None)
    count(record_property, "Kafka", before, after)


def test_lost_documents_are_drawn_again_and_files_come_from_the_backup(
    saved: Saved, record_property: Record
) -> None:
    town, deployed = saved.town, saved.town.deployed
    before = seen(town)

    with standing_still(deployed, *SERVICES):
        lose_documents(deployed)
        migrate(deployed, *SERVICES)
        given = ("restore", "submission", "--from", str(saved.folder), "--only", "files")
        status, told = command(*given, settings=deployed.settings("submission"))
    until(lambda: is_shown(town))

    after, path = seen(town), f"{town.cycle.sheet(saved.agency)}/files/{saved.file}"
    assert (status, told["faults"]) == (0, [])
    assert told["counts"]["new_files"] >= 1
    assert after == before
    officer = ("agency", saved.agency)
    assert town.call("GET", path, by=officer).raise_for_status().content == saved.content
    count(record_property, "MongoDB", before, after)


def test_a_lost_ledger_is_numbered_again_from_the_topic_to_the_same_numbers(
    saved: Saved, record_property: Record
) -> None:
    town, deployed = saved.town, saved.town.deployed
    before = seen(town)

    with standing_still(deployed, "ranking"):
        lose_database(deployed, "ranking")
        migrate(deployed, "ranking")
        given = ("restore", "ranking", "--from", str(saved.folder), "--only", "notes")
        notes = command(*given, settings=deployed.settings("ranking"))
        recalled = command("recall", "ranking", settings=deployed.settings("ranking"))
    until(lambda: is_shown(town))

    after, again = seen(town), rebuilt_from_topic(town)
    assert (notes[0], recalled[0]) == (0, 0)
    assert recalled[1]["back"] >= 1, "it told that somebody is forgotten"
    assert after == before
    assert (again["state"], again["differences"]) == ("made", 0)
    count(record_property, "the ledger's PostgreSQL", before, after)


def test_who_was_forgotten_since_the_backup_is_forgotten_again_after_a_restore(
    saved: Saved,
) -> None:
    town, deployed = saved.town, saved.town.deployed
    before = seen(town)

    with standing_still(deployed, "appraisal"):
        settings = deployed.settings("appraisal")
        too_early = [*started("appraisal-restore", saved.folder, settings)]
        set_aside(settings)
        restored = [*started("appraisal-restore", saved.folder, settings)]
        is_back = kept(town, "appraisal")
        recalled = [*started("appraisal-recall", saved.folder, settings)]
    until(lambda: not kept(town, "appraisal"))

    assert too_early == [0, 1], "what is there is not loaded over"
    assert (restored, recalled) == ([0, 0, 0], [0])
    assert is_back, "the dump is older than the forgetting"
    assert seen(town) == before


def test_a_dump_goes_into_an_empty_database_or_nowhere(
    saved: Saved, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = ("--identity", str(saved.folder / IDENTITY))
    given = ["restore", "appraisal", "--from", str(saved.folder), *identity]

    status = cli.main(given, saved.town.deployed.settings("appraisal"))

    assert status == cli.REFUSED
    assert "restore into an empty one" in capsys.readouterr().err
