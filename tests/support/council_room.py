"""A room in which council members talk to the appraisal service over HTTP, all of it in memory.

What the submission service would have said is put into the inbox.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, get_args

import httpx

from services.appraisal.main import wire
from shared.adapters import web
from shared.adapters.memory import MemoryClock
from shared.events import codec
from shared.events.envelope import Context
from shared.kernel.actor import Actor, Role
from shared.kernel.errors import Unknown
from shared.runtime.service import Outside, Service
from tests.support.outside import memory_outside
from tests.support.small_appraisal import (
    AGENCY,
    CYCLE_FACTS,
    M1,
    M2,
    ROUND_1,
    SHEET_FACTS,
    SUBMISSION,
    submitted,
)

CYCLE = "/cycles/2021"
SHEET = f"{CYCLE}/agencies/{AGENCY}"
ADMINISTRATOR = Actor(id="a1", role="administrator")
OWNER = Actor(id="u1", role="agency", agency=AGENCY)
STRANGER = Actor(id="u2", role="agency", agency="so-noi-vu")
AUDITOR = Actor(id="x1", role="auditor")

RECOGNISE: Mapping[str, Any] = {"decision": "recognise", "declaration": submitted(1)}
REJECT: Mapping[str, Any] = {
    "decision": "reject",
    "declaration": submitted(1),
    "evidence": [submitted(2)],
    "awarded": "1.5",
    "reason": "Kế hoạch ban hành muộn.",
    "legal_basis": "Điều 3 Quyết định 2366/QĐ-UBND",
}
APPROVAL = {"number": "12/QĐ-HĐTĐ", "on": "2022-01-10"}
REOPENING = {
    "kind": "reopen-submission",
    "reason": "Khai nhầm năm.",
    "until": "2021-12-20T08:00:00+07:00",
}
QUESTION = {"question": "Kế hoạch nào?", "until": "2021-12-30T17:00:00+07:00"}


async def identify(token: str, *_wait: object) -> Actor:
    """Who holds a token of these tests, `role:id:agency`."""
    role, name, agency = token.split(":")
    for known in get_args(Role):
        if role == known:
            return Actor(id=name, role=known, agency=agency)
    raise Unknown("token-invalid")


@dataclass(frozen=True, slots=True)
class Room:
    """The service, its outside world, and an HTTP client that says who speaks."""

    outside: Outside
    service: Service
    clock: MemoryClock
    client: httpx.AsyncClient
    who: Actor = M1

    def as_(self, who: Actor) -> "Room":
        """The same room, and somebody else speaks."""
        return replace(self, who=who)

    async def get(self, path: str) -> httpx.Response:
        """Read something."""
        return await self.client.get(path, headers=self._headers())

    async def put(self, path: str, body: object, *, based_on: int | None = None) -> httpx.Response:
        """Say something about a named thing, perhaps based on a version of it."""
        condition = {} if based_on is None else {"If-Match": f'"{based_on}"'}
        return await self.client.put(path, json=body, headers={**self._headers(), **condition})

    async def post(self, path: str, body: object = None, *, key: str = "k-1") -> httpx.Response:
        """Command something, by a key of its own."""
        headers = {**self._headers(), "Idempotency-Key": key}
        return await self.client.post(path, json=body, headers=headers)

    async def hear(self, stream: str, *facts: object, by: str = "system:test") -> None:
        """Other services say more, and the policy reacts to it."""
        last = await self.outside.inbox.last(stream)
        version = last.version if last else 0
        context = Context(self.clock.now(), by)
        await self.outside.inbox.append(
            [
                codec.encode(stream, place, context, fact)
                for place, fact in enumerate(facts, start=version + 1)
            ]
        )
        await self.step("react")

    async def assign(self) -> None:
        """Give the criteria to the members M1 and M2."""
        for criterion, members in {"1.1": (M1, M2), "1.3": (M2,), "B1": (M1,)}.items():
            named = [{"id": member.id, "agency": member.agency} for member in members]
            path = f"{CYCLE}/tiers/department/criteria/{criterion}/assignment"
            answer = await self.as_(ADMINISTRATOR).put(path, {"members": named})
            assert answer.status_code == 200, answer.text

    async def decide(
        self, item: str, body: Mapping[str, Any], *, by: Actor | None = None
    ) -> dict[str, Any]:
        """Decide on an item, which goes well."""
        room = self.as_(by or self.who)
        answer = await room.put(f"{SHEET}/items/{item}/decision", body)
        assert answer.status_code == 200, answer.text
        written: dict[str, Any] = answer.json()
        return written

    async def decide_all(self) -> None:
        """Recognise every item of the sheet."""
        await self.decide("1.1.1", RECOGNISE)
        await self.decide("1.1.2", {"decision": "recognise", "declaration": submitted(3)})
        await self.decide("1.3", {"decision": "recognise", "declaration": submitted(4)}, by=M2)
        await self.decide("B1", {"decision": "recognise", "declaration": ""})

    async def facts(self, stream: str) -> list[Any]:
        """The facts of a stream of the appraisal."""
        stored = await self.outside.store.stream(stream, limit=1_000)
        return [codec.decode(fact.body).data for fact in stored]

    async def step(self, name: str) -> int:
        """One step of one of the service's loops."""
        [step] = [loop.step for loop in self.service.loops if loop.name == f"appraisal.{name}"]
        return await step() or 0

    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.who.role}:{self.who.id}:{self.who.agency}"}


@asynccontextmanager
async def open_room() -> AsyncIterator[Room]:
    """The council sits in its first round, over one locked sheet."""
    clock = MemoryClock(ROUND_1)
    outside = memory_outside(clock=clock)
    service = wire(outside)
    door = web.Door(identify, clock, outside.chance, outside.seals)
    app = web.service_app("appraisal", service.router, door)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://room") as client:
        room = Room(outside, service, clock, client)
        await room.hear("cycle/2021", *CYCLE_FACTS)
        await room.assign()
        await room.hear(SUBMISSION, *SHEET_FACTS)
        yield room


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code with which something was refused."""
    return answer.status_code, answer.json()["code"]
