"""What was brought in the embedded mode: a folder for each holder, with files by their SHA-256.

When a file was last brought, its time of change tells, which is set.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from shared.adapters import durable
from shared.adapters.incoming import DIGEST, INCOMING, Incoming, read_whole
from shared.adapters.threads import Threads
from shared.ports import Brought, Check, Content, Wanted, take_any

THREADS = 4


class FolderUploads:
    """What was brought, in a folder of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = Threads("uploads", THREADS)
        self._incoming = Incoming(folder, self._threads)
        self._turn = Lock()
        """Nothing is brought again while it is looked at as old."""

    async def put(
        self, holder: str, chunks: Content, *, wanted: Wanted, at: datetime, check: Check = take_any
    ) -> int:
        """Hold a file that streams in; returns its size in bytes."""
        place = self._place(holder, wanted.sha256)

        def keep(path: Path) -> None:
            with self._turn:
                place.parent.mkdir(exist_ok=True)
                brought_at = max(at, _brought_at(place)) if place.is_file() else at
                os.utime(path, (brought_at.timestamp(), brought_at.timestamp()))
                path.replace(place)
                durable.sync_folder(place.parent)
                durable.sync_folder(self._folder)

        return await self._incoming.take(chunks, wanted, check, keep)

    async def held(self, holder: str) -> Mapping[str, Brought]:
        """What a holder has, by its SHA-256."""
        return await self._threads.run(lambda: self._held(holder))

    def read(self, holder: str, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        return read_whole(self._threads, self._place(holder, sha256), sha256)

    async def forget(self, holder: str, sha256: str) -> None:
        """Hold a file no longer."""
        path = self._place(holder, sha256)
        await self._threads.run(lambda: self._forget(path))

    async def sweep(self, before: datetime) -> int:
        """Forget what was last brought before a time."""
        return await self._threads.run(lambda: self._sweep(before))

    async def close(self) -> None:
        """Finish what was begun."""
        await self._threads.close()

    def _held(self, holder: str) -> Mapping[str, Brought]:
        with self._turn:
            return {
                path.name: Brought(path.stat().st_size, _brought_at(path))
                for path in _files_in(self._place(holder, "").parent)
            }

    def _forget(self, path: Path) -> None:
        with self._turn:
            path.unlink(missing_ok=True)

    def _sweep(self, before: datetime) -> int:
        swept = 0
        with self._turn:
            for holder in (each for each in self._folder.iterdir() if each.name != INCOMING):
                old = [path for path in _files_in(holder) if _brought_at(path) < before]
                for path in old:
                    path.unlink()
                swept += len(old)
                if not any(holder.iterdir()):
                    holder.rmdir()
        return swept

    def _place(self, holder: str, sha256: str) -> Path:
        """What is no digest is the name of nothing, and of nothing outside the folder."""
        assert DIGEST.fullmatch(holder), "a holder is named by a digest"
        name = sha256 if DIGEST.fullmatch(sha256) else "nothing"
        return self._folder / holder / name


def _files_in(holder: Path) -> Iterator[Path]:
    names = holder.iterdir() if holder.is_dir() else ()
    return (path for path in names if DIGEST.fullmatch(path.name))


def _brought_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
