"""What is left of a system after its faults: what it says itself, and what lies in its stores."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from services.appraisal.views import VIEWS as APPRAISAL
from services.ranking.application import Board, Ledgers
from services.ranking.application.board import AGENCIES, CYCLES, TABLES
from services.ranking.views import VIEWS as RANKING
from services.submission.views import VIEWS as SUBMISSION
from services.survey.views import VIEWS as SURVEY
from shared.adapters.memory import MemoryDocuments, MemoryEventStore
from shared.events.codec import Stored
from shared.events.envelope import cycle_of
from shared.ports import Documents, EventStore
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.number import LEDGER, entries
from shared.runtime.project import Projector
from shared.runtime.react import STOPPED, track_of
from tests.faults.judged.client import Client, World
from tests.faults.judged.cycle import Cycle
from tests.support.running import PROJECT
from tests.support.wanted import WANTED

VIEWS: Mapping[str, Sequence[Any]] = {
    "submission": SUBMISSION,
    "appraisal": APPRAISAL,
    "survey": SURVEY,
    "ranking": RANKING,
}
BOARD = (AGENCIES, CYCLES, TABLES)
BESIDE = (PARKED, ALTERED, STOPPED)
PAGE = 1_000
ALL = 1_000_000
CRASH = "Traceback (most recent call last)"
"""Of an error that nobody expects, whether it was logged or a process died of it."""

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
class Kept:
    """What a service has kept of a cycle.

    `shown` and `rebuilt` are documents by collection and id. `heard` is what the others said, as
    the inbox has it; the ledger is that of ranking, which has it in place of that. `beside` names
    what was set aside in either, and where reactions stand still.
    """

    facts: Sequence[Stored]
    shown: Mapping[str, Bodies]
    rebuilt: Mapping[str, Bodies]
    heard: Sequence[Stored]
    ledger: Sequence[bytes]
    beside: Sequence[str]


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of a cycle: what is told of it, and what lies in stores, topic and files."""

    told: Told
    kept: Mapping[str, Kept]
    topic: Sequence[bytes]
    files: Mapping[str, str]
    verified: Mapping[str, Any]
    log: str

    @property
    def stores(self) -> Mapping[str, Sequence[Stored]]:
        """The facts of each service."""
        return {service: kept.facts for service, kept in self.kept.items()}

    @property
    def recorded(self) -> int:
        """How many facts there are."""
        return sum(map(len, self.stores.values()))

    @property
    def ledger(self) -> Sequence[bytes]:
        """The facts of the ledger, in its order."""
        return self.kept["ranking"].ledger

    @property
    def inboxes(self) -> Mapping[str, Sequence[Stored]]:
        """What each service heard, but for ranking, which has the ledger."""
        return {service: self.kept[service].heard for service in WANTED}


class Ports(Protocol):
    """The stores of a service."""

    @property
    def store(self) -> EventStore:
        """What it said."""

    @property
    def inbox(self) -> EventStore:
        """What it heard."""

    @property
    def documents(self) -> Documents:
        """What it shows."""


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
            name: (await surveyor.get(f"{cycle.survey(name)}/turnout")).body["agencies"]
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


def is_heard(said: Iterable[Stored], inboxes: Mapping[str, Sequence[Stored]]) -> bool:
    """Whether every service holds all that it wants of what was said."""
    ids = {fact.id for fact in said}
    return all(
        {fact for fact in ids if fact.startswith(wanted)} <= {fact.id for fact in inboxes[service]}
        for service, wanted in WANTED.items()
    )


async def log_of(store: EventStore, cycle: Cycle) -> list[Stored]:
    """The facts of a cycle in the order of a store's log, without what was set aside there."""
    logged = [entry.fact for entry in await store.log(after=0, limit=ALL)]
    return [
        fact
        for fact in logged
        if not fact.stream.startswith(BESIDE) and cycle_of(fact.stream) == cycle.code
    ]


async def kept_by(service: str, ports: Ports, cycle: Cycle) -> Kept:
    """What a service has kept of a cycle, and what it would show of it."""
    facts = await log_of(ports.store, cycle)
    rebuilt = await _rebuilt(service, facts, ports.inbox, cycle)
    return Kept(
        facts=facts,
        shown={name: await _bodies(ports.documents, name, cycle) for name in rebuilt},
        rebuilt=rebuilt,
        heard=await log_of(ports.inbox, cycle) if service in WANTED else (),
        ledger=[kept.fact async for _, kept in entries(ports.inbox, LEDGER + cycle.code)],
        beside=[each async for each in _beside(ports, cycle)],
    )


async def _beside(ports: Ports, cycle: Cycle) -> AsyncIterator[str]:
    """What was ever set aside, in the ledger or an inbox; of what was stopped, what still is."""
    for kind in BESIDE:
        for name in await ports.inbox.streams(kind, limit=ALL):
            place = name.removeprefix(kind)
            if cycle.code not in (place, *place.split("/")[1:2]):
                continue
            reached = await ports.store.tracked(track_of(place)) if kind == STOPPED else 0
            for fact in await ports.inbox.stream(name, after=reached, limit=ALL):
                yield fact.id


async def _rebuilt(
    service: str, facts: Sequence[Stored], inbox: EventStore, cycle: Cycle
) -> Mapping[str, Bodies]:
    """The documents made anew from the facts; those of ranking from its ledger."""
    anew, views = MemoryDocuments(), VIEWS[service]
    projector = Projector(await _store_of(facts), anew, views)
    while await projector.step():
        pass
    names = [view.collection for view in views]
    if service == "ranking":
        streams = [kind + cycle.code for kind in (LEDGER, PARKED, ALTERED)]
        kept = [fact for name in streams for fact in await inbox.stream(name, limit=ALL)]
        await Board(Ledgers(await _store_of(kept)), anew, "judge").show_all()
        names += BOARD
    return {name: await _bodies(anew, name, cycle) for name in names}


async def _store_of(facts: Sequence[Stored]) -> EventStore:
    store = MemoryEventStore()
    await store.append(facts)
    return store


async def _bodies(documents: Documents, collection: str, cycle: Cycle) -> Bodies:
    """Every living document that belongs to the cycle."""
    found: dict[str, Mapping[str, Any] | None] = {}
    after = ""
    while page := await documents.page(collection, prefix=cycle.code, after=after, limit=PAGE):
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
