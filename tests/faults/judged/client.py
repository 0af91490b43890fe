"""A client that is never put off: what got no answer is sent again, until there is one.

It writes down everything in the diary. Now and then it says a thing again although it was
acknowledged: the same key has to give the same answer, and a PUT no news. Only what a POST recorded
is remembered under its key; one that led to nothing is decided anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random  # noqa: TID251 - seeded: the same seed says the same things again
from typing import Any, Generic, Protocol, TypeVar

import httpx

from tests.faults.judged.diary import Diary, Said

PAUSE_S = 0.01
PAUSE_S_MAX = 0.32
LOOK_EVERY_S = 0.05
WAIT_S_MAX = 120
SHOWN_CHARACTERS_MAX = 200
SAY_AGAIN_PERCENT = 10
TOKEN_HOURS = 24 * 200
BUSY = frozenset({"busy", "database-unavailable"})
UNAVAILABLE = 503
ENTERED = "pile-entered"
"""What is said of a pile that is in, to whoever sends it again: another could have that name."""


class System(Protocol):
    """What is called: one process, or many."""

    @property
    def up(self) -> asyncio.Event:
        """Set while there is any use in calling."""

    def at(self, path: str) -> str:
        """Where a path is answered."""


AnySystem = TypeVar("AnySystem", bound=System)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `code` is that of a problem, empty where there is none."""

    status: int
    body: Any
    code: str
    tag: int | None
    retry_after: str

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
class World(Generic[AnySystem]):
    """What all clients of one system share; `over` asks them to come to an end.

    With `patient` they ask again for as long as anything is unavailable, and not only a database
    that is busy.
    """

    system: AnySystem
    http: httpx.AsyncClient
    diary: Diary
    chance: Random
    over: bool = False
    patient: bool = False


class Client:
    """One caller with one token, who does one thing at a time."""

    def __init__(
        self, world: World[Any], name: str, role: str | None = None, agency: str | None = None
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
            response = await self._send("GET", path, await self._who(), {})
            if response is not None and response.is_success:
                after, size = (int(response.headers[f"Ledger-{n}"]) for n in ("Next", "Size"))
                return Lines(response.content, after, size)
            await asyncio.sleep(LOOK_EVERY_S)

    async def until_found(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Read again and again, while nobody knows of it."""
        return (await until_taken(lambda: self.get(path))).body

    async def think(self) -> None:
        """Take a moment."""
        await asyncio.sleep(self.world.chance.random() / 50)

    async def _say(
        self, method: str, path: str, headers: dict[str, str], body: object, content: bytes
    ) -> Reply:
        said = Said(f"{self.name}-{self._count}", _shown(method, path, body))
        self._count += 1
        assert said.name not in self.world.diary.said, f"two callers are named {self.name}"
        self.world.diary.said[said.name] = said
        named = {**headers, **await self._who(), "X-Correlation-Id": said.name}
        reply = await self._insist(said, method, path, named, body, content)
        said.status, said.facts = reply.status, reply.facts
        is_remembered = reply.taken and (method != "POST" or len(reply.facts) > 0)
        if is_remembered and self.world.chance.random() * 100 < SAY_AGAIN_PERCENT:
            await self._say_again(said, reply, (method, path, named, body, content))
        return reply

    async def _say_again(self, said: Said, before: Reply, request: tuple[Any, ...]) -> None:
        again = await self._insist(said, *request)
        self.world.diary.repeated += 1
        expected = before.facts if request[0] == "POST" else ()
        if again.code == ENTERED:
            return
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
        pause_s = PAUSE_S
        while True:
            response = await self._send(method, path, headers, sent)
            reply = None if response is None else _reply(response)
            if reply is not None and not self._comes_later(reply):
                self._look_at(reply, _shown(method, path, body))
                self.world.diary.written += method != "GET" and reply.taken
                return reply
            if reply is None or reply.status == UNAVAILABLE:
                # Also of what was refused for a while nobody can tell whether it was done.
                said.unanswered += 1
                self.world.diary.failed += 1
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)

    async def _send(
        self, method: str, path: str, headers: dict[str, str], sent: dict[str, Any]
    ) -> httpx.Response | None:
        """One attempt; None where no answer came."""
        world, diary = self.world, self.world.diary
        time_s = asyncio.get_running_loop().time
        await world.system.up.wait()
        service, began_s = path.split("/")[1], time_s()
        diary.sent += 1
        diary.calling[service] += 1
        try:
            return await world.http.request(method, world.system.at(path), headers=headers, **sent)
        except httpx.TransportError:
            return None
        finally:
            diary.calling[service] -= 1
            diary.slowest_s = max(diary.slowest_s, time_s() - began_s)

    def _comes_later(self, reply: Reply) -> bool:
        if self.world.patient and reply.status == UNAVAILABLE:
            if not reply.retry_after:
                self.world.diary.complain(f"unavailable, and not for how long: {reply.body}")
            return True
        return reply.code in BUSY

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


def _shown(method: str, path: str, body: object) -> str:
    return f"{method} {path} {str(body)[:SHOWN_CHARACTERS_MAX]}"


def _any(_: Reply) -> bool:
    return True


async def until_taken(
    ask: Callable[[], Awaitable[Reply]], is_wanted: Callable[[Reply], bool] = _any
) -> Reply:
    """Ask again and again, while it is too early."""
    async with asyncio.timeout(WAIT_S_MAX):
        while True:
            reply = await ask()
            if reply.taken and is_wanted(reply):
                return reply
            await asyncio.sleep(LOOK_EVERY_S)


def _reply(response: httpx.Response) -> Reply:
    body = response.json() if "json" in response.headers.get("content-type", "") else None
    code = str(body.get("code", "")) if response.is_error and isinstance(body, dict) else ""
    tag = response.headers.get("ETag")
    return Reply(
        status=response.status_code,
        body=body,
        code=code,
        tag=int(tag.strip('"')) if tag else None,
        retry_after=response.headers.get("Retry-After", ""),
    )
