"""HTTP as a department's own system would speak it: tokens, retries, and problems with their words.

Every change is safe to send again: PUT by its address, POST by its `Idempotency-Key`, an answer to
a survey by its token.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

ATTEMPTS_MAX = 5
PAUSE_S = 0.2
TIMEOUT_S = 30.0
AT_ONCE_MAX = 16
BUSY = frozenset({429, 503})
SPENT = "token-spent"


class Unexpected(Exception):
    """An answer that the play did not ask for; the problem's own words say why."""

    def __init__(self, request: str, response: httpx.Response, attempts: int = 1) -> None:
        super().__init__(f"{request}: {response.status_code} {response.text}")
        self.attempts = attempts
        self.status = response.status_code
        self.code = _code(response)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who calls: a role, an opaque id, and an agency where the role has one."""

    role: str
    subject: str
    agency: str | None = None


@dataclass(slots=True)
class Calls:
    """How many requests were made, and how many answers of each status came back."""

    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.statuses.values())

    def count(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the system answers: everything at one address, or each service at its own."""

    default: str
    by_service: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(self.by_service.values()) or self.default

    def url(self, path: str) -> str:
        """The URL of a path, which begins with the name of a service, or is for any of them."""
        service = path.split("/")[1]
        return self.by_service.get(service, self.default) + path


class Api:
    """The running system, by its addresses."""

    def __init__(self, http: httpx.AsyncClient, addresses: Addresses) -> None:
        self._http = http
        self._addresses = addresses
        self._tokens: dict[Person, str] = {}
        self._gate = asyncio.Semaphore(AT_ONCE_MAX)
        self.calls = Calls()

    async def set_clock(self, now: str) -> None:
        """Go to another time of the trial; tokens of the old time are thrown away."""
        await self.call(None, "PUT", "/trial/clock", json={"now": now})
        self._tokens.clear()

    async def get(self, person: Person | None, path: str) -> Any:  # noqa: ANN401 - any JSON
        """The JSON of a resource."""
        return (await self.call(person, "GET", path)).json()

    async def put(
        self, person: Person, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Say how a resource is to be."""
        return await self.call(person, "PUT", path, json=body, headers=headers)

    async def post(
        self, person: Person, path: str, key: str, body: object | None = None
    ) -> httpx.Response:
        """Ask for something to happen, once for this key."""
        return await self.call(person, "POST", path, json=body, headers={"Idempotency-Key": key})

    async def answer(self, path: str, body: object) -> None:
        """Answer a survey, as nobody in particular.

        Whose token is spent when they come again has answered before: only the reply was lost.
        """
        try:
            await self.call(None, "POST", path, json=body)
        except Unexpected as refused:
            if refused.code != SPENT or refused.attempts == 1:
                raise

    async def refusal(
        self,
        person: Person | None,
        method: str,
        path: str,
        **request: Any,  # noqa: ANN401 - what httpx takes
    ) -> Unexpected:
        """The problem that a request is expected to meet."""
        try:
            response = await self.call(person, method, path, **request)
        except Unexpected as refused:
            return refused
        raise Unexpected(f"{method} {path} was to be refused", response)

    async def call(
        self,
        person: Person | None,
        method: str,
        path: str,
        **request: Any,  # noqa: ANN401 - what httpx takes
    ) -> httpx.Response:
        """One request, repeated while the server is busy or cannot be reached."""
        headers = dict(request.pop("headers", None) or {})
        if person is not None:
            headers["Authorization"] = f"Bearer {await self._token(person)}"
        async with self._gate:
            for attempt in range(1, ATTEMPTS_MAX + 1):
                response = await self._send(method, path, headers, request)
                if response is not None and response.status_code not in BUSY:
                    break
                await asyncio.sleep(PAUSE_S * attempt)
        if response is None:
            raise ConnectionError(f"{method} {path}: nobody answers")
        if response.is_error:
            raise Unexpected(f"{method} {path}", response, attempt)
        return response

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], request: Mapping[str, Any]
    ) -> httpx.Response | None:
        try:
            url = self._addresses.url(path)
            response = await self._http.request(method, url, headers=headers, **request)
        except httpx.TransportError:
            return None
        self.calls.count(response.status_code)
        return response

    async def _token(self, person: Person) -> str:
        if person not in self._tokens:
            wanted = {"role": person.role, "subject": person.subject, "agency": person.agency}
            response = await self._http.post(self._addresses.url("/trial/tokens"), json=wanted)
            response.raise_for_status()
            self._tokens[person] = response.json()["token"]
        return self._tokens[person]


def _code(response: httpx.Response) -> str:
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        return str(response.json().get("code", ""))
    return ""
