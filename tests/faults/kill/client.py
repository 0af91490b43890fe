"""A client that is never put off: what got no answer is sent again, until there is one.

It writes down everything in the diary. Now and then it says a thing again although it was
acknowledged: the same key has to give the same answer, and a PUT no news.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same lives
from typing import Any

import httpx

from tests.faults.kill.diary import Diary, Said
from tests.faults.kill.lives import Lives

PAUSE_S = 0.01
LOOK_EVERY_S = 0.05
WAIT_S_MAX = 60
SAY_AGAIN_PERCENT = 10
TOKEN_HOURS = 24 * 200
BUSY = frozenset({"busy", "database-unavailable"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `code` is that of a problem, empty where there is none."""

    status: int
    body: Any
    code: str
    tag: int | None

    @property
    def taken(self) -> bool:
        """Whether it was done."""
        return self.status < 300

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it names."""
        found = self.body.get("facts", ()) if isinstance(self.body, dict) else ()
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of exported facts, and where the next one begins."""

    content: bytes
    next: int
    size: int


@dataclass(slots=True)
class World:
    """What all clients of one system share; `over` asks them to come to an end."""

    lives: Lives
    http: httpx.AsyncClient
    diary: Diary
    chance: Random
    over: bool = False


class Client:
    """One caller with one token, who does one thing at a time."""

    def __init__(
        self, world: World, name: str, role: str | None = None, agency: str | None = None
    ) -> None:
        self.world = world
        self.name = name
        self._wanted = {"role": role, "agency": agency, "subject": name, "hours": TOKEN_HOURS}
        self._token = ""
        self._count = 0

    async def put(
        self, path: str, body: object = None, *, tag: int | None = None, content: bytes = b""
    ) -> Reply:
        """Say how a resource is to be."""
        headers = {} if tag is None else {"If-Match": f'"{tag}"'}
        if content:
            headers["Content-Type"] = "application/pdf"
        return await self._say("PUT", path, headers, body, content)

    async def delete(self, path: str, *, tag: int) -> Reply:
        """Say that a resource is to be no more."""
        return await self._say("DELETE", path, {"If-Match": f'"{tag}"'}, None, b"")

    async def post(self, path: str, body: object = None) -> Reply:
        """Ask for something to happen, once."""
        key = {"Idempotency-Key": f"key-{self.name}-{self._count}"}
        return await self._say("POST", path, key, body, b"")

    async def answer(self, path: str, body: object) -> tuple[Reply, bool]:
        """Give an answer without a name; whether it could not be known at least once."""
        said = Said("", path)
        reply = await self._insist(said, "POST", path, {}, body, b"")
        return reply, said.unanswered > 0

    async def get(self, path: str) -> Reply:
        """Read."""
        return await self._insist(Said("", path), "GET", path, await self._who(), None, b"")

    async def get_lines(self, path: str) -> Lines:
        """Read a page of exported facts."""
        while True:
            response = await self.world.http.get(
                self.world.lives.url + path.lstrip("/"), headers=await self._who()
            )
            if response.is_success:
                after, size = (int(response.headers[f"Ledger-{n}"]) for n in ("Next", "Size"))
                return Lines(response.content, after, size)

    async def until_found(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Read again and again, while nobody knows of it."""
        return (await until_taken(lambda: self.get(path))).body

    async def think(self) -> None:
        """Take a moment."""
        await asyncio.sleep(self.world.chance.random() / 50)

    async def _say(
        self, method: str, path: str, headers: dict[str, str], body: object, content: bytes
    ) -> Reply:
        said = Said(f"{self.name}-{self._count}", f"{method} {path} {body}")
        self._count += 1
        self.world.diary.said[said.name] = said
        named = {**headers, **await self._who(), "X-Correlation-Id": said.name}
        reply = await self._insist(said, method, path, named, body, content)
        said.status, said.facts = reply.status, reply.facts
        if reply.taken and self.world.chance.random() * 100 < SAY_AGAIN_PERCENT:
            await self._say_again(said, reply, (method, path, named, body, content))
        return reply

    async def _say_again(self, said: Said, before: Reply, request: tuple[Any, ...]) -> None:
        again = await self._insist(said, *request)
        self.world.diary.repeated += 1
        expected = before.facts if request[0] == "POST" else ()
        if not again.taken or again.facts != expected:
            self.world.diary.complain(
                f"said again, {said.request} gave {again.status} {again.body}, first {before.body}"
            )

    async def _insist(
        self,
        said: Said,
        method: str,
        path: str,
        headers: dict[str, str],
        body: object,
        content: bytes,
    ) -> Reply:
        sent: dict[str, Any] = {"content": content} if content else {"json": body}
        if body is None and not content:
            sent = {}
        while True:
            await self.world.lives.up.wait()
            try:
                response = await self.world.http.request(
                    method, self.world.lives.url + path.lstrip("/"), headers=headers, **sent
                )
            except httpx.TransportError:
                said.unanswered += 1
                await asyncio.sleep(PAUSE_S)
                continue
            reply = _reply(response)
            if reply.code not in BUSY:
                self._look_at(reply, f"{method} {path} {body}")
                return reply
            await asyncio.sleep(PAUSE_S)

    def _look_at(self, reply: Reply, request: str) -> None:
        assert reply.status < 500, f"{request}: {reply.status} {reply.body}; see the log"
        if reply.status in {400, 401, 403, 422}:
            self.world.diary.complain(f"{request}: {reply.status} {reply.body}")

    async def _who(self) -> dict[str, str]:
        if self._wanted["role"] is None:
            return {}
        if not self._token:
            said = Said("", "a token")
            reply = await self._insist(said, "POST", "/trial/tokens", {}, self._wanted, b"")
            self._token = reply.body["token"]
        return {"Authorization": f"Bearer {self._token}"}


async def until_taken(ask: Callable[[], Awaitable[Reply]]) -> Reply:
    """Ask again and again, while it is too early."""
    async with asyncio.timeout(WAIT_S_MAX):
        while True:
            reply = await ask()
            if reply.taken:
                return reply
            await asyncio.sleep(LOOK_EVERY_S)


def _reply(response: httpx.Response) -> Reply:
    body = response.json() if "json" in response.headers.get("content-type", "") else None
    code = str(body.get("code", "")) if response.is_error and isinstance(body, dict) else ""
    tag = response.headers.get("ETag")
    return Reply(response.status_code, body, code, int(tag.strip('"')) if tag else None)
