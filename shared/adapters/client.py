"""A caller of the HTTP API, as a program: patient with a server that is away, exact about a no.

Every request may be repeated without harm, as the API promises: a PUT or DELETE by its resource,
a POST by its `Idempotency-Key`. So whatever got no answer, or 502, 503 or 504, is said again.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from shared.kernel import errors
from shared.kernel.errors import Flaw, Problem, Unavailable

ATTEMPTS_MAX = 6
PAUSE_S_MAX = 3.0
ANSWER_BYTES_MAX = 32 * 1024 * 1024
CONNECTIONS_MAX = 10
IDLE_CONNECTIONS_MAX = 5
IDLE_S_MAX = 5.0

_KIND_OF_STATUS: Mapping[int, type[Problem]] = {
    401: errors.Unknown,
    403: errors.Forbidden,
    404: errors.Missing,
    412: errors.Stale,
    428: errors.Stale,
    502: errors.Unavailable,
    503: errors.Unavailable,
    504: errors.Unavailable,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits: for a connection, for each part of an answer, and in all."""

    connect_s: float = 5.0
    pool_s: float = 5.0
    """For one of the own connections to be free."""

    write_s: float = 10.0
    read_s: float = 30.0
    pause_s: float = 0.1
    """Before the second attempt; every later pause is twice as long, up to `PAUSE_S_MAX`."""

    call_s: float = 60.0
    """For a call with all its attempts, whatever trickles in meanwhile."""


PATIENCE = Patience()


class Client:
    """Calls one system as one person; answers are decoded JSON.

    Every method raises the `Problem` that the server answered with, `Refused` where its status has
    no kind of its own, and `Unavailable("server-unreachable")` after `ATTEMPTS_MAX` attempts or
    when the time of the call is over.
    """

    def __init__(self, http: httpx.AsyncClient, patience: Patience) -> None:
        self._http = http
        self._patience = patience

    async def get(self, path: str, **parameters: str | int) -> Any:  # noqa: ANN401 - any JSON
        """Read."""
        return await self._answer("GET", path, params=parameters)

    async def put(self, path: str, body: object, *, based_on: int | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Say what a resource is; `based_on` is the version that was read."""
        headers = {} if based_on is None else {"If-Match": f'"{based_on}"'}
        return await self._answer("PUT", path, json=body, headers=headers)

    async def post(self, path: str, body: object, *, key: str) -> Any:  # noqa: ANN401 - any JSON
        """Give a command; the same key names the same command."""
        return await self._answer("POST", path, json=body, headers={"Idempotency-Key": key})

    async def delete(self, path: str, *, based_on: int | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Take something back."""
        headers = {} if based_on is None else {"If-Match": f'"{based_on}"'}
        return await self._answer("DELETE", path, headers=headers)

    async def _answer(self, method: str, path: str, **said: Any) -> Any:  # noqa: ANN401 - any JSON
        call_s = self._patience.call_s
        try:
            async with asyncio.timeout(call_s):
                return await self._patiently(method, path, **said)
        except TimeoutError as error:
            raise Unavailable("server-unreachable", reason=f"{call_s:g} s") from error

    async def _patiently(self, method: str, path: str, **said: Any) -> Any:  # noqa: ANN401 - any JSON
        pause_s = self._patience.pause_s
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                return await self._once(method, path, **said)
            except Unavailable:
                if attempt == ATTEMPTS_MAX:
                    raise
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, method: str, path: str, **said: Any) -> Any:  # noqa: ANN401 - any JSON
        try:
            async with self._http.stream(method, path, **said) as answer:
                content = await _content(answer)
        except httpx.RequestError as error:
            raise Unavailable("server-unreachable", reason=str(error) or repr(error)) from error
        if not answer.is_success:
            raise _problem(answer.status_code, content)
        try:
            return json.loads(content)
        except ValueError as error:
            raise _not_understood(answer.status_code) from error


@asynccontextmanager
async def connect(
    url: str,
    token: str = "",
    *,
    patience: Patience = PATIENCE,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Client]:
    """A client of the system at `url`, with a token or as the public."""
    async with httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        transport=transport,
        timeout=httpx.Timeout(
            connect=patience.connect_s,
            read=patience.read_s,
            write=patience.write_s,
            pool=patience.pool_s,
        ),
        limits=httpx.Limits(
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=IDLE_CONNECTIONS_MAX,
            keepalive_expiry=IDLE_S_MAX,
        ),
        http1=True,
        http2=False,
        verify=True,
        # Elsewhere than where it was sent, a token is somebody else's.
        follow_redirects=False,
        # Settings enter by main: no proxy and no password of the environment.
        trust_env=False,
    ) as http:
        yield Client(http, patience)


async def _content(answer: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > ANSWER_BYTES_MAX:
            raise _not_understood(answer.status_code)
    return bytes(content)


def _problem(status: int, content: bytes) -> Problem:
    try:
        said = json.loads(content)
        flaws = [Flaw(each.get("pointer", ""), each["code"]) for each in said.get("errors", ())]
        return _kind(status)(said["code"], flaws=flaws, **said.get("details", {}))
    except (AttributeError, KeyError, TypeError, ValueError):
        return _not_understood(status)


def _not_understood(status: int) -> Problem:
    return _kind(status)("answer-not-understood", status=str(status))


def _kind(status: int) -> type[Problem]:
    return _KIND_OF_STATUS.get(status, errors.Refused)
