"""The command `rebuild --deployed` on real servers, beside workers who number and draw there."""

import asyncio
import io
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pymongo import MongoClient

from services import cli
from services.cli import REFUSED, embedded, settings
from services.cli.inside import Caller
from services.cli.rebuild import processes
from services.cli.rebuild.place import Place
from services.cli.rebuild.shown import NOT_MET, NOT_WELL, WELL
from services.ranking.application.generations import AGENCIES, Generations
from shared.adapters import process
from shared.adapters.clock import SystemClock
from shared.adapters.process import lock_directory
from shared.kernel.actor import Actor
from shared.ports import Message
from tests.faults.judged.cycle import POINTS
from tests.real.town import Town, founded
from tests.support import broken_off, tally
from tests.support.damaged.stores import row, verdict
from tests.support.deployed import Deployed
from tests.support.running import PROJECT, command
from tests.support.servers import DEPLOYED

pytestmark = DEPLOYED

DECLARATIONS = 5
COUNTED_S_MAX = 60.0
ENDED_S_MAX = 60.0
POLL_S = 0.2
STEPS_MAX = 1_000
AUDITOR = Actor(id="an-auditor", role="auditor")
TIERS = ("department", "district")

Record = Callable[[str, Any], None]
Told = Mapping[str, Any]


@pytest.fixture(scope="module")
def town(deployed: Deployed) -> Iterator[Town]:
    """A cycle that was told to the four services, and is counted and shown."""
    town = founded(deployed)
    with town.http:
        declared = [town.declare()[2].status_code for _ in range(DECLARATIONS)]
        assert max(declared) < 300
        deadline = time.monotonic() + COUNTED_S_MAX
        while town.numbered().count("ScoreSubmitted") < DECLARATIONS or not is_shown(town):
            assert time.monotonic() < deadline, "the declarations are not shown"
            time.sleep(POLL_S)
        yield town


def is_shown(town: Town) -> bool:
    """Whether all that is numbered is drawn."""
    shown: int = town.table().raise_for_status().json()["counted_to"]
    return shown == len(town.numbered().splitlines())


def tables(town: Town) -> list[Told]:
    """The tables that are served."""
    paths = [town.cycle.ranking(f"table?tier={tier}") for tier in TIERS]
    return [town.call("GET", path).raise_for_status().json() for path in paths]


def rebuilt(town: Town, *arguments: str) -> tuple[int, Told]:
    """The exit status of the command in this process, and what it says of the cycle."""
    given = ["rebuild", "--cycle", town.cycle.code, "--deployed", "--json", *arguments]
    with redirect_stdout(io.StringIO()) as out:
        status = cli.main(given, town.deployed.settings("ranking"))
    return status, json.loads(out.getvalue() or "{}").get("cycles", {}).get(town.cycle.code, {})


def rebuilt_apart(town: Town, *arguments: str) -> tuple[int, Told]:
    """The same as people run it."""
    given = command("rebuild", "--cycle", town.cycle.code, "--deployed", "--json", *arguments)
    ended = subprocess.run(
        given,
        cwd=PROJECT,
        env={**os.environ, **town.deployed.settings("ranking")},
        capture_output=True,
        timeout=ENDED_S_MAX,
        check=False,
    )
    assert not ended.stderr, ended.stderr.decode()
    return ended.returncode, json.loads(ended.stdout)["cycles"][town.cycle.code]


def serving(town: Town) -> str:
    """The name of the generation that serves."""

    async def read() -> str:
        async with Place("trial", None, town.deployed.settings("ranking")).open() as stores:
            return (await Generations(stores.documents).pointer(town.cycle.code)).serving.name

    return asyncio.run(read())


async def told_embedded(data: Path, cycle: str, facts: Sequence[bytes]) -> list[Told]:
    """The tables that the embedded mode makes of the same facts."""
    settings.stamp(data, "trial")
    with lock_directory(data):
        async with process.open_topic(data, SystemClock()) as topic:
            await topic.publish([Message(cycle, fact) for fact in facts])
        async with embedded.opened_for(data, "trial", AUDITOR) as system:
            loops = {loop.name: loop for loop in system.loops}
            for _ in range(STEPS_MAX):
                if not await loops["ranking.number"].step():
                    break
            while await loops["ranking.count"].step():
                pass
            path, caller = f"/ranking/cycles/{cycle}/table", Caller(system.app)
            return [await caller.get(path, tier=tier) for tier in TIERS]


def test_both_sources_make_the_same_documents_as_the_workers_and_the_embedded_mode(
    town: Town, tmp_path: Path, record_property: Record
) -> None:
    before, cycle, data = tables(town), town.cycle.code, tmp_path / "data"

    from_topic = rebuilt_apart(town, "--from", "topic")
    between = serving(town), tables(town)
    from_ledger = rebuilt(town, "--from", "ledger")
    after = serving(town), tables(town)

    facts = [line.encode() for line in town.numbered().splitlines()]
    alone = asyncio.run(told_embedded(data, cycle, facts))
    with redirect_stdout(io.StringIO()):
        in_folder = cli.main(["rebuild", "--cycle", cycle, "--data", str(data)], {})
    for status, came in (from_topic, from_ledger):
        assert (status, came["state"], came["differences"]) == (WELL, "serves", 0)
        assert (came["facts"], came["compared"]) == (len(facts), from_topic[1]["compared"])
    assert between == (from_topic[1]["generation"], before)
    assert after == (from_ledger[1]["generation"], before)
    assert in_folder == WELL
    assert alone == before
    digests = {
        "drawn by the workers": before[0]["digest"],
        "rebuilt from Kafka": between[1][0]["digest"],
        "rebuilt from PostgreSQL": after[1][0]["digest"],
        "embedded": alone[0]["digest"],
    }
    assert len(set(digests.values())) == 1
    rows = {f"{way}: {found}": {"facts": len(facts)} for way, found in digests.items()}
    tally.count(record_property, "one log, one digest, on real servers", rows)


def test_what_was_killed_half_way_never_serves_and_the_next_command_goes_on(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, served = serving(town), tables(town)

    with monkeypatch.context() as deadly:
        deadly.setattr(processes, "work", broken_off.work)
        status, _ = rebuilt(town, "--workers", "2")
    killed = serving(town), tables(town)
    said = capsys.readouterr().err
    resumed, came = rebuilt(town)

    numbers = [int(name.rpartition("g")[2]) for name in (before, came["generation"])]
    assert status == REFUSED
    assert "run the command again to go on" in said
    assert killed == (before, served)
    assert (resumed, came["state"]) == (WELL, "serves")
    assert numbers[1] == numbers[0] + 2, "the one that was killed had a number of its own"
    assert (serving(town), tables(town)) == (came["generation"], served)


# --- Damage to the servers' stores
#
# The workers stand still meanwhile. They would draw a damaged document anew beside what serves, as
# soon as they find that the pointer has moved; and sign what they read of a damaged ledger.


@contextmanager
def damaged_ledger(town: Town, statement: str) -> Iterator[None]:
    """Do something to the ledger in PostgreSQL, and afterwards make it what it was."""
    entries = town.numbered().splitlines()
    scores = [n for n, each in enumerate(entries, start=1) if "ScoreSubmitted" in each]
    values: Mapping[str, str | int] = {
        "ledger": f"ledger/{town.cycle.code}",
        "score": f'"{POINTS[0]}"',
        "other": f'"{POINTS[1]}"',
        "number": scores[0],
        "last": len(entries),
    }
    url = town.deployed.settings("ranking")["CCHC_POSTGRES"]
    still = town.deployed.workers_still("ranking")
    with still, psycopg.connect(url, autocommit=True) as database:
        database.execute(
            "create table kept as select * from inbox_events where originator_id = %(ledger)s",
            values,
        )
        try:
            assert database.execute(statement.encode(), values).rowcount == 1
            yield
        finally:
            database.execute("delete from inbox_events where originator_id = %(ledger)s", values)
            database.execute("insert into inbox_events select * from kept")
            database.execute("drop table kept")


@contextmanager
def damaged_document(town: Town) -> Iterator[str]:
    """Change a document that serves in MongoDB, give its name, and make it what it was."""
    told, (version, number) = town.deployed.settings("ranking"), serving(town).split(".")
    suffix = f"ranking_agency.{version}.{town.cycle.code}.{number}"
    still = town.deployed.workers_still("ranking")
    with still, MongoClient[dict[str, Any]](told["CCHC_MONGO"]) as client:
        database = client[told["CCHC_MONGO_DATABASE"]]
        [name] = [each for each in database.list_collection_names() if each.endswith(suffix)]
        found = database[name].find_one()
        assert found is not None
        database[name].update_one({"_id": found["_id"]}, {"$set": {"body": "{}"}})
        try:
            yield f"{AGENCIES}/{found['_id']}"
        finally:
            database[name].replace_one({"_id": found["_id"]}, found)


ALTER = """
    update inbox_events
    set state = convert_to(replace(convert_from(state, 'UTF8'), %(score)s, %(other)s), 'UTF8')
    where originator_id = %(ledger)s and originator_version = %(number)s
"""
REMOVE = """
    delete from inbox_events where originator_id = %(ledger)s and originator_version = %(number)s
"""
REMOVE_LAST = """
    delete from inbox_events where originator_id = %(ledger)s and originator_version = %(last)s
"""
DIFFER = "rebuild-sources-differ"
DAMAGES = {
    "a score": (ALTER, {("differs", DIFFER), ("ledger-rewritten", DIFFER)}),
    "an entry removed": (REMOVE, {("entry-missing", DIFFER)}),
    "the last entry removed": (REMOVE_LAST, {("not-met", "not-met"), ("ledger-cut", "ledger-cut")}),
}
"""What is done, and what a rebuild from the ledger and one from the topic may say of it.

It depends on whether a checkpoint speaks of that entry already.
"""


def test_damage_to_postgresql_and_to_mongodb_is_named_and_has_its_exit_status(
    town: Town, record_property: Record
) -> None:
    served, rows = tables(town), {}

    for name, (statement, expected) in DAMAGES.items():
        with damaged_ledger(town, statement):
            found = [rebuilt(town, "--from", source) for source in ("ledger", "topic")]
        verdicts = verdict(found[0][1]), verdict(found[1][1])
        assert verdicts in expected, name
        rows[row(name, *verdicts)] = {"exit": found[0][0]}
    assert rebuilt(town)[0] == WELL, "from now on the cycle has collections of its own"
    with damaged_document(town) as document:
        status, came = rebuilt(town)
    rows[row("a document", verdict(came))] = {"exit": status}
    mended, _ = rebuilt(town)

    tally.count(record_property, "damages to PostgreSQL and MongoDB", rows)
    assert [each["exit"] in {NOT_WELL, NOT_MET} for each in rows.values()] == [True] * 4
    assert came["differing"] == [document]
    assert mended == WELL
    assert tables(town) == served
