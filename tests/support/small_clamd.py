"""A small daemon that speaks ClamAV's protocol, and the ways in which one may fail to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from shared.adapters.clamav import Address
from shared.adapters.memory.scanner import EICAR

HOST = "127.0.0.1"
VERSION = b"ClamAV 1.4.6/27500/Mon Nov 15 08:00:00 2021"
SIGNATURES = f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n"
LIMIT = 25 * 1024 * 1024

Answer = Callable[[bytes], bytes | None]
"""What is answered to a file; None hangs up without a word."""


def sound(content: bytes) -> bytes | None:
    """What the real one says."""
    if len(content) > LIMIT:
        return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@asynccontextmanager
async def at_port(answer: Answer = sound) -> AsyncIterator[Address]:
    """One that listens at a port."""
    server = await asyncio.start_server(_talk(answer), HOST, 0)
    async with server:
        yield Address(HOST, server.sockets[0].getsockname()[1], "")


@asynccontextmanager
async def at_socket(folder: Path, answer: Answer = sound) -> AsyncIterator[Address]:
    """One that listens at a socket in a folder."""
    path = str(folder / "clamd.ctl")
    server = await asyncio.start_unix_server(_talk(answer), path)
    async with server:
        yield Address("", 0, path)


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def _talk(answer: Answer) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            said = await _answer(reader, answer)
            if said is not None:
                writer.write(said)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # Whoever asked has gone.
        finally:
            writer.close()

    return talk


async def _answer(reader: asyncio.StreamReader, answer: Answer) -> bytes | None:
    match await reader.readuntil(b"\0"):
        case b"zVERSION\0":
            return VERSION + b"\0"
        case b"zINSTREAM\0":
            return answer(await _stream(reader))
        case _:
            return b"UNKNOWN COMMAND\0"


async def _stream(reader: asyncio.StreamReader) -> bytes:
    content = bytearray()
    while length := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(length)
        if len(content) > LIMIT:
            break
    return bytes(content)
