"""Who has brought which file: known by a mark beside it, since what is stored is stored once.

Files lie by their content, whoever brought them, and the SHA-256 of what others attached can be
read in explanations and bundles. To know it is not to have the file: a sheet takes what was
brought to it. A mark is made with a secret of the service, so that none can be brought.
"""

import hashlib
from collections.abc import AsyncIterator

from services.submission.domain.submission import Submission
from shared.ports import Files, Seals


class Brought:
    """The marks of all sheets."""

    def __init__(self, files: Files, seals: Seals) -> None:
        self._files = files
        self._seals = seals

    async def mark(self, sheet: str, sha256: str) -> None:
        """Keep that the file was brought to the sheet; a second time is no news."""
        mark = self._mark(sheet, sha256)
        await self._files.put(_whole(mark), sha256=_sha256(mark), bytes_max=len(mark))

    async def has(self, sheet: str, submission: Submission, sha256: str) -> bool:
        """Whether the file was brought to the sheet, or stood on it already."""
        if sha256 in submission.files:
            return True
        return await self._files.size(_sha256(self._mark(sheet, sha256))) is not None

    def _mark(self, sheet: str, sha256: str) -> bytes:
        return self._seals.digest("file", f"{sheet}/{sha256}".encode()).encode()


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
