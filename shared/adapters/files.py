"""Evidence files of the embedded mode: a folder in which a file's name is its SHA-256.

A file is written aside, hashed while it streams in, checked, forced to the disk and only then given
its name, so that under a name there is either the whole content or nothing.
"""

import os
import re
import secrets
from contextlib import suppress
from hashlib import sha256 as sha256_of
from pathlib import Path
from threading import Lock

from shared.adapters import durable
from shared.adapters.threads import Threads
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ports import Check, Content, take_any

CHUNK_BYTES = 256 * 1024
THREADS = 4
INCOMING = "incoming"
DIGEST = re.compile(r"[0-9a-f]{64}")


class FolderFiles:
    """Files in a folder; what an earlier process left unfinished in it is removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = Threads("files", THREADS)
        incoming = folder / INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        for unfinished in incoming.iterdir():
            unfinished.unlink()

    async def put(
        self, chunks: Content, *, sha256: str, bytes_max: int, check: Check = take_any
    ) -> int:
        """Store a file while it streams in; returns its size in bytes."""
        run = self._threads.run
        upload = _Upload(self._folder)
        try:
            async for chunk in chunks:
                if upload.size + len(chunk) > bytes_max:
                    raise Refused("file-too-large", maximum=str(bytes_max))
                if upload.take(chunk):
                    await run(upload.write)
            if upload.sha256 != sha256:
                raise Refused("file-hash-differs", expected=sha256, actual=upload.sha256)
            await run(upload.write)
            await check(self._chunks(upload.path))
            await run(upload.keep)
            return upload.size
        finally:
            await run(upload.discard)

    async def size(self, sha256: str) -> int | None:
        """The size in bytes of a stored file; None if there is none."""
        path = _place(self._folder, sha256)
        return await self._threads.run(lambda: path.stat().st_size if path.is_file() else None)

    async def read(self, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        digest = sha256_of()
        try:
            async for chunk in self._chunks(_place(self._folder, sha256)):
                digest.update(chunk)
                yield chunk
        except FileNotFoundError as error:
            raise Missing("file-unknown", sha256=sha256) from error
        except OSError as error:
            raise Unavailable("file-spoilt", sha256=sha256) from error
        if digest.hexdigest() != sha256:
            raise Unavailable("file-spoilt", sha256=sha256)

    async def close(self) -> None:
        """Finish what was begun."""
        await self._threads.close()

    async def _chunks(self, path: Path) -> Content:
        run = self._threads.run
        file = await run(lambda: path.open("rb"))
        try:
            while chunk := await run(lambda: file.read(CHUNK_BYTES)):
                yield chunk
        finally:
            await run(file.close)


class _Upload:
    """A file that is on its way in; its steps that touch the disk exclude one another."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._folder = folder
        self.path = folder / INCOMING / secrets.token_hex()
        self._digest = sha256_of()
        self._waiting = bytearray()
        self._turn = Lock()
        self._over = False

    @property
    def sha256(self) -> str:
        """The digest of what came so far."""
        return self._digest.hexdigest()

    def take(self, chunk: bytes) -> bool:
        """Take a chunk; whether there is enough to be worth writing."""
        self.size += len(chunk)
        self._digest.update(chunk)
        self._waiting += chunk
        return len(self._waiting) >= CHUNK_BYTES

    def write(self) -> None:
        """Write what waits."""
        with self._turn:
            self._write()

    def keep(self) -> None:
        """Force the content to the disk, and give it its name."""
        with self._turn:
            if self._over:
                return
            self._write()
            with self.path.open("rb") as file:
                os.fsync(file.fileno())
            place = _place(self._folder, self.sha256)
            place.parent.mkdir(exist_ok=True)
            self.path.replace(place)
            durable.sync_folder(place.parent)
            durable.sync_folder(self._folder)

    def discard(self) -> None:
        """Remove what was not kept; nothing is written afterwards."""
        with self._turn, suppress(FileNotFoundError):
            self._over = True
            self.path.unlink()

    def _write(self) -> None:
        if not self._over:
            with self.path.open("ab") as file:
                file.write(self._waiting)
            self._waiting.clear()


def _place(folder: Path, sha256: str) -> Path:
    """`ab/cdef...`; what is no digest is the name of no file, and of none outside the folder."""
    if not DIGEST.fullmatch(sha256):
        return folder / INCOMING / "nothing"
    return folder / sha256[:2] / sha256[2:]
