"""A caller of the HTTP API, as a program: patient with a server that is away, exact about a no.

Every request may be repeated without harm, as the API promises: a PUT or DELETE by its resource,
a POST by its `Idempotency-Key`. So whatever got no answer, or 429, 502, 503 or 504, is said again
until the time of the call is over: after a pause that grows and is never quite that of others, and
never before the server wants to be asked again (`Retry-After`, RFC 9110, 10.2.3, in seconds).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from shared.adapters.chance import SecretChance
from shared.kernel import errors
from shared.kernel.errors import Crowded, Flaw, Problem, Unavailable
from shared.ports import Chance

PAUSE_S_MAX = 3.0
PAUSE_STEPS = 32
"""A pause takes between its half and all of it, in so many steps."""

RETRY_AFTER_DIGITS_MAX = 9
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
    429: errors.Crowded,
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
    """Before the second attempt at most; later ones grow twofold, up to `PAUSE_S_MAX`."""

    call_s: float = 60.0
    """For a call with all its attempts, whatever trickles in meanwhile."""


Read = Callable[[bytes], Any]
"""Makes something of an answer's content; raises ValueError where that cannot be read."""

PATIENCE = Patience()
CHANCE = SecretChance()


class _Away(Exception):
    """No answer for now: what there is to say of it, and how long the server wants its rest."""

    def __init__(self, problem: Unavailable | Crowded, rest_s: float) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.rest_s = rest_s


class Client:
    """Calls one system as one person; answers are decoded JSON.

    Every method raises the `Problem` that the server answered with, `Refused` where its status has
    no kind of its own. `Unavailable`, or `Crowded`, says what was heard last, once there is no time
    for another attempt; `server-unreachable` where that was no answer, or not all of it in time.
    """

    def __init__(self, http: httpx.AsyncClient, patience: Patience, chance: Chance) -> None:
        assert patience.pause_s > 0, "who is away is not asked without a pause"
        self._http = http
        self._patience = patience
        self._chance = chance

    async def get(self, path: str, **parameters: str | int) -> Any:  # noqa: ANN401 - any JSON
        """Read."""
        return await self._answer("GET", path, params=parameters)

    async def text(self, path: str) -> bytes:
        """Read what is no JSON, as it was sent."""
        content: bytes = await self._answer("GET", path, read=bytes)
        return content

    async def put(self, path: str, body: object, *, based_on: int | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Say what a resource is; `based_on` is the version that was read."""
        headers = {} if based_on is None else {"If-Match": f'"{based_on}"'}
        return await self._answer("PUT", path, json=body, headers=headers)

    async def bring(self, path: str, content: bytes, media_type: str) -> Any:  # noqa: ANN401 - any JSON
        """Store a file at the address of its content."""
        headers = {"Content-Type": media_type}
        return await self._answer("PUT", path, content=content, headers=headers)

    async def post(self, path: str, body: object, *, key: str) -> Any:  # noqa: ANN401 - any JSON
        """Give a command; the same key names the same command."""
        return await self._answer("POST", path, json=body, headers={"Idempotency-Key": key})

    async def delete(self, path: str, *, based_on: int | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Take something back."""
        headers = {} if based_on is None else {"If-Match": f'"{based_on}"'}
        return await self._answer("DELETE", path, headers=headers)

    async def _answer(self, method: str, path: str, **said: Any) -> Any:  # noqa: ANN401 - any JSON
        time_s, call_s = asyncio.get_running_loop().time, self._patience.call_s
        deadline_s = time_s() + call_s
        pause_s = self._patience.pause_s
        heard: Problem = Unavailable("server-unreachable", reason=f"{call_s:g} s")
        while True:
            try:
                async with asyncio.timeout_at(deadline_s):
                    return await self._once(method, path, **said)
            except TimeoutError as error:
                raise heard from error
            except _Away as away:
                heard, rest_s = away.problem, away.rest_s + self._some_of(pause_s)
                if time_s() + rest_s >= deadline_s:
                    raise heard from away.__cause__
            await asyncio.sleep(rest_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)

    def _some_of(self, pause_s: float) -> float:
        """The half of a pause or more, so that those who were put off together come apart."""
        share = self._chance.shuffled(PAUSE_STEPS)[0] / PAUSE_STEPS
        return pause_s * (1 + share) / 2

    async def _once(self, method: str, path: str, **said: Any) -> Any:  # noqa: ANN401 - any JSON
        """One attempt; raises `_Away` where another may help."""
        read: Read = said.pop("read", json.loads)
        try:
            async with self._http.stream(method, path, **said) as answer:
                content = await _content(answer)
        except httpx.RequestError as error:
            problem = Unavailable("server-unreachable", reason=str(error) or repr(error))
            raise _Away(problem, 0) from error
        if content is None or not answer.is_success:
            raise _no(answer, content or b"")
        try:
            return read(content)
        except ValueError as error:
            raise _not_understood(answer.status_code) from error


@asynccontextmanager
async def connect(
    url: str,
    token: str = "",
    *,
    patience: Patience = PATIENCE,
    chance: Chance = CHANCE,
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
        yield Client(http, patience, chance)


async def _content(answer: httpx.Response) -> bytes | None:
    """All of it; None where there is more than anybody reads here."""
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > ANSWER_BYTES_MAX:
            return None
    return bytes(content)


def _no(answer: httpx.Response, content: bytes) -> Problem | _Away:
    problem = _problem(answer.status_code, content)
    if isinstance(problem, Unavailable | Crowded):
        return _Away(problem, _rest_s(answer.headers.get("Retry-After", "")))
    return problem


def _rest_s(told: str) -> float:
    """How long a server wants to be left alone; 0 where it does not say so in seconds."""
    is_number = told.isascii() and told.isdigit() and len(told) <= RETRY_AFTER_DIGITS_MAX
    return float(told) if is_number else 0.0


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
