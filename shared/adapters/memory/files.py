"""Files in memory, by their content."""

from hashlib import sha256 as sha256_of

from shared.kernel.errors import Missing, Refused
from shared.ports import Check, Content, take_any

CHUNK_BYTES = 64 * 1024


class MemoryFiles:
    """Files in memory."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    async def put(
        self, chunks: Content, *, sha256: str, bytes_max: int, check: Check = take_any
    ) -> int:
        """Store a file while it streams in; returns its size in bytes."""
        content = bytearray()
        async for chunk in chunks:
            content += chunk
            if len(content) > bytes_max:
                raise Refused("file-too-large", maximum=str(bytes_max))
        digest = sha256_of(content).hexdigest()
        if digest != sha256:
            raise Refused("file-hash-differs", expected=sha256, actual=digest)
        await check(_chunks(content))
        self._files.setdefault(sha256, bytes(content))
        return len(content)

    async def size(self, sha256: str) -> int | None:
        """The size in bytes of a stored file; None if there is none."""
        content = self._files.get(sha256)
        return None if content is None else len(content)

    async def read(self, sha256: str) -> Content:
        """The content in chunks; raises `Missing("file-unknown")`."""
        if sha256 not in self._files:
            raise Missing("file-unknown", sha256=sha256)
        async for chunk in _chunks(self._files[sha256]):
            yield chunk


async def _chunks(content: bytes | bytearray) -> Content:
    for start in range(0, len(content), CHUNK_BYTES):
        yield bytes(content[start : start + CHUNK_BYTES])
