"""A desk at which people of every role talk to submission over HTTP, all of it in memory."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, get_args

import httpx

from services.submission.domain.submission import stream
from services.submission.main import wire
from shared.adapters import web
from shared.adapters.memory import MemoryClock
from shared.events import appraisal, codec
from shared.events.envelope import Context
from shared.kernel.actor import Actor, Role
from shared.kernel.errors import Unknown
from shared.ports import EventStore, Scanner
from shared.runtime.service import Outside, Service
from tests.support.outside import memory_outside
from tests.support.small_submission import (
    AGENCIES,
    AGENCY,
    CALENDAR,
    CYCLE,
    OPENED,
    SCHEME,
    TIER,
    YEARS_LATER,
)

CYCLE_PATH = f"/cycles/{CYCLE}"
SHEET = f"{CYCLE_PATH}/agencies/{AGENCY}"
ITEMS = f"{SHEET}/items"
DECISION = {"number": "2366/QĐ-UBND", "on": "2021-10-14"}
REASON = {"decision": {"number": "99/QĐ-UBND", "on": "2021-11-30"}, "reason": "Theo đề nghị."}

OFFICER = "agency"
ADMINISTRATOR = "administrator"
COUNCIL = "council"

CYCLE_BODY: Mapping[str, Any] = {
    "year": 2021,
    "decision": DECISION,
    "calendar": [
        {"name": p.name, "opens": p.opens.isoformat(), "closes": p.closes.isoformat()}
        for p in CALENDAR
    ],
    "agencies": [
        {"code": a.code, "name": a.name, "tier": a.tier, "ranked": a.ranked} for a in AGENCIES
    ],
    "schemes": {TIER: SCHEME},
}


async def identify(token: str, *_wait: object) -> Actor:
    """Who holds a token of these tests, `role` or `role@agency`."""
    role, _, agency = token.partition("@")
    for known in get_args(Role):
        if role == known:
            return Actor(id=f"{role}-1", role=known, agency=agency)
    raise Unknown("token-invalid")


@dataclass(frozen=True, slots=True)
class Desk:
    """The service, its outside world, and an HTTP client that says who speaks."""

    outside: Outside
    service: Service
    clock: MemoryClock
    client: httpx.AsyncClient
    who: str = f"agency@{AGENCY}"

    def as_(self, who: str) -> "Desk":
        """The same desk, and somebody else speaks."""
        return replace(self, who=who)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Read something."""
        return await self.client.get(path, headers=self._headers(headers))

    async def put(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Say something about a named thing."""
        return await self.client.put(path, json=body, headers=self._headers(headers))

    async def delete(self, path: str, **headers: str) -> httpx.Response:
        """Take something back."""
        return await self.client.delete(path, headers=self._headers(headers))

    async def post(
        self, path: str, body: object = None, *, key: str = "k-1", **headers: str
    ) -> httpx.Response:
        """Command something, by a key of its own."""
        keyed = {"Idempotency-Key": key, **self._headers(headers)}
        return await self.client.post(path, json=body, headers=keyed)

    async def open_cycle(self) -> httpx.Response:
        """Open the small cycle, in good time."""
        self.clock.set(OPENED)
        return await self.as_(ADMINISTRATOR).put(CYCLE_PATH, CYCLE_BODY)

    async def open_past_cycle(self) -> httpx.Response:
        """Open the small cycle years later, to hold what was published then."""
        self.clock.set(YEARS_LATER)
        return await self.as_(ADMINISTRATOR).put(CYCLE_PATH, CYCLE_BODY)

    async def store(
        self, content: bytes, *, name: str | None = None, media_type: str | None = None
    ) -> httpx.Response:
        """Store a file under its hash, or under a wrong one; it need not say what it is."""
        path = f"{SHEET}/files/{name or sha256_of(content)}"
        said = {"Content-Type": media_type} if media_type else {}
        return await self.client.put(path, content=content, headers=self._headers(said))

    async def attach(
        self, item: str, evidence: str, content: bytes, media_type: str = "application/pdf"
    ) -> httpx.Response:
        """Attach a stored file to an item."""
        body = {
            "document": {
                "number": "15/KH-SYT",
                "on": "2021-01-20",
                "issuer": "Sở Y tế",
                "section": "Mục II",
            },
            "file": {"sha256": sha256_of(content), "media_type": media_type},
        }
        return await self.put(f"{ITEMS}/{item}/evidence/{evidence}", body)

    @property
    def holder(self) -> str:
        """Whose in-tray that of the sheet is."""
        return sha256_of(stream(CYCLE, AGENCY).encode())

    async def inside(self, sha256: str) -> bool:
        """Whether a file is there: in the sheet's in-tray, or kept."""
        held = await self.outside.uploads.held(self.holder)
        return sha256 in held or await self.outside.files.size(sha256) is not None

    async def assign(self, *members: appraisal.Member, criterion: str = "1.1") -> None:
        """The service hears that the council's members appraise a criterion from now on."""
        place = f"assignment/{CYCLE}"
        fact = appraisal.CriterionAssigned(
            cycle=CYCLE, tier=TIER, criterion=criterion, members=members
        )
        last = await self.outside.inbox.last(place)
        version = last.version + 1 if last else 1
        said = codec.encode(place, version, Context(self.clock.now(), "administrator:a1"), fact)
        await self.outside.inbox.append([said])

    async def justify(self, reason: str = "Theo kế hoạch kiểm toán.", key: str = "why") -> None:
        """Say why one reads evidence, which is taken."""
        answer = await self.post(f"{SHEET}/readings", {"reason": reason}, key=key)
        assert answer.status_code == 200, answer.text

    async def version(self, agency: str = AGENCY) -> int:
        """How many facts an agency's stream has."""
        last = await self.outside.store.last(f"submission/{CYCLE}/{agency}")
        return last.version if last else 0

    async def facts(self, stream: str) -> list[Any]:
        """The facts of a stream."""
        stored = await self.outside.store.stream(stream, limit=1_000)
        return [codec.decode(fact.body).data for fact in stored]

    async def step(self, name: str) -> int:
        """One step of one of the service's loops."""
        [step] = [loop.step for loop in self.service.loops if loop.name == f"submission.{name}"]
        return await step() or 0

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.who}", **named}


@asynccontextmanager
async def open_desk(
    store: EventStore | None = None, scanner: Scanner | None = None
) -> AsyncIterator[Desk]:
    """A desk for as long as the context lasts, with an event store of its own or with this."""
    clock = MemoryClock()
    outside = memory_outside(clock=clock, scanner=scanner)
    outside = replace(outside, store=store or outside.store)
    service = wire(outside)
    door = web.Door(identify, clock, outside.chance, outside.seals)
    app = web.service_app("submission", service.router, door)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield Desk(outside, service, clock, client)


def sha256_of(content: bytes) -> str:
    """The name of a file."""
    return sha256(content).hexdigest()
