"""The service that says back what it was told, where it is not always there when it is called.

What becomes of the first requests is told by the address: `/RUN/FATE-FATE-.../call`. Every later
one is served. `/RUN/asked/requests` says how many there were. The fates:

    served   as if nothing were
    NUMBER   this status, and a page of somebody else
    away     503, and the reason
    drop     the connection ends in the midst of an answer
    slow     nothing comes
    drip     an answer comes, a byte at a time, and never ends
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import httpx
from fastapi import FastAPI

from shared.adapters import server
from tests.support import echo

HOST = "127.0.0.1"
ELSEWHERE = "/another/served/call"
DRIP_S = 0.02
AWAY = b'{"code":"database-unavailable"}'

Said = MutableMapping[str, Any]
Send = Callable[[Said], Awaitable[None]]
Receive = Callable[[], Awaitable[Said]]


def _fate_of(fates: Sequence[str], number: int) -> str:
    """What becomes of a request, the first of which has the number 1."""
    return fates[number - 1] if number <= len(fates) else "served"


class Unsteady:
    """An application before which things happen."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.requests: Counter[str] = Counter()

    async def __call__(self, scope: Said, receive: Receive, send: Send) -> None:
        """Serve one request, or do what its fate is."""
        _, run, fates, rest = scope["path"].split("/", 3)
        if rest == "requests":
            await _say(send, 200, str(self.requests[run]).encode())
            return
        self.requests[run] += 1
        match _fate_of(fates.split("-"), self.requests[run]):
            case "served":
                await self._app({**scope, "path": f"/{rest}"}, receive, send)
            case "away":
                await _say(send, 503, AWAY)
            case "drop":
                await _begin(send, 200, length=100)
            case "slow":
                await _until_gone(receive)
            case "drip":
                await _drip(receive, send)
            case status:
                await _say(send, int(status), b"<html>")


class Way(httpx.AsyncBaseTransport):
    """The same in memory: a way to the service on which the first requests meet their fates."""

    def __init__(self, fates: Sequence[str]) -> None:
        self._steady = echo.transport()
        self._fates = fates
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Serve one request, or do what its fate is."""
        self.requests += 1
        match _fate_of(self._fates, self.requests):
            case "served":
                return await self._steady.handle_async_request(request)
            case "away":
                return httpx.Response(503, content=AWAY)
            case "drop":
                raise httpx.ReadError("the line is dead", request=request)
            case "slow":
                await asyncio.sleep(request.extensions["timeout"]["read"])
                raise httpx.ReadTimeout("nothing came", request=request)
            case "drip":
                return httpx.Response(200, stream=_Drip())
            case status:
                return httpx.Response(
                    int(status), content=b"<html>", headers={"location": ELSEWHERE}
                )


class _Drip(httpx.AsyncByteStream):
    """An answer that never ends."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(DRIP_S)


async def _say(send: Send, status: int, content: bytes) -> None:
    await _begin(send, status, length=len(content))
    await send({"type": "http.response.body", "body": content})


async def _begin(send: Send, status: int, *, length: int) -> None:
    headers = [(b"content-length", str(length).encode()), (b"location", ELSEWHERE.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _drip(receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_until_gone(receive))
    await _begin(send, 200, length=10**9)
    while not gone.done():
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.wait([gone], timeout=DRIP_S)


if __name__ == "__main__":
    listening = server.listen(HOST, 0)
    sys.stdout.write(f"http://{HOST}:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    asyncio.run(server.serve(Unsteady(echo.app()), listening, over=asyncio.Event()))
