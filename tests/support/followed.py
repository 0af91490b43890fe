"""An application served over HTTP within the test, and those who read its events.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from shared.adapters import server

HOST = "127.0.0.1"
SOON_S = 30.0
LOOK_S = 0.01
RECEIVED_BYTES_MAX = 4_096


@dataclass(frozen=True, slots=True)
class Served:
    """A server that serves until `over`; `serving` is done when it has stopped."""

    port: int
    over: asyncio.Event
    serving: asyncio.Task[None]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def stop(self) -> float:
        """Ask it to stop; returns after how many seconds it did."""
        time_s = asyncio.get_running_loop().time
        began_s = time_s()
        self.over.set()
        await self.serving
        return time_s() - began_s


@dataclass(frozen=True, slots=True)
class Event:
    """One event as a reader understands it; a comment has only `data`."""

    name: str = ""
    data: bytes = b""
    number: int | None = None
    retry_ms: int | None = None


@asynccontextmanager
async def served(app: Callable[..., Awaitable[None]]) -> AsyncIterator[Served]:
    """Serve an application on a free port, and stop it at the end."""
    over, ready = asyncio.Event(), asyncio.Event()
    with server.listen(HOST, 0) as listening:
        port = listening.getsockname()[1]
        serving = asyncio.create_task(server.serve(app, listening, ready=ready.set, over=over))
        await ready.wait()
        try:
            yield Served(port, over, serving)
        finally:
            over.set()
            await serving


@asynccontextmanager
async def following(
    served: Served, path: str, **headers: str
) -> AsyncIterator[AsyncIterator[Event]]:
    """Follow a path, as a reader that takes whatever comes, soon."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        httpx.AsyncClient(base_url=served.url, timeout=SOON_S) as client,
        client.stream("GET", path, headers=said) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield _events(answer.aiter_bytes())


@contextmanager
def taking_nothing(served: Served, path: str, **headers: str) -> Iterator[socket.socket]:
    """Ask for a path, as a reader that takes nothing of the answer by itself."""
    asked = [f"GET {path} HTTP/1.1", f"Host: {HOST}", *(f"{k}: {v}" for k, v in headers.items())]
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED_BYTES_MAX)
        reader.connect((HOST, served.port))
        reader.sendall("\r\n".join([*asked, "", ""]).encode())
        yield reader


async def until(is_so: Callable[[], Any]) -> None:
    """Wait until something is so, which has to be soon."""
    async with asyncio.timeout(SOON_S):
        while not is_so():  # noqa: ASYNC110 - nobody tells when it is so
            await asyncio.sleep(LOOK_S)


async def _events(chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """What a reader makes of the stream, by its blocks."""
    unread = b""
    async for chunk in chunks:
        *blocks, unread = (unread + chunk).split(b"\n\n")
        for block in blocks:
            yield _event(block)
    assert unread == b"", "an answer ends with a whole event"


def _event(block: bytes) -> Event:
    fields = dict(line.split(b":", 1) for line in block.split(b"\n"))
    said = {name.decode(): value.removeprefix(b" ") for name, value in fields.items()}
    number, retry_ms = said.get("id"), said.get("retry")
    return Event(
        name=said.get("event", b"").decode(),
        data=said.get("data", b""),
        number=None if number is None else int(number),
        retry_ms=None if retry_ms is None else int(retry_ms),
    )
