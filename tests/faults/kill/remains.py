"""What is left in the data directory of a system that was killed many times, and then stopped."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from shared.adapters.clock import SystemClock
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.sqlite import SqliteDocuments, SqliteStream
from shared.events.codec import Stored
from shared.ports import EventStore
from tests.faults.judged.client import LOOK_EVERY_S, Client, World
from tests.faults.judged.cycle import Cycle
from tests.faults.judged.remains import (
    ALL,
    VIEWS,
    Bodies,
    Remains,
    bodies_of,
    collections_of,
    is_counted,
    ledger_of,
    rebuilt_from,
    told_by,
    verified,
)
from tests.faults.kill.lives import Lives

QUIET_S_MAX = 30
INCOMING = "incoming"


async def remains_of(world: World[Lives], cycle: Cycle, quiet_s_max: int = QUIET_S_MAX) -> Remains:
    """Wait until everything is told and counted, stop the system, and look into its files.

    The cycle is the only one of the system.
    """
    data = world.system.data
    await _until_quiet(world, cycle, quiet_s_max)
    told = await told_by(world, cycle)
    await world.system.stop()
    stores: dict[str, Sequence[Stored]] = {}
    shown: dict[str, Bodies] = {}
    rebuilt: dict[str, Bodies] = {}
    for service in VIEWS:
        async with _store(data / service / "facts.db") as store:
            stores[service] = [entry.fact for entry in await store.log(after=0, limit=ALL)]
            async with _store(data / service / "inbox.db") as inbox:
                rebuilt |= await rebuilt_from(service, store, inbox)
        shown |= await _shown(data / service / "documents.db", collections_of(service))
    async with _store(data / "ranking" / "inbox.db") as inbox:
        ledger, beside = await ledger_of(inbox, cycle)
    return Remains(
        told=told,
        stores=stores,
        topic=await _topic(data),
        ledger=ledger,
        beside=beside,
        files=_files(data / "submission" / "files"),
        shown=shown,
        rebuilt=rebuilt,
        verified=await asyncio.to_thread(verified, told.facts, data.parent / "empty"),
        log=world.system.log.read_text("utf-8"),
    )


async def _until_quiet(world: World[Lives], cycle: Cycle, quiet_s_max: int) -> None:
    """Until the ledger holds as much as all stores together and is shown, or nothing more comes."""
    auditor = Client(world, "watchman", "auditor")
    clock = asyncio.get_running_loop().time
    deadline = clock() + quiet_s_max
    while clock() < deadline:
        recorded = 0
        for service in VIEWS:
            async with _store(world.system.data / service / "facts.db") as store:
                recorded += await store.end()
        if await is_counted(auditor, cycle, recorded):
            return
        await asyncio.sleep(LOOK_EVERY_S)


async def _shown(path: Path, collections: Sequence[str]) -> Mapping[str, Bodies]:
    documents = SqliteDocuments(path)
    try:
        return {name: await bodies_of(documents, name) for name in collections}
    finally:
        await documents.close()


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


@asynccontextmanager
async def _store(path: Path) -> AsyncIterator[EventStore]:
    store = SqliteEventStore(path)
    try:
        yield store
    finally:
        await store.close()
