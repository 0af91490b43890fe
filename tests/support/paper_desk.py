"""A survey that people answer on paper, with several operators, all of it in memory."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from services.survey.main import wire
from shared.adapters import web
from shared.adapters.memory import MemoryClock
from shared.events import codec
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.errors import Unknown
from shared.ports import Scanner
from shared.runtime.service import Outside, Service
from tests.support.outside import memory_outside
from tests.support.small_cycle import ADOPTED, AGENCIES, CYCLE, OPENED, at

HEALTH, HOME = (agency.code for agency in AGENCIES)
NAME = "citizens"
PATH = f"/cycles/{CYCLE}/questionnaires/{NAME}"
PILE = f"{PATH}/paper/piles/p-1"
TEMPLATE = f"{PATH}/paper/template"
URN_NAME = f"{CYCLE}/{NAME}"
STREAM = f"survey/{CYCLE}/{NAME}"
ASKING = at(11, 25)
CLOSING = at(12, 20)

PEOPLE = {
    "one": Actor("o-1", "survey-officer"),
    "other": Actor("o-2", "survey-officer"),
    "third": Actor("o-3", "survey-officer"),
    "auditor": Actor("k-1", "auditor"),
    "administrator": Actor("a-1", "administrator"),
    "agency": Actor("u-1", "agency", HEALTH),
    "council": Actor("m-1", "council", HOME),
}


def options(*codes: str) -> Sequence[Mapping[str, str]]:
    """Options that are called by their codes."""
    return [{"code": code, "title": f"Phương án {code}"} for code in codes]


COMMAS = "Góp ý về nơi đón, giờ làm việc, thái độ, phí, lệ phí; khác"
"""A question with more commas than there are columns."""

ASKED = {
    "tier": "department",
    "group": "citizens",
    "title": "Phiếu khảo sát người dân",
    "questions": [
        {"code": "q1", "text": "Ông/Bà có hài lòng?", "item": "9.1", "options": options(*"54321")},
        {
            "code": "q2",
            "text": "Vì sao chưa hài lòng?",
            "kind": "multiple-choice",
            "required": False,
            "options": options("slow", "far", "rude"),
            "asked_if": {"question": "q1", "options": ["1", "2"]},
        },
        {"code": "q3", "text": COMMAS, "kind": "free-text", "required": False},
    ],
    "opens": at(11, 22).isoformat(),
    "closes": CLOSING.isoformat(),
}

Form = Mapping[str, Any]


def form(option: str = "5", *chosen: str, agency: str = HEALTH, comment: str = "") -> Form:
    """A form as it is typed in."""
    filled: dict[str, Any] = {"agency": agency, "answers": {"q1": option}}
    if chosen:
        filled["choices"] = {"q2": list(chosen)}
    if comment:
        filled["comments"] = {"q3": comment}
    return filled


FORMS = [form(), form("4"), form("1", "slow", "far", agency=HOME, comment="Chờ lâu.")]


async def identify(token: str, *_wait: object) -> Actor:
    """Who holds a token of these tests."""
    if token not in PEOPLE:
        raise Unknown("token-invalid")
    return PEOPLE[token]


@dataclass(frozen=True, slots=True)
class Desk:
    """The service, its outside world, and a way to ask it."""

    outside: Outside
    service: Service
    clock: MemoryClock
    client: httpx.AsyncClient

    async def ask(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request of somebody; the same once more has the same key."""
        said = {
            **(headers or {}),
            "Authorization": f"Bearer {who}",
            "Idempotency-Key": path.rpartition("/")[2],
        }
        return await self.client.request(method, path, json=body, content=content, headers=said)

    async def type_in(self, who: str, forms: Sequence[Form], path: str = PILE) -> httpx.Response:
        """Somebody types in a pile."""
        return await self.ask(who, "PUT", path, {"forms": list(forms)})

    async def upload(
        self, who: str, content: bytes, media_type: str = "text/csv", path: str = PILE
    ) -> httpx.Response:
        """Somebody hands in a table of a pile."""
        headers = {"Content-Type": media_type}
        return await self.ask(who, "PUT", f"{path}/table", content=content, headers=headers)

    async def step(self, name: str) -> int:
        """One step of one of the service's loops."""
        [step] = [loop.step for loop in self.service.loops if loop.name == f"survey.{name}"]
        return await step() or 0

    async def facts(self) -> Sequence[Any]:
        """The facts of the questionnaire."""
        stored = await self.outside.store.stream(STREAM, limit=1_000)
        return [codec.decode(fact.body).data for fact in stored]

    async def waiting(self) -> Mapping[str, int]:
        """How many answers on paper lie in the urn, by agency."""
        waiting = await self.outside.urn.waiting(URN_NAME)
        return {box.agency: count for box, count in waiting.items() if box.channel == "paper"}


@asynccontextmanager
async def served(outside: Outside, clock: MemoryClock) -> AsyncIterator[Desk]:
    """The service, new, over this outside world."""
    service = wire(outside)
    door = web.Door(identify, clock, outside.chance, outside.seals)
    app = web.service_app("survey", service.router, door)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield Desk(outside, service, clock, client)


@asynccontextmanager
async def open_desk(scanner: Scanner | None = None) -> AsyncIterator[Desk]:
    """The survey takes answers."""
    clock = MemoryClock(ASKING)
    outside = memory_outside(clock=clock, scanner=scanner)
    context = Context(clock.now(), "administrator:a1")
    stream = f"cycle/{CYCLE}"
    facts = [codec.encode(stream, n, context, each) for n, each in enumerate((ADOPTED, OPENED), 1)]
    await outside.inbox.append(facts)
    async with served(outside, clock) as desk:
        adopted = await desk.ask("one", "PUT", PATH, ASKED)
        opened = await desk.ask("one", "POST", f"{PATH}/opening")
        assert (adopted.status_code, opened.status_code) == (200, 200), adopted.text + opened.text
        yield desk


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code with which something was refused."""
    return answer.status_code, answer.json()["code"]
