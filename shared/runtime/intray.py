"""The in-tray: what somebody brought and nothing rests on yet, so much of it, and for so long.

A file comes in here and is filed once something names it: then it is kept for ever. So what is
never named takes no space for ever, and is counted for whoever brought it.
"""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from shared.kernel.calendar import local
from shared.kernel.errors import Refused, Unavailable
from shared.ports import Check, Content, Files, Uploads, Wanted

LEFT_FOR = timedelta(days=30)
"""So long what was brought is held at least after it was last brought: longer than any holiday."""

WAITING_MAX = 200
WAITING_BYTES_MAX = 1024 * 1024 * 1024
"""So much waits for one holder; what comes in at once with the last of it may go beyond."""


class Intray:
    """The in-trays of all holders, each by a name of its own, and the files behind them."""

    def __init__(self, uploads: Uploads, files: Files) -> None:
        self._uploads = uploads
        self._files = files

    async def bring(
        self,
        holder: str,
        chunks: Content,
        *,
        wanted: Wanted,
        check: Check,
        at: datetime,
        filed: Collection[str] = (),
    ) -> None:
        """Hold a file that streams in; those that are `filed` already wait no more.

        Raises `Refused("uploads-too-many")`, and what `Uploads.put` raises.
        """
        held = await self._uploads.held(_name(holder))
        waiting = {sha256: each for sha256, each in held.items() if sha256 not in filed}
        others = [each for sha256, each in waiting.items() if sha256 != wanted.sha256]
        if (
            len(others) >= WAITING_MAX
            or sum(each.size_bytes for each in others) >= WAITING_BYTES_MAX
        ):
            free_at = min(each.at for each in others) + LEFT_FOR
            raise Refused("uploads-too-many", count=str(len(others)), until=local(free_at))
        await self._uploads.put(_name(holder), chunks, wanted=wanted, at=at, check=check)

    async def size(self, holder: str, sha256: str) -> int | None:
        """The size of a file that was brought; None where it was not, or too long ago."""
        held = await self._uploads.held(_name(holder))
        return held[sha256].size_bytes if sha256 in held else None

    def read(self, holder: str, sha256: str) -> Content:
        """The content of a file that was brought."""
        return self._uploads.read(_name(holder), sha256)

    async def file(self, holder: str, sha256: str, bytes_max: int) -> None:
        """Keep what was brought for ever, before a fact names it."""
        content = self.read(holder, sha256)
        await self._files.put(content, sha256=sha256, bytes_max=bytes_max)

    async def clear(self, holder: str, sha256: str) -> None:
        """Hold it no longer, once a fact names it; what is left is swept out later."""
        with suppress(Unavailable):
            await self._uploads.forget(_name(holder), sha256)

    async def sweep(self, at: datetime) -> int:
        """Forget some of what has been left too long; returns how many files."""
        return await self._uploads.sweep(at - LEFT_FOR)


def _name(holder: str) -> str:
    return hashlib.sha256(holder.encode()).hexdigest()
