"""Files on their way into a folder: there is the whole content under a name, or nothing.

A file is written aside, hashed while it streams in, checked, forced to the disk and only then given
its name.
"""

import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256 as sha256_of
from pathlib import Path
from threading import Lock

from shared.adapters.threads import Threads
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ports import Check, Content, Wanted

CHUNK_BYTES = 256 * 1024
INCOMING = "incoming"
DIGEST = re.compile(r"[0-9a-f]{64}")


class Incoming:
    """Takes files into a folder; what an earlier process left unfinished there is removed."""

    def __init__(self, folder: Path, threads: Threads) -> None:
        self._folder = folder / INCOMING
        self._threads = threads
        self._folder.mkdir(parents=True, exist_ok=True)
        for unfinished in self._folder.iterdir():
            unfinished.unlink()

    async def take(
        self, chunks: Content, wanted: Wanted, check: Check, keep: Callable[[Path], None]
    ) -> int:
        """Let a file stream in; `keep` moves it to its place. Returns its size in bytes."""
        run = self._threads.run
        upload = _Upload(self._folder / secrets.token_hex(), keep)
        try:
            async for chunk in chunks:
                if upload.size + len(chunk) > wanted.bytes_max:
                    raise Refused("file-too-large", maximum=str(wanted.bytes_max))
                if upload.take(chunk):
                    await run(upload.write)
            if upload.sha256 != wanted.sha256:
                raise Refused("file-hash-differs", expected=wanted.sha256, actual=upload.sha256)
            await run(upload.write)
            await check(read(self._threads, upload.path))
            await run(upload.keep)
            return upload.size
        finally:
            await run(upload.discard)


async def read(threads: Threads, path: Path) -> Content:
    """The content of a file in chunks."""
    file = await threads.run(lambda: path.open("rb"))
    try:
        while chunk := await threads.run(lambda: file.read(CHUNK_BYTES)):
            yield chunk
    finally:
        await threads.run(file.close)


async def read_whole(threads: Threads, path: Path, sha256: str) -> Content:
    """The same of a file with this hash, as the ports promise it."""
    digest = sha256_of()
    try:
        async for chunk in read(threads, path):
            digest.update(chunk)
            yield chunk
    except FileNotFoundError as error:
        raise Missing("file-unknown", sha256=sha256) from error
    except OSError as error:
        raise Unavailable("file-spoilt", sha256=sha256) from error
    if digest.hexdigest() != sha256:
        raise Unavailable("file-spoilt", sha256=sha256)


class _Upload:
    """A file that is on its way in; its steps that touch the disk exclude one another."""

    def __init__(self, path: Path, keep: Callable[[Path], None]) -> None:
        self.size = 0
        self.path = path
        self._keep = keep
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
            self._keep(self.path)

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
