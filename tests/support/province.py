"""All four services in one process and in memory, and what was asked of their doors.

A request is answered as soon as its answer has begun, so that a live stream is an answer like any
other. While `away` is set nothing can be recorded: whoever is let in then learns that the store is
away, and a look at everything that anybody may do leaves all as it was.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.adapters import web
from shared.adapters.front import routes_of
from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.codec import Stored
from shared.kernel.actor import PUBLIC, Actor
from shared.kernel.errors import Unavailable, Unknown
from shared.ports import Message, Scanner, Tracking
from shared.runtime.loop import Loop
from shared.runtime.service import Outside
from tests.golden.documents import WIRINGS
from tests.support.outside import memory_outside

SETTLING_STEPS_MAX = 200
LEFT_ALONE = (".rebuild", ".sign", ".stir")
WAITING = (".receive", ".number")


class GuardedEventStore(MemoryEventStore):
    """An event store that counts what it is asked to record, and can be away meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.attempts = 0

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        self.attempts += 1
        if self.away:
            raise Unavailable("database-unavailable")
        await super().append(facts, tracking=tracking, behind=behind)


class CountedStream(MemoryStream):
    """A topic that says how much it was told: who listens for more waits for a while."""

    def __init__(self, clock: MemoryClock) -> None:
        super().__init__(clock)
        self.told = 0

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order."""
        await super().publish(messages)
        self.told += len(messages)


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, its head, its body, and how often it tried to record something."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int

    @property
    def code(self) -> str:
        """The code of a problem; empty where it is none."""
        return str(self.json().get("code", "")) if self.status >= 400 else ""

    def json(self) -> Any:  # noqa: ANN401 - whatever was answered
        """The body, read."""
        return json.loads(self.body)


class Province:
    """The services, their worlds and their clock; `people` are known by their tokens."""

    event_store: type[GuardedEventStore] = GuardedEventStore

    def __init__(
        self, people: Mapping[str, Actor], now: datetime, scanner: Scanner | None = None
    ) -> None:
        self._people = people
        self.clock = MemoryClock(now)
        self._topic = CountedStream(self.clock)
        self._heard = 0
        self.stores = {name: self.event_store() for name in WIRINGS}
        self.worlds = {
            name: replace(
                memory_outside(topic=self._topic, clock=self.clock, scanner=scanner), store=store
            )
            for name, store in self.stores.items()
        }
        self._apps: dict[str, ASGIApp] = {}
        self._loops: list[Loop] = []
        for name, outside in self.worlds.items():
            self._wire(name, outside)

    def _wire(self, name: str, outside: Outside) -> None:
        service = WIRINGS[name](outside)
        door = web.Door(self._identify, outside.clock, outside.chance, outside.seals)
        self._apps[name] = web.service_app(name, routes_of(service, outside), door)
        self._loops += [loop for loop in service.loops if not loop.name.endswith(LEFT_ALONE)]

    def bearer(self, who: str) -> str:
        """The token of somebody."""
        return who

    async def _identify(self, token: str, *_wait: object) -> Actor:
        if token not in self._people:
            raise Unknown("token-invalid")
        return self._people[token]

    async def settle(self) -> None:
        """Let the services tell one another everything."""
        for _ in range(SETTLING_STEPS_MAX):
            is_news, self._heard = self._topic.told > self._heard, self._topic.told
            loops = [each for each in self._loops if is_news or not each.name.endswith(WAITING)]
            if not any([await loop.step() for loop in loops]):
                return
        raise AssertionError("the loops never came to rest")

    def leave(self, *, away: bool) -> None:
        """Let nothing be recorded, or everything again."""
        for store in self.stores.values():
            store.away = away

    async def done(self, who: str, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - whatever was answered
        """Ask for something that goes well, and let everybody hear of it; returns the answer."""
        answer = await self.ask(who, method, path, body)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        await self.settle()
        return answer.json() if answer.body else None

    async def serve(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Be the application of a service; of what it records, everybody hears."""
        before = self._attempts()
        await self._apps[name](scope, receive, send)
        if self._attempts() > before:
            await self.settle()

    async def ask(
        self, who: str, method: str, path: str, body: object = None, **headers: str
    ) -> Answer:
        """Ask as somebody; `/service/path?query` says whom, escaped as it goes over the wire."""
        name, _, rest = path.removeprefix("/").partition("/")
        at, _, query = rest.partition("?")
        said = {"idempotency-key": f"{who} {method} {path}".replace(" ", "~"), **headers}
        if self._people[who] != PUBLIC:
            said.setdefault("authorization", f"Bearer {self.bearer(who)}")
        content = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            content, said["content-type"] = json.dumps(body).encode(), "application/json"
        scope = _scope(method, f"/{at}", query, said)
        before = self._attempts()
        status, told, answered = await _answered(self._apps[name], scope, content)
        return Answer(status, told, answered, self._attempts() - before)

    def _attempts(self) -> int:
        return sum(store.attempts for store in self.stores.values())


def _scope(method: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def _answered(
    app: ASGIApp, scope: dict[str, Any], content: bytes
) -> tuple[int, Mapping[str, str], bytes]:
    """The status, the head and the body, or what came of it before the caller left."""
    begun = asyncio.Event()
    status, headers, parts = 0, dict[str, str](), list[bytes]()
    asked = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if asked:
            return asked.pop()
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            headers.update((name.decode(), value.decode()) for name, value in message["headers"])
            begun.set()
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, headers, b"".join(parts)
