"""Files in memory: those that are kept, by their content, and those that were only brought."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256 as sha256_of

from shared.kernel.errors import Missing, Refused
from shared.ports import Brought, Check, Content, Wanted, take_any

CHUNK_BYTES = 64 * 1024


class MemoryFiles:
    """Files in memory."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    async def put(
        self, chunks: Content, *, sha256: str, bytes_max: int, check: Check = take_any
    ) -> int:
        """Store a file while it streams in; returns its size in bytes."""
        content = await _received(chunks, Wanted(sha256, bytes_max), check)
        self._files[sha256] = content
        return len(content)

    async def size(self, sha256: str) -> int | None:
        """The size in bytes of a stored file; None if there is none."""
        content = self._files.get(sha256)
        return None if content is None else len(content)

    async def names(self, *, after: str = "", limit: int) -> Sequence[str]:
        """Up to `limit` of the stored files behind `after`, in order."""
        return sorted(name for name in self._files if name > after)[:limit]

    async def read(self, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        if sha256 not in self._files:
            raise Missing("file-unknown", sha256=sha256)
        async for chunk in _chunks(self._files[sha256]):
            yield chunk


class MemoryUploads:
    """What was brought, in memory."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], tuple[bytes, datetime]] = {}

    async def put(
        self, holder: str, chunks: Content, *, wanted: Wanted, at: datetime, check: Check = take_any
    ) -> int:
        """Hold a file that streams in; returns its size in bytes."""
        content = await _received(chunks, wanted, check)
        _, before = self._held.get((holder, wanted.sha256), (content, at))
        self._held[holder, wanted.sha256] = content, max(at, before)
        return len(content)

    async def held(self, holder: str) -> Mapping[str, Brought]:
        """What a holder has, by its SHA-256."""
        return {
            sha256: Brought(len(content), at)
            for (whose, sha256), (content, at) in self._held.items()
            if whose == holder
        }

    async def read(self, holder: str, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        if (holder, sha256) not in self._held:
            raise Missing("file-unknown", sha256=sha256)
        content, _ = self._held[holder, sha256]
        async for chunk in _chunks(content):
            yield chunk

    async def forget(self, holder: str, sha256: str) -> None:
        """Hold a file no longer."""
        self._held.pop((holder, sha256), None)

    async def sweep(self, before: datetime) -> int:
        """Forget what was last brought before a time."""
        old = [place for place, (_, at) in self._held.items() if at < before]
        for place in old:
            del self._held[place]
        return len(old)


async def _received(chunks: Content, wanted: Wanted, check: Check) -> bytes:
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > wanted.bytes_max:
            raise Refused("file-too-large", maximum=str(wanted.bytes_max))
    digest = sha256_of(content).hexdigest()
    if digest != wanted.sha256:
        raise Refused("file-hash-differs", expected=wanted.sha256, actual=digest)
    await check(_chunks(content))
    return bytes(content)


async def _chunks(content: bytes | bytearray) -> Content:
    for start in range(0, len(content), CHUNK_BYTES):
        yield bytes(content[start : start + CHUNK_BYTES])
