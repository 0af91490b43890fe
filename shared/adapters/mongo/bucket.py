"""Files on MongoDB, as GridFS has them, each under a name that one of them has at a time.

An upload stands among the files from its first byte on, but without a name; it gets one when all of
it is there, has the right hash and was checked, in one step that happens or does not. One that ends
before is removed, unless the server or this process went away: then some of it may still be on its
way. It stays on that list, and later uploads sweep it up once it is a day old.

A name that is there already says nothing of what stands under it. So that is read once more before
an upload gives way to it; where it is spoilt, the upload takes its name.

The collections are those of https://github.com/mongodb/specifications (GridFS), so that its tools
read a file by its name. They are filled here: a driver's own bucket holds back up to 48 MB.
"""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256 as sha256_of

from bson import Int64, ObjectId
from pymongo import DeleteMany, DeleteOne, InsertOne, UpdateOne

from shared.adapters.mongo.database import ID, Collection, Database, Fields, Key, Written
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ports import Check, Content, Wanted

AWAY, SPOILT = "files-unavailable", "file-spoilt"
CHUNK_BYTES = 255 * 1024
WRITTEN_BYTES = 4 * CHUNK_BYTES
"""How much of an upload is kept back until it is worth a call."""

UNFINISHED_FOR = timedelta(days=1)
"""How long an upload may take: by then nothing of one that was given up is still on its way."""

SWEPT_MAX = 2
"""How many old ones an upload sweeps up; it leaves one behind at most."""

FORGOTTEN_MAX = 50
"""How many old files are forgotten at a time."""

NAMING_MAX = 5
"""So often an upload asks for its name, which another may have, or have lost meanwhile."""

NAME: Key = ("filename",)
PART: Key = ("files_id", "n")
COMING, KEPT, DROPPED = "coming", "kept", "dropped"


class Bucket:
    """The files of two collections, by their names."""

    def __init__(self, database: Database, name: str) -> None:
        self._files = database.collection(f"{name}.files", away=AWAY)
        self._chunks = database.collection(f"{name}.chunks", away=AWAY)

    async def migrate(self) -> None:
        """Make the indexes, as often as you like."""
        await self._files.index(NAME, unique=True, sparse=True)
        await self._files.index(("metadata.state", "_id"))
        await self._chunks.index(PART, unique=True)

    async def put(
        self, name: str, chunks: Content, wanted: Wanted, check: Check, at: datetime | None = None
    ) -> int:
        """Store a file while it streams in; the same that is there already is of that time too."""
        await self._sweep()
        upload = _Upload(self._files, self._chunks)
        try:
            await upload.begin()
            async for chunk in chunks:
                if upload.size + len(chunk) > wanted.bytes_max:
                    raise Refused("file-too-large", maximum=str(wanted.bytes_max))
                await upload.take(chunk)
            if upload.sha256 != wanted.sha256:
                raise Refused("file-hash-differs", expected=wanted.sha256, actual=upload.sha256)
            await upload.write()
            await check(self._parts(upload.id, upload.size))
            await self._name(upload, name, at or upload.id.generation_time)
            return upload.size
        finally:
            await upload.discard()

    async def read(self, name: str, sha256: str) -> Content:
        """The content in chunks, which has this hash; raises `Missing("file-unknown")`."""
        kept = await self.kept(name)
        if kept is None:
            raise Missing("file-unknown", sha256=sha256)
        async for part in self._whole(kept, sha256):
            yield part

    async def kept(self, name: str) -> Fields | None:
        """What is said of the file with a name."""
        return await self._files.find_one({"filename": name})

    async def find(self, prefix: str, limit: int) -> Sequence[Fields]:
        """The files whose name begins like this and goes on behind a slash."""
        behind = {"$gte": f"{prefix}/", "$lt": f"{prefix}0"}
        return await self._files.find({"filename": behind}, limit=limit)

    async def names(self, after: str, limit: int) -> Sequence[str]:
        """The names that sort behind `after`, in order."""
        named = {"filename": {"$gt": after}}
        return [each["filename"] for each in await self._files.find(named, limit=limit, by=NAME)]

    async def forget(self, kept: Fields) -> bool:
        """Forget a file, unless it is of another time by now; whether it was forgotten."""
        same = {"_id": kept["_id"], "metadata.state": KEPT, "uploadDate": kept["uploadDate"]}
        nameless = {"$set": {"metadata.state": DROPPED}, "$unset": {"filename": ""}}
        if not (await self._files.write([UpdateOne(same, nameless)])).found:
            return False
        await _remove(self._files, self._chunks, kept["_id"])
        return True

    async def of_before(self, before: datetime) -> Sequence[Fields]:
        """Some of the files that are of an earlier time."""
        old = {"metadata.state": KEPT, "uploadDate": {"$lt": before}}
        return await self._files.find(old, limit=FORGOTTEN_MAX)

    async def _name(self, upload: "_Upload", name: str, at: datetime) -> None:
        """Give an upload its name, or let the same that has it be of this time too."""
        for _ in range(NAMING_MAX):
            if await upload.keep(name, at):
                return
            kept = await self.kept(name)
            if kept is None:
                continue
            if await self._is_spoilt(kept, upload.sha256):
                await self.forget(kept)
            elif await self._renew(kept, at):
                return
        raise Unavailable(AWAY)

    async def _renew(self, kept: Fields, at: datetime) -> bool:
        """Let a file be of this time too, unless it was forgotten meanwhile: whether it is."""
        same = {"_id": kept["_id"], "metadata.state": KEPT}
        later = UpdateOne(same, {"$max": {"uploadDate": at}})
        return bool((await self._files.write([later])).found)

    async def _is_spoilt(self, kept: Fields, sha256: str) -> bool:
        try:
            async for _ in self._whole(kept, sha256):
                pass
        except Unavailable as problem:
            if problem.code != SPOILT:
                raise
            return True
        return False

    async def _whole(self, kept: Fields, sha256: str) -> Content:
        digest = sha256_of()
        async for part in self._parts(kept["_id"], kept["length"]):
            digest.update(part)
            yield part
        if digest.hexdigest() != sha256:
            raise Unavailable(SPOILT, sha256=sha256)

    async def _parts(self, upload: ObjectId, size: int) -> Content:
        taken, number = 0, 0
        while taken < size:
            chunk = await self._chunks.find_one({"files_id": upload, "n": number})
            if chunk is None:
                raise Unavailable(SPOILT, upload=str(upload))
            taken, number = taken + len(chunk["data"]), number + 1
            yield chunk["data"]

    async def _sweep(self) -> None:
        """Remove some of what was begun long ago, by the clock that is in every id."""
        before = ObjectId.from_datetime(ObjectId().generation_time - UNFINISHED_FOR)
        unfinished = {"metadata.state": {"$in": [COMING, DROPPED]}, "_id": {"$lt": before}}
        for old in await self._files.find(unfinished, limit=SWEPT_MAX):
            await _remove(self._files, self._chunks, old["_id"])


class _Upload:
    """A file that is on its way in."""

    def __init__(self, files: Collection, chunks: Collection) -> None:
        self.size = 0
        self._files = files
        self._chunks = chunks
        self.id = ObjectId()
        self._digest = sha256_of()
        self._waiting = bytearray()
        self._written = 0
        self._answered = True
        self._kept = False

    @property
    def sha256(self) -> str:
        """The digest of what came so far."""
        return self._digest.hexdigest()

    async def begin(self) -> None:
        """Put it on the list."""
        insert = InsertOne({"_id": self.id, "metadata": {"state": COMING}})
        await self._answer(self._files.write([insert]))

    async def take(self, chunk: bytes) -> None:
        """Take a chunk, and write what is worth it."""
        self.size += len(chunk)
        self._digest.update(chunk)
        self._waiting += chunk
        while len(self._waiting) >= WRITTEN_BYTES:
            await self._write()

    async def write(self) -> None:
        """Write the rest."""
        while self._waiting:
            await self._write()

    async def keep(self, name: str, at: datetime) -> bool:
        """Give it a name, unless another has that: whether it has it now."""
        said = {
            "filename": name,
            "length": Int64(self.size),
            "chunkSize": CHUNK_BYTES,
            "uploadDate": at,
            "metadata.state": KEPT,
        }
        coming = {"_id": self.id, "metadata.state": COMING}
        update = UpdateOne(coming, {"$set": said})
        named = await self._answer(self._files.write([update], unique=(NAME,)))
        self._kept = bool(named.found)
        if not named.found and not named.taken:
            raise Unavailable(AWAY)  # It took so long that it was swept up.
        return self._kept

    async def discard(self) -> None:
        """Remove what was not kept, if nothing of it can come any more."""
        if self._answered and not self._kept:
            with suppress(Unavailable):  # It stays on the list.
                await _remove(self._files, self._chunks, self.id)

    async def _write(self) -> None:
        """Write some of what waits."""
        writing = bytes(self._waiting[:WRITTEN_BYTES])
        parts = [writing[at : at + CHUNK_BYTES] for at in range(0, len(writing), CHUNK_BYTES)]
        inserts = [
            InsertOne({"files_id": self.id, "n": number, "data": part})
            for number, part in enumerate(parts, start=self._written)
        ]
        # A part that is there already is this very one: the driver heard nothing, and tried again.
        await self._answer(self._chunks.write(inserts, unique=(ID, PART)))
        self._written += len(parts)
        del self._waiting[: len(writing)]

    async def _answer(self, writing: Awaitable[Written]) -> Written:
        """Its answer; and remember where there is none."""
        self._answered = False
        written = await writing
        self._answered = True
        return written


async def _remove(files: Collection, chunks: Collection, upload: ObjectId) -> None:
    """Remove an upload that was not kept, and cannot be any more once it is dropped."""
    state = "metadata.state"
    not_kept = {"_id": upload, state: {"$ne": KEPT}}
    if (await files.write([UpdateOne(not_kept, {"$set": {state: DROPPED}})])).found:
        await chunks.write([DeleteMany({"files_id": upload})])
        await files.write([DeleteOne({"_id": upload, state: DROPPED})])
