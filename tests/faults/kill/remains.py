"""What is left in the data directory of a system that was killed many times, and then stopped."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.adapters.clock import SystemClock
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.sqlite import SqliteDocuments, SqliteStream
from shared.events.codec import Stored
from tests.faults.judged.client import LOOK_EVERY_S, Client, World
from tests.faults.judged.cycle import Cycle
from tests.faults.judged.remains import (
    ALL,
    VIEWS,
    Kept,
    Remains,
    is_counted,
    is_heard,
    kept_by,
    log_of,
    told_by,
    verified,
)
from tests.faults.kill.lives import Lives

QUIET_S_MAX = 30
INCOMING = "incoming"


async def remains_of(world: World[Lives], cycle: Cycle, quiet_s_max: int = QUIET_S_MAX) -> Remains:
    """Wait until everything is told, heard and counted, stop the system, and look into its files.

    The cycle is the only one of the system.
    """
    data = world.system.data
    await _until_quiet(world, cycle, quiet_s_max)
    told = await told_by(world, cycle)
    await world.system.stop()
    kept: dict[str, Kept] = {}
    for service in VIEWS:
        async with _opened(data / service) as files:
            kept[service] = await kept_by(service, files, cycle)
    return Remains(
        told=told,
        kept=kept,
        topic=await _topic(data),
        files={
            **_uploads(data / "submission" / "uploads"),
            **_files(data / "submission" / "files"),
        },
        verified=await asyncio.to_thread(verified, told.facts, data.parent / "empty"),
        log=world.system.log.read_text("utf-8"),
    )


async def _until_quiet(world: World[Lives], cycle: Cycle, quiet_s_max: int) -> None:
    """Until all is heard, and the ledger holds it and is shown, or nothing more comes."""
    auditor = Client(world, "watchman", "auditor")
    clock = asyncio.get_running_loop().time
    deadline = clock() + quiet_s_max
    while clock() < deadline:
        said: list[Stored] = []
        heard: dict[str, Sequence[Stored]] = {}
        for service in VIEWS:
            async with _opened(world.system.data / service) as files:
                said += await log_of(files.store, cycle)
                heard[service] = await log_of(files.inbox, cycle)
        if is_heard(said, heard) and await is_counted(auditor, cycle, len(said)):
            return
        await asyncio.sleep(LOOK_EVERY_S)


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


def _uploads(folder: Path) -> Mapping[str, str]:
    """The same of what was brought, by whomever."""
    held = [path for path in folder.glob("*/*") if path.parent.name != INCOMING]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in held}


@dataclass(frozen=True, slots=True)
class _Files:
    store: SqliteEventStore
    inbox: SqliteEventStore
    documents: SqliteDocuments


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[_Files]:
    files = _Files(
        SqliteEventStore(folder / "facts.db"),
        SqliteEventStore(folder / "inbox.db"),
        SqliteDocuments(folder / "documents.db"),
    )
    try:
        yield files
    finally:
        for file in (files.store, files.inbox, files.documents):
            await file.close()
