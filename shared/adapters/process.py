"""The embedded mode: all services in one process, on files under one data directory.

DATA/lock                  held by the process that uses the directory
DATA/topic.db              the topic `facts`
DATA/<service>/facts.db    what the service says
DATA/<service>/inbox.db    what it heard
DATA/<service>/documents.db, keys.db, people.db, urn.db, drafts.db
DATA/<service>/files       evidence, by its SHA-256
DATA/ranking/checkpoint-key.pem    the private key that signs the ledgers
DATA/people.key            production: by it people have opaque ids in facts
"""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from shared.adapters.alone import Alone, Polling
from shared.adapters.blind_signature import RsaBallotKeys
from shared.adapters.chance import SecretChance
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.files import FolderFiles
from shared.adapters.notary import own_notary
from shared.adapters.sealing import open_seals
from shared.adapters.sqlite import (
    SqliteDirectory,
    SqliteDocuments,
    SqliteDrafts,
    SqliteKeys,
    SqliteStream,
    SqliteUrn,
)
from shared.adapters.uploads import FolderUploads
from shared.events.submission import Mode
from shared.kernel.errors import Unavailable
from shared.ports import Clock, Stream
from shared.runtime.service import Outside

LOCK = "lock"
TOPIC = "topic.db"
HOLDER_BYTES_MAX = 20
OWNER_ONLY = 0o700  # The keys of sealed texts lie there.


@contextmanager
def lock_directory(data_dir: Path) -> Iterator[None]:
    """Keep every other process out of the data directory, which is made if need be.

    Raises `Unavailable("data-directory-in-use")`. The lock is the operating system's: it ends with
    the process, however that ends.
    """
    data_dir.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    descriptor = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, HOLDER_BYTES_MAX).decode("ascii", errors="replace")
            raise Unavailable(
                "data-directory-in-use", directory=str(data_dir), process=holder.strip()
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b"%d\n" % os.getpid())
        yield
    finally:
        os.close(descriptor)


@asynccontextmanager
async def open_topic(data_dir: Path, clock: Clock) -> AsyncIterator[Stream]:
    """The topic that all services of the process share; open it before them, close it last."""
    topic = SqliteStream(data_dir / TOPIC, clock)
    try:
        yield topic
    finally:
        await topic.close()


@asynccontextmanager
async def open_outside(
    data_dir: Path, service: str, *, topic: Stream, clock: Clock, mode: Mode
) -> AsyncIterator[Outside]:
    """The outside world of one service, closed in reverse order at the end."""
    folder = data_dir / service
    folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    chance = SecretChance()
    async with AsyncExitStack() as opened:
        files = FolderFiles(folder / "files")
        opened.push_async_callback(files.close)
        uploads = FolderUploads(folder / "uploads")
        opened.push_async_callback(uploads.close)
        keys = SqliteKeys(folder / "keys.db")
        opened.push_async_callback(keys.close)
        directory = SqliteDirectory(folder / "people.db")
        opened.push_async_callback(directory.close)
        urn = SqliteUrn(folder / "urn.db", chance)
        opened.push_async_callback(urn.close)
        drafts = SqliteDrafts(folder / "drafts.db")
        opened.push_async_callback(drafts.close)
        documents = SqliteDocuments(folder / "documents.db")
        opened.push_async_callback(documents.close)
        inbox = SqliteEventStore(folder / "inbox.db")
        opened.push_async_callback(inbox.close)
        store = SqliteEventStore(folder / "facts.db")
        opened.push_async_callback(store.close)
        yield Outside(
            store=store,
            inbox=inbox,
            topic=topic,
            documents=documents,
            files=files,
            uploads=uploads,
            seals=await open_seals(keys),
            directory=directory,
            urn=urn,
            drafts=drafts,
            ballots=RsaBallotKeys(keys),
            clock=clock,
            chance=chance,
            leases=Alone(),
            news=Polling(),
            notary=own_notary(folder, mode),
            mode=mode,
        )
