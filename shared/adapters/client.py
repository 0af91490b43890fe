"""A caller of the HTTP API, as a program: patient with a server that is away, exact about a no.

Every request may be repeated without harm, as the API promises: a PUT or DELETE by its resource,
a POST by its `Idempotency-Key`. So whatever got no answer, or 503, is said again.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from shared.kernel import errors
from shared.kernel.errors import Flaw, Problem, Unavailable

TIMEOUT_S = 30
ATTEMPTS_MAX = 6
PAUSE_S_MIN = 0.1
PAUSE_S_MAX = 3.0

_KIND_OF_STATUS: Mapping[int, type[Problem]] = {
    401: errors.Unknown,
    403: errors.Forbidden,
    404: errors.Missing,
    412: errors.Stale,
    428: errors.Stale,
    503: errors.Unavailable,
}


class Client:
    """Calls one system as one person; answers are decoded JSON.

    Every method raises the `Problem` that the server answered with, `Refused` where its status has
    no kind of its own, and `Unavailable("server-unreachable")` after `ATTEMPTS_MAX` attempts.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

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
        pause_s = PAUSE_S_MIN
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
            answer = await self._http.request(method, path, **said)
        except httpx.TransportError as error:
            raise Unavailable("server-unreachable", reason=str(error) or repr(error)) from error
        if answer.is_success:
            return answer.json()
        raise _problem(answer)


@asynccontextmanager
async def connect(
    url: str, token: str = "", *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Client]:
    """A client of the system at `url`, with a token or as the public."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(
        base_url=url, headers=headers, timeout=TIMEOUT_S, transport=transport
    ) as http:
        yield Client(http)


def _problem(answer: httpx.Response) -> Problem:
    kind = _KIND_OF_STATUS.get(answer.status_code, errors.Refused)
    try:
        said = answer.json()
        flaws = [Flaw(each.get("pointer", ""), each["code"]) for each in said.get("errors", ())]
        return kind(said["code"], flaws=flaws, **said.get("details", {}))
    except (AttributeError, KeyError, TypeError, ValueError):
        return kind("answer-not-understood", status=str(answer.status_code))
