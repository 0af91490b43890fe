"""HTTP byte by byte, for those who keep no rule of it."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

READ_BYTES_MAX = 1024 * 1024
ANSWERED_S_MAX = 60.0
STATUS = re.compile(rb"(?:^|(?<=[^A-Za-z]))HTTP/1\.1 ([1-5][0-9]{2}) ")
GONE = (ConnectionError, asyncio.IncompleteReadError)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back, and whether the connection was ended by the other side."""

    content: bytes
    is_ended: bool

    @property
    def statuses(self) -> Sequence[int]:
        """Of each answer, without `100 Continue`."""
        found = [int(status) for status in STATUS.findall(self.content)]
        return [status for status in found if status != 100]


class Line:
    """A connection to say anything on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, url: str) -> "Line":
        """A line to where a system answers."""
        at = urlsplit(url)
        return cls(*await asyncio.open_connection(at.hostname, at.port))

    async def say(self, content: bytes) -> bool:
        """Send it, as far as it is taken; whether all of it was."""
        try:
            self._writer.write(content)
            await self._writer.drain()
        except GONE:
            return False
        return not self._writer.is_closing()

    async def hear(self, seconds: float = ANSWERED_S_MAX, more_s: float | None = None) -> Heard:
        """All that comes until the other side ends it, or for so long.

        With `more_s` it is so long at most behind the first that comes, however late that is.
        """
        parts: list[bytes] = []
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(seconds) as limit:
                while part := await self._reader.read(READ_BYTES_MAX):
                    if more_s is not None and not parts:
                        limit.reschedule(asyncio.get_running_loop().time() + more_s)
                    parts.append(part)
                return Heard(b"".join(parts), is_ended=True)
        return Heard(b"".join(parts), is_ended=self._reader.at_eof() or bool(self._lost()))

    def _lost(self) -> BaseException | None:
        return self._reader.exception()

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with suppress(*GONE):
            await self._writer.wait_closed()


async def said(url: str, *parts: bytes, more_s: float | None = None) -> Heard:
    """Say it on a line of its own, and hear what comes of it."""
    line = await Line.to(url)
    try:
        for part in parts:
            if not await line.say(part):
                break
        return await line.hear(more_s=more_s)
    finally:
        await line.close()


def head(method: str, path: str, headers: Mapping[str, str] | Sequence[str] = ()) -> bytes:
    """A head; its fields are named, or lines as they are."""
    lines = [f"{k}: {v}" for k, v in headers.items()] if isinstance(headers, Mapping) else headers
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: town", *lines, "", ""]).encode()
