"""A part of a file, read a piece at a time, as often as it is needed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 1024 * 1024
LINE_BYTES_MAX = 4 * 1024 * 1024
"""Without its end. The longest line of an entry that a topic takes is a third of it."""


@dataclass(frozen=True, slots=True)
class Content:
    """So many bytes of a file, from a place on."""

    path: Path
    start: int
    size: int

    def chunks(self) -> Iterator[bytes]:
        """All of it, in pieces."""
        left = self.size
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left and (chunk := file.read(min(left, CHUNK_BYTES))):
                left -= len(chunk)
                yield chunk

    def lines(self) -> Iterator[bytes]:
        """Its lines, each with its end; of one that is too long only so much that it shows."""
        left = self.size
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left and (line := file.readline(min(left, LINE_BYTES_MAX + 2))):
                left -= len(line)
                yield line

    def whole(self) -> bytes:
        """All of it at once, for what has a limit."""
        return b"".join(self.chunks())

    def sha256(self) -> str:
        """Its SHA-256, in hex."""
        hashed = hashlib.sha256()
        for chunk in self.chunks():
            hashed.update(chunk)
        return hashed.hexdigest()


def of_file(path: Path) -> Content:
    """A whole file."""
    return Content(path, 0, path.stat().st_size)
