"""Files of the embedded mode: a folder in which a file's name is its SHA-256."""

from collections.abc import Sequence
from heapq import nsmallest
from pathlib import Path

from shared.adapters import durable
from shared.adapters.incoming import DIGEST, INCOMING, Incoming, read_whole
from shared.adapters.threads import Threads
from shared.ports import Check, Content, Wanted, take_any

THREADS = 4


class FolderFiles:
    """Files in a folder; what an earlier process left unfinished in it is removed.

    Who only reads removes nothing: another may be writing.
    """

    def __init__(self, folder: Path, *, only_read: bool = False) -> None:
        self._folder = folder
        self._threads = Threads("files", THREADS)
        self._incoming = None if only_read else Incoming(folder, self._threads)

    async def put(
        self, chunks: Content, *, sha256: str, bytes_max: int, check: Check = take_any
    ) -> int:
        """Store a file while it streams in; returns its size in bytes."""
        assert self._incoming is not None, "who only reads puts nothing"
        place = _place(self._folder, sha256)

        def keep(path: Path) -> None:
            place.parent.mkdir(exist_ok=True)
            path.replace(place)
            durable.sync_folder(place.parent)
            durable.sync_folder(self._folder)

        return await self._incoming.take(chunks, Wanted(sha256, bytes_max), check, keep)

    async def size(self, sha256: str) -> int | None:
        """The size in bytes of a stored file; None if there is none."""
        path = _place(self._folder, sha256)
        return await self._threads.run(lambda: path.stat().st_size if path.is_file() else None)

    async def names(self, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` of the stored files behind `after`, in order."""
        return await self._threads.run(lambda: _names(self._folder, after, limit))

    def read(self, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        return read_whole(self._threads, _place(self._folder, sha256), sha256)

    async def close(self) -> None:
        """Finish what was begun."""
        await self._threads.close()


def _names(folder: Path, after: str, limit: int) -> Sequence[str]:
    found = (path.parent.name + path.name for path in folder.glob("??/*"))
    return nsmallest(limit, (name for name in found if DIGEST.fullmatch(name) and name > after))


def _place(folder: Path, sha256: str) -> Path:
    """`ab/cdef...`; what is no digest is the name of no file, and of none outside the folder."""
    if not DIGEST.fullmatch(sha256):
        return folder / INCOMING / "nothing"
    return folder / sha256[:2] / sha256[2:]
