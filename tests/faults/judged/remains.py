"""What is left of a system after its faults: what it says itself, and what lies in its stores."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.appraisal.views import VIEWS as APPRAISAL
from services.ranking.application import Board, Ledgers
from services.ranking.application.board import AGENCIES, CYCLES, TABLES
from services.ranking.views import VIEWS as RANKING
from services.submission.views import VIEWS as SUBMISSION
from services.survey.views import VIEWS as SURVEY
from shared.adapters.memory import MemoryDocuments
from shared.events.codec import Stored
from shared.ports import Documents, EventStore
from shared.runtime.number import ALTERED, LEDGER, PARKED, entries
from shared.runtime.project import Projector
from tests.faults.judged.client import Client, World
from tests.faults.judged.cycle import Cycle
from tests.support.running import PROJECT

VIEWS: Mapping[str, Sequence[Any]] = {
    "submission": SUBMISSION,
    "appraisal": APPRAISAL,
    "survey": SURVEY,
    "ranking": RANKING,
}
BOARD = (AGENCIES, CYCLES, TABLES)
PAGE = 1_000
ALL = 1_000_000

Bodies = Mapping[str, Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Told:
    """What the running system says in the end, by HTTP."""

    facts: bytes
    ledger: Mapping[str, Any]
    digest: str
    explained: Mapping[tuple[str, str], str | None]
    turnout: Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Remains:
    """What lies in the stores; `shown` and `rebuilt` are documents by collection and id."""

    told: Told
    stores: Mapping[str, Sequence[Stored]]
    topic: Sequence[bytes]
    ledger: Sequence[bytes]
    beside: Sequence[str]
    files: Mapping[str, str]
    shown: Mapping[str, Bodies]
    rebuilt: Mapping[str, Bodies]
    verified: Mapping[str, Any]
    log: str


async def told_by(world: World[Any], cycle: Cycle) -> Told:
    """Everything that an auditor and a survey officer can read of a cycle."""
    auditor = Client(world, "auditor", "auditor")
    surveyor = Client(world, "reader", "survey-officer")
    facts, after, size = b"", 0, 1
    ledger = (await auditor.get(cycle.ranking("ledger"))).body
    while after < size:
        page = await auditor.get_lines(cycle.ranking(f"facts?after={after}"))
        facts, after, size = facts + page.content, page.next, page.size
    explained = {}
    for agency in cycle.every_agency:
        sheet = (await auditor.get(cycle.sheet(agency))).body
        for item in sheet["items"] if sheet else ():
            explanation = item.get("explanation")
            explained[agency, item["item"]] = explanation["text"] if explanation else None
    return Told(
        facts=facts,
        ledger=ledger,
        digest=(await auditor.get(cycle.ranking("hindrances"))).body["digest"],
        explained=explained,
        turnout={
            name: (await surveyor.get(f"{cycle.survey(name)}/turnout")).body
            for name in cycle.questionnaires
        },
    )


async def is_counted(auditor: Client, cycle: Cycle, recorded: int) -> bool:
    """Whether the ledger holds so many facts, and they are shown."""
    ledger = await auditor.get(cycle.ranking("ledger"))
    if ledger.body["size"] != recorded:
        return False
    tables = [await auditor.get(cycle.ranking(f"table?tier={tier}")) for tier in cycle.agencies]
    return all(table.taken and table.body["counted_to"] == recorded for table in tables)


async def ledger_of(inbox: EventStore, cycle: Cycle) -> tuple[Sequence[bytes], Sequence[str]]:
    """The facts of a ledger in their order, and the names of what was set aside."""
    ledger = [kept.fact async for _, kept in entries(inbox, LEDGER + cycle.code)]
    beside = [
        f"{kind}{number}"
        for kind in (PARKED, ALTERED)
        async for number, _ in entries(inbox, kind + cycle.code)
    ]
    return ledger, beside


async def rebuilt_from(service: str, store: EventStore, inbox: EventStore) -> Mapping[str, Bodies]:
    """The documents of a service, made anew from its facts; those of ranking from its ledger."""
    anew = MemoryDocuments()
    projector = Projector(store, anew, VIEWS[service])
    while await projector.step():
        pass
    if service == "ranking":
        await Board(Ledgers(inbox), anew).show_all()
    return {name: await bodies_of(anew, name) for name in collections_of(service)}


def collections_of(service: str) -> Sequence[str]:
    """The names of what a service shows."""
    own = [view.collection for view in VIEWS[service]]
    return [*own, *BOARD] if service == "ranking" else own


async def bodies_of(documents: Documents, collection: str) -> Bodies:
    """Every living document of a collection."""
    found: dict[str, Mapping[str, Any] | None] = {}
    after = ""
    while page := await documents.page(collection, prefix="", after=after, limit=PAGE):
        found |= {document.id: document.body for document in page}
        after = page[-1].id
    return found


def verified(facts: bytes, folder: Path) -> Mapping[str, Any]:
    """What the offline verifier makes of the exported facts, in a new folder."""
    folder.mkdir()
    exported = folder / "facts.ndjson"
    exported.write_bytes(facts)
    command = (sys.executable, "-W", "error", "-m", "shared.verify", str(exported), "--json")
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if not done.stdout:
        return {"exit": done.returncode, "faults": [done.stderr], "claims": []}
    return {**json.loads(done.stdout), "exit": done.returncode}
