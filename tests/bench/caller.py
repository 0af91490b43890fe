"""A caller that costs little: bytes made beforehand, on connections that stay open.

A client library needs more time for a request than the server that is measured.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

ANSWER_BYTES_MAX = 4 * 1024 * 1024
_LENGTH = b"content-length:"
_HEAD_ENDS = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What came of many requests: how long they took together, and each one."""

    seconds: float
    latencies_s: Sequence[float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies_s) / self.seconds


class Failed(Exception):
    """An answer that no measurement is to be made of."""


def request(
    method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of a request; a body that is no bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else _json(body)
    said = {"Host": "bench", "Content-Type": "application/json", **(headers or {})}
    lines = [f"{name}: {value}\r\n" for name, value in said.items()]
    head = f"{method} {path} HTTP/1.1\r\n{''.join(lines)}Content-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


async def load(url: str, requests: Sequence[bytes], *, at_once: int) -> Load:
    """Send all of them, so many at a time; raises `Failed` at the first refusal."""
    waiting = iter(requests)
    latencies: list[float] = []

    async def send(connection: "Connection") -> None:
        for each in waiting:
            began = time.perf_counter()
            await connection.ask(each)
            latencies.append(time.perf_counter() - began)

    connections = [await Connection.to(url) for _ in range(at_once)]
    began = time.perf_counter()
    await asyncio.gather(*map(send, connections))
    seconds = time.perf_counter() - began
    for connection in connections:
        await connection.close()
    return Load(seconds, latencies)


class Connection:
    """One connection, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, url: str) -> "Connection":
        """A connection to an address."""
        address = urlsplit(url)
        return cls(
            *await asyncio.open_connection(address.hostname, address.port, limit=ANSWER_BYTES_MAX)
        )

    async def ask(self, sent: bytes) -> bytes:
        """The body of the answer."""
        self._writer.write(sent)
        head = await self._reader.readuntil(_HEAD_ENDS)
        body = await self._reader.readexactly(_length(head))
        if not head.startswith(b"HTTP/1.1 2"):
            first = sent.partition(b"\r\n")[0].decode()
            raise Failed(f"{first}: {head.partition(b' ')[2][:3].decode()} {body.decode()}")
        return body

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _length(head: bytes) -> int:
    """The answers that are measured all say how long they are."""
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(_LENGTH)]
    return int(lengths[0].removeprefix(_LENGTH)) if lengths else 0
