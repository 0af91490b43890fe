"""The scanner as a ClamAV daemon, near or far: a file is sent to it, and it answers in a line.

`INSTREAM` of https://docs.clamav.net/manual/Usage/Scanning.html#clamd: `zINSTREAM`, a NUL, chunks
of which each has its length before it (four bytes, the highest first), a chunk of none, and an
answer that ends with NUL. Only the line that says `OK` means that nothing was found.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from shared.kernel.errors import Refused, Unavailable
from shared.ports import Content, Scan

CONNECT_S_MAX = 5.0
SCAN_S_MAX = 120.0
"""As long as the daemon may take by its own default, `MaxScanTime`."""
CHUNK_BYTES = 64 * 1024
ANSWER_BYTES_MAX = 4 * 1024
TEXT_CHARACTERS_MAX = 200
AWAY = "scanner-unavailable"
NONE = "none"

_UNIX = re.compile(r"unix:(?P<path>/.+)")
_TCP = re.compile(r"clamd://(?P<host>[^\s:/@\[\]]+|\[[0-9a-fA-F:]+\]):(?P<port>[0-9]{1,5})")
_PORTS = range(1, 65_536)
_FOUND = re.compile(r"stream: (?P<finding>.+) FOUND")
_CLEAN = "stream: OK"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a daemon listens: at a port of a host, or (no host) at a socket in the file system."""

    host: str
    port: int
    path: str


def address_of(text: str) -> Address:
    """`clamd://host:3310` or `unix:/path`; raises ValueError for anything else."""
    if unix := _UNIX.fullmatch(text):
        return Address("", 0, unix["path"])
    tcp = _TCP.fullmatch(text)
    if tcp is None or int(tcp["port"]) not in _PORTS:
        raise ValueError("clamd://host:3310 | unix:/path")
    return Address(tcp["host"].strip("[]"), int(tcp["port"]), "")


def scanner_of(text: str) -> "ClamAV | None":
    """The scanner that a setting names; `none`, and nothing at all, name none."""
    return None if text in {"", NONE} else ClamAV(address_of(text))


class ClamAV:
    """A daemon that is asked over a connection of its own for each file."""

    def __init__(self, address: Address, *, scan_s_max: float = SCAN_S_MAX) -> None:
        self._address = address
        self._scan_s_max = scan_s_max

    async def scan(self, content: Content) -> Scan:
        """As the port says."""
        name = await self._ask(b"zVERSION\0", _nothing())
        said = await self._ask(b"zINSTREAM\0", _framed(content))
        if said == _CLEAN:
            return Scan(name, None)
        if found := _FOUND.fullmatch(said):
            return Scan(name, found["finding"])
        raise Refused("scanner-refused", reason=said)

    async def _ask(self, command: bytes, body: Content) -> str:
        try:
            async with asyncio.timeout(self._scan_s_max), self._connected() as (reader, writer):
                writer.write(command)
                await _send(writer, body)
                answer = await reader.readuntil(b"\0")
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:
            raise Unavailable(AWAY) from error
        return _plain(answer[:-1])

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        address = self._address
        async with asyncio.timeout(CONNECT_S_MAX):
            reader, writer = await (
                asyncio.open_connection(address.host, address.port, limit=ANSWER_BYTES_MAX)
                if address.host
                else asyncio.open_unix_connection(address.path, limit=ANSWER_BYTES_MAX)
            )
        try:
            writer.transport.set_write_buffer_limits(high=CHUNK_BYTES)
            yield reader, writer
        finally:
            # By now the answer was read, or nobody waits for one. To close would be to wait until
            # the daemon has taken the rest, which one that stands still never does.
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, body: Content) -> None:
    """A daemon that has heard enough hangs up, and has said why: that is still to be read."""
    async for chunk in body:
        writer.write(chunk)
        try:
            await writer.drain()
        except ConnectionError:
            return


async def _framed(content: Content) -> Content:
    async for part in content:
        for start in range(0, len(part), CHUNK_BYTES):
            chunk = part[start : start + CHUNK_BYTES]
            yield len(chunk).to_bytes(4, "big") + chunk
    yield bytes(4)


async def _nothing() -> Content:
    for _ in ():
        yield b""


def _plain(answer: bytes) -> str:
    """What a stranger's program says, as text that may stand in a fact."""
    text = answer.decode("ascii", errors="replace").strip()
    return "".join(each if each.isprintable() else "?" for each in text)[:TEXT_CHARACTERS_MAX]
