"""Evidence files for tests: content, its digest, and how it is put and read."""

from collections.abc import AsyncIterator
from hashlib import sha256 as sha256_of

from shared.ports import Files

LARGE = bytes(range(256)) * 4_096
BYTES_MAX = 2 * len(LARGE)


def digest_of(content: bytes) -> str:
    return sha256_of(content).hexdigest()


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def put(files: Files, *parts: bytes, bytes_max: int = BYTES_MAX) -> int:
    sha256 = digest_of(b"".join(parts))
    return await files.put(chunks(*parts), sha256=sha256, bytes_max=bytes_max)


async def content_of(files: Files, content: bytes) -> bytes:
    return b"".join([chunk async for chunk in files.read(digest_of(content))])
