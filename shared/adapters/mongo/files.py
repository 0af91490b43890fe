"""Files on MongoDB: those that are kept, by their content, and those that were only brought."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.adapters.incoming import DIGEST
from shared.adapters.mongo.bucket import Bucket
from shared.adapters.mongo.database import Database
from shared.kernel.errors import Missing
from shared.ports import Brought, Check, Content, Wanted, take_any

FILES, UPLOADS = "fs", "uploads"
HELD_MAX = 1_000
"""So many files of a holder are told at most."""


async def migrate(database: Database) -> None:
    """Make the indexes of files, as often as you like; documents need none."""
    for name in (FILES, UPLOADS):
        await Bucket(database, name).migrate()


class MongoFiles:
    """Files in one database of MongoDB; a file's name there is its SHA-256."""

    def __init__(self, database: Database) -> None:
        self._bucket = Bucket(database, FILES)

    async def put(
        self, chunks: Content, *, sha256: str, bytes_max: int, check: Check = take_any
    ) -> int:
        """Store a file while it streams in; returns its size in bytes."""
        return await self._bucket.put(sha256, chunks, Wanted(sha256, bytes_max), check)

    async def size(self, sha256: str) -> int | None:
        """The size in bytes of a stored file; None if there is none."""
        kept = await self._bucket.kept(sha256) if DIGEST.fullmatch(sha256) else None
        return None if kept is None else int(kept["length"])

    async def names(self, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` of the stored files behind `after`, in order."""
        return await self._bucket.names(after, limit)

    async def read(self, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        if not DIGEST.fullmatch(sha256):
            raise Missing("file-unknown", sha256=sha256)
        async for part in self._bucket.read(sha256, sha256):
            yield part


class MongoUploads:
    """What was brought, in one database of MongoDB; a file is named `holder/SHA-256`."""

    def __init__(self, database: Database) -> None:
        self._bucket = Bucket(database, UPLOADS)

    async def put(
        self, holder: str, chunks: Content, *, wanted: Wanted, at: datetime, check: Check = take_any
    ) -> int:
        """Hold a file that streams in; returns its size in bytes."""
        return await self._bucket.put(_name(holder, wanted.sha256), chunks, wanted, check, at)

    async def held(self, holder: str) -> Mapping[str, Brought]:
        """What a holder has, by its SHA-256."""
        return {
            kept["filename"].rpartition("/")[2]: Brought(int(kept["length"]), kept["uploadDate"])
            for kept in await self._bucket.find(holder, HELD_MAX)
        }

    def read(self, holder: str, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        return self._bucket.read(_name(holder, sha256), sha256)

    async def forget(self, holder: str, sha256: str) -> None:
        """Hold a file no longer."""
        kept = await self._bucket.kept(_name(holder, sha256))
        if kept is not None:
            await self._bucket.forget(kept)

    async def sweep(self, before: datetime) -> int:
        """Forget some of what was last brought before a time."""
        old = await self._bucket.of_before(before)
        return sum([await self._bucket.forget(kept) for kept in old])


def _name(holder: str, sha256: str) -> str:
    assert DIGEST.fullmatch(holder), "a holder is named by a digest"
    return f"{holder}/{sha256}"
