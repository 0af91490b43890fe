"""The ranking service in memory, with its routes: others speak, loops run, people ask."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from services.ranking.application import (
    Board,
    Came,
    Ledgers,
    Manner,
    Rebuilder,
    Source,
    Stores,
    Switch,
    served,
)
from services.ranking.application.generations import VIEWED, Generations
from services.ranking.main import NAME, wire
from shared.adapters import web
from shared.adapters.memory import MemoryClock
from shared.events.codec import Stored
from shared.events.envelope import cycle_of
from shared.kernel.actor import Actor
from shared.kernel.errors import Unknown
from shared.ports import Document, Documents, Message, Notary
from shared.runtime.loop import Loop
from tests.support import asked
from tests.support.outside import NOTARY, memory_outside
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import Teller, whole_cycle

ACTORS: Mapping[str, Actor] = {
    "council": Actor("c-1", "council", "so-noi-vu"),
    "administrator": Actor("a-1", "administrator"),
    "another-administrator": Actor("a-2", "administrator"),
    "auditor": Actor("k-1", "auditor"),
    "so-y-te": Actor("u-1", "agency", "so-y-te"),
}
DECISION = {"number": "5/QĐ-UBND", "on": "2022-02-01"}
SETTLING_STEPS_MAX = 10_000
FALSE_POSITION = 10**9


class Ranking:
    """One ranking service; `client` asks it over HTTP, in the language of the test."""

    def __init__(self, notary: Notary = NOTARY, documents: Documents | None = None) -> None:
        self.clock = MemoryClock(OPENED_AT)
        outside = memory_outside(clock=self.clock, notary=notary)
        self.outside = replace(outside, documents=documents or outside.documents)
        self.service = wire(self.outside)
        door = web.Door(_identify, self.clock, self.outside.chance, self.outside.seals)
        self.app = web.service_app(NAME, self.service.router, door)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://ranking"
        )
        self._keys = 0

    async def hear(self, told: Sequence[Stored], *, apart: timedelta = timedelta()) -> None:
        """Let the other services say something, each `apart` from the one before."""
        messages = [Message(cycle_of(stored.stream), stored.body) for stored in told]
        for message in messages if apart else ():
            await self.outside.topic.publish([message])
            self.clock.advance(apart)
        if not apart:
            await self.outside.topic.publish(messages)
        await self.settle()

    async def tell(self, body: bytes) -> None:
        """Let a record of these bytes stand in the topic."""
        await self.outside.topic.publish([Message(CYCLE, body)])
        await self.settle()

    async def settle(self) -> None:
        """Run every loop until none has anything left to do."""
        for _ in range(SETTLING_STEPS_MAX):
            if not any([await loop.step() for loop in self.service.loops]):
                return
        raise AssertionError("the loops never came to rest")

    async def get(self, path: str, who: str = "", **query: object) -> httpx.Response:
        """Read as one of `ACTORS`, or as the public."""
        return await self.client.get(path, headers=_headers(who), params=_texts(query))

    async def post(self, path: str, who: str, body: object, key: str = "") -> httpx.Response:
        """Say something once, under a key of its own unless one is given."""
        self._keys += 1
        headers = _headers(who) | {"Idempotency-Key": key or f"k-{self._keys}"}
        return await self.client.post(path, headers=headers, json=body)

    async def put(self, path: str, who: str, body: object) -> httpx.Response:
        """Say how something is to be."""
        return await self.client.put(path, headers=_headers(who), json=body)

    async def approve(self) -> httpx.Response:
        """The council approves what it sees."""
        seen = await self.get(f"/cycles/{CYCLE}/hindrances", "council")
        body = {"digest": seen.json()["digest"]}
        answer = await self.post(f"/cycles/{CYCLE}/approvals", "council", body)
        await self.settle()
        return answer

    async def publish(self, revision: int = 1, because: str | None = None) -> httpx.Response:
        """The administrator publishes a revision."""
        body = {"decision": DECISION} | ({"because": because} if because else {})
        path = f"/cycles/{CYCLE}/publications/{revision}"
        answer = await self.put(path, "administrator", body)
        await self.settle()
        return answer

    async def hear_without_counting(self, told: Sequence[Stored]) -> None:
        """Let the ledger be written, and nothing be made of it yet."""
        messages = [Message(cycle_of(stored.stream), stored.body) for stored in told]
        await self.outside.topic.publish(messages)
        while await loop_of(self, "number").step():
            pass

    async def falsify(self, collection: str, key: str, body: Mapping[str, Any]) -> None:
        """Put something else in the place of a document."""
        await self.outside.documents.put(collection, [Document(key, FALSE_POSITION, body)])

    async def documents(self) -> Mapping[tuple[str, str], Any]:
        """Every document that is served, by collection and id."""
        found: dict[tuple[str, str], Any] = {}
        for collection in VIEWED:
            page = await served(self.outside.documents).page(collection, prefix="", limit=100)
            found |= {(collection, each.id): each.body for each in page}
        return found

    async def rebuilt(
        self, source: Source = "ledger", switch: Switch = "if-equal", name: str = "again"
    ) -> Came:
        """What a rebuild of the cycle came to."""
        return await came_to(self.rebuilder(name), source, switch)

    async def serving(self) -> str:
        """The name of the generation of the cycle that serves."""
        return (await Generations(self.outside.documents).pointer(CYCLE)).serving.name

    def rebuilder(self, name: str = "again") -> Rebuilder:
        """Who rebuilds."""
        return Rebuilder(self.stores(), name)

    def stores(self) -> Stores:
        """What a rebuild goes by."""
        outside = self.outside
        return Stores(
            outside.store, outside.inbox, outside.topic, outside.documents, outside.leases
        )

    def board(self) -> Board:
        """A board that knows nothing yet, as after a restart."""
        return Board(Ledgers(self.outside.inbox), self.outside.documents, "board")


async def came_to(
    rebuilder: Rebuilder, source: Source = "ledger", switch: Switch = "if-equal"
) -> Came:
    """What a rebuild of the cycle came to."""
    manner = Manner(source, switch)
    [came] = [told async for told in rebuilder.make([CYCLE], manner) if isinstance(told, Came)]
    return came


@asynccontextmanager
async def ranking(
    notary: Notary = NOTARY, documents: Documents | None = None
) -> AsyncIterator[Ranking]:
    """A ranking service whose client is closed in the end."""
    service = Ranking(notary, documents)
    async with service.client:
        yield service


async def change(service: Ranking) -> None:
    """Another source changes what leaders said of one agency."""
    await service.hear([changed()])


def changed() -> Stored:
    """What another source says then."""
    imported = asked.imported("leaders", "so-y-te", {"q1": {"a": 97}})
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    return teller.tell(f"survey/{CYCLE}/leaders", imported)


def loop_of(service: Ranking, name: str) -> Loop:
    """One of the service's loops."""
    return next(loop for loop in service.service.loops if loop.name == f"{NAME}.{name}")


async def _identify(token: str, *_wait: object) -> Actor:
    if token not in ACTORS:
        raise Unknown("token-invalid")
    return ACTORS[token]


def _headers(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"} if who else {}


def _texts(query: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items()}
