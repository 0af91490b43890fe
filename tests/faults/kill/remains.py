"""What is left in the data directory of a system that was killed many times, and then stopped."""

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.appraisal.views import VIEWS as APPRAISAL
from services.ranking.application import Board, Ledgers
from services.ranking.application.board import AGENCIES, CYCLES, TABLES
from services.ranking.views import VIEWS as RANKING
from services.submission.views import VIEWS as SUBMISSION
from services.survey.views import VIEWS as SURVEY
from shared.adapters.clock import SystemClock
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.memory import MemoryDocuments
from shared.adapters.sqlite import SqliteDocuments, SqliteStream
from shared.events.codec import Stored
from shared.ports import Documents, EventStore
from shared.runtime.number import ALTERED, LEDGER, PARKED, entries
from shared.runtime.project import Projector
from tests.faults.kill import cycle as the
from tests.faults.kill.client import LOOK_EVERY_S, Client, World
from tests.support.running import PROJECT

VIEWS: Mapping[str, Sequence[Any]] = {
    "submission": SUBMISSION,
    "appraisal": APPRAISAL,
    "survey": SURVEY,
    "ranking": RANKING,
}
BOARD = (AGENCIES, CYCLES, TABLES)
QUIET_S_MAX = 30
PAGE = 1_000
ALL = 1_000_000
INCOMING = "incoming"

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
    """What lies in the files; `shown` and `rebuilt` are documents by collection and id."""

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


async def remains_of(world: World, quiet_s_max: int = QUIET_S_MAX) -> Remains:
    """Wait until everything is told and counted, stop the system, and look into its files."""
    told = await _told(world, quiet_s_max)
    await world.lives.stop()
    data = world.lives.data
    stores: dict[str, Sequence[Stored]] = {}
    shown: dict[str, Bodies] = {}
    rebuilt: dict[str, Bodies] = {}
    for service, views in VIEWS.items():
        async with _store(data / service / "facts.db") as store:
            stores[service] = [entry.fact for entry in await store.log(after=0, limit=ALL)]
            anew = MemoryDocuments()
            await _project(store, anew, views)
            collections = [view.collection for view in views]
            if service == "ranking":
                collections += await _board(data, anew)
            rebuilt |= {name: await _bodies(anew, name) for name in collections}
        shown |= await _shown(data / service / "documents.db", collections)
    async with _store(data / "ranking" / "inbox.db") as inbox:
        ledger = [kept.fact async for _, kept in entries(inbox, LEDGER + the.CYCLE)]
        beside = [
            f"{kind}{number}"
            for kind in (PARKED, ALTERED)
            async for number, _ in entries(inbox, kind + the.CYCLE)
        ]
    return Remains(
        told=told,
        stores=stores,
        topic=await _topic(data),
        ledger=ledger,
        beside=beside,
        files=_files(data / "submission" / "files"),
        shown=shown,
        rebuilt=rebuilt,
        verified=await asyncio.to_thread(_verified, told.facts, data.parent / "empty"),
        log=world.lives.log.read_text("utf-8"),
    )


async def _told(world: World, quiet_s_max: int) -> Told:
    auditor = Client(world, "auditor", "auditor")
    surveyor = Client(world, "reader", "survey-officer")
    await _until_quiet(auditor, world.lives.data, quiet_s_max)
    facts, after, size = b"", 0, 1
    ledger = (await auditor.get(the.ranking("ledger"))).body
    while after < size:
        page = await auditor.get_lines(the.ranking(f"facts?after={after}"))
        facts, after, size = facts + page.content, page.next, page.size
    explained = {}
    for agency in the.AGENCIES:
        sheet = (await auditor.get(the.sheet(agency))).body
        for item in sheet["items"] if sheet else ():
            explanation = item.get("explanation")
            explained[agency, item["item"]] = explanation["text"] if explanation else None
    return Told(
        facts=facts,
        ledger=ledger,
        digest=(await auditor.get(the.ranking("hindrances"))).body["digest"],
        explained=explained,
        turnout={
            name: (await surveyor.get(f"{the.survey(name)}/turnout")).body
            for name in the.QUESTIONNAIRES
        },
    )


async def _until_quiet(auditor: Client, data: Path, quiet_s_max: int) -> None:
    """Until the ledger holds as much as all stores together and is shown, or nothing more comes."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + quiet_s_max
    while clock() < deadline:
        reply = await auditor.get(the.ranking("ledger"))
        recorded = 0
        for service in VIEWS:
            async with _store(data / service / "facts.db") as store:
                recorded += await store.end()
        table = await auditor.get(the.ranking("table?tier=department"))
        sizes = [reply.body["size"], table.body["counted_to"]] if table.taken else []
        if sizes == [recorded, recorded]:
            return
        await asyncio.sleep(LOOK_EVERY_S)


async def _project(store: EventStore, documents: Documents, views: Sequence[Any]) -> None:
    projector = Projector(store, documents, views)
    while await projector.step():
        pass


async def _board(data: Path, documents: Documents) -> Sequence[str]:
    async with _store(data / "ranking" / "inbox.db") as inbox:
        await Board(Ledgers(inbox), documents).show_all()
    return BOARD


async def _shown(path: Path, collections: Sequence[str]) -> Mapping[str, Bodies]:
    documents = SqliteDocuments(path)
    try:
        return {name: await _bodies(documents, name) for name in collections}
    finally:
        await documents.close()


async def _bodies(documents: Documents, collection: str) -> Bodies:
    found: dict[str, Mapping[str, Any] | None] = {}
    after = ""
    while page := await documents.page(collection, prefix="", after=after, limit=PAGE):
        found |= {document.id: document.body for document in page}
        after = page[-1].id
    return found


async def _topic(data: Path) -> Sequence[bytes]:
    async def beginning(_: int) -> int:
        return 0

    topic = SqliteStream(data / "topic.db", SystemClock())
    try:
        async with topic.subscribe("judge", beginning) as subscription:
            return [each.body for each in await subscription.fetch(limit=ALL, timeout_s=1.0)]
    finally:
        await topic.close()


def _files(folder: Path) -> Mapping[str, str]:
    """The digests of what lies under each name."""
    stored = [path for path in folder.glob("*/*") if path.parent.name != INCOMING]
    return {
        path.parent.name + path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in stored
    }


def _verified(facts: bytes, folder: Path) -> Mapping[str, Any]:
    """What the offline verifier makes of the exported facts, in an empty folder."""
    folder.mkdir()
    exported = folder / "facts.ndjson"
    exported.write_bytes(facts)
    command = (sys.executable, "-W", "error", "-m", "shared.verify", str(exported), "--json")
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if not done.stdout:
        return {"exit": done.returncode, "faults": [done.stderr]}
    return {**json.loads(done.stdout), "exit": done.returncode}


@asynccontextmanager
async def _store(path: Path) -> AsyncIterator[EventStore]:
    store = SqliteEventStore(path)
    try:
        yield store
    finally:
        await store.close()
