"""The system by its addresses: each service at its own, or all at one, called by whoever acts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from services.cli.smoke.people import Part, People
from shared.adapters import client
from shared.adapters.client import Client, Patience
from shared.kernel.errors import Refused

SERVICES = ("submission", "appraisal", "survey", "ranking")
LOOK_S, LOOK_S_MAX = 0.1, 3.0
"""Looks that are too early are failing requests, of which one client has few (`CCHC_RATES`)."""
ATTEMPT_S_MAX = 10.0
"""For one answer; a service that stands still is asked again, until patience is over."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each service is called."""

    by_service: Mapping[str, str]

    def of(self, path: str) -> str:
        """The base URL for a path, which begins with the name of a service."""
        return self.by_service[path.split("/")[1]]


@dataclass(slots=True)
class Deployment:
    """What is called. `calling` says what was asked last: there the fault lies, if there is one."""

    addresses: Addresses
    people: People
    patience_s: float
    calling: str = ""
    connect: Callable[..., AbstractAsyncContextManager[Client]] = client.connect
    _tokens: dict[Part, str] = field(default_factory=dict)
    _clients: dict[tuple[str, str], Client] = field(default_factory=dict)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> "Deployment":
        """Ready to call."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave all connections."""
        await self._open.aclose()

    async def get(self, who: Part | None, path: str, **parameters: str | int) -> Any:  # noqa: ANN401 - any JSON
        """Read, as somebody or as the public."""
        return await (await self._of(who, "GET", path)).get(path, **parameters)

    async def content(self, who: Part | None, path: str) -> bytes:
        """Read what is no JSON."""
        return await (await self._of(who, "GET", path)).text(path)

    async def put(self, who: Part | None, path: str, body: object) -> Any:  # noqa: ANN401 - any JSON
        """Say what a resource is."""
        return await (await self._of(who, "PUT", path)).put(path, body)

    async def bring(self, who: Part, path: str, content: bytes, media_type: str) -> None:
        """Store a file."""
        await (await self._of(who, "PUT", path)).bring(path, content, media_type)

    async def post(self, who: Part | None, path: str, body: object, *, key: str) -> Any:  # noqa: ANN401 - any JSON
        """Give a command."""
        return await (await self._of(who, "POST", path)).post(path, body, key=key)

    async def until(self, what: str, holds: Callable[[], Awaitable[object]]) -> Any:  # noqa: ANN401 - what held
        """Wait for what services tell one another; returns what holds.

        Raises `Refused("smoke-waited")`.
        """
        deadline_s, pause_s = monotonic() + self.patience_s, LOOK_S
        while not (found := await holds()):
            if monotonic() >= deadline_s:
                raise Refused("smoke-waited", what=what, seconds=f"{self.patience_s:g}")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LOOK_S_MAX)
        return found

    async def _of(self, who: Part | None, method: str, path: str) -> Client:
        """Who calls where; tokens and connections are kept."""
        self.calling = f"{method} {path}"
        url = self.addresses.of(path)
        if (who or "", url) not in self._clients:
            patience = Patience(read_s=min(ATTEMPT_S_MAX, self.patience_s), call_s=self.patience_s)
            connected = self.connect(url, await self._token(who), patience=patience)
            self._clients[who or "", url] = await self._open.enter_async_context(connected)
        return self._clients[who or "", url]

    async def _token(self, who: Part | None) -> str:
        if who is None:
            return ""
        if who not in self._tokens:
            self._tokens[who] = await self.people.token(who)
        return self._tokens[who]
