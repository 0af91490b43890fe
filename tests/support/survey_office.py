"""A survey over HTTP, all of it in memory: who asks, who answers, and what is counted.

What the submission service would have said of the cycle is put into the inbox.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, get_args

import httpx

from services.survey.main import wire
from shared.adapters import web
from shared.adapters.memory import MemoryClock
from shared.events import codec
from shared.events.envelope import Context
from shared.kernel.actor import Actor, Role
from shared.kernel.errors import Unknown
from shared.ports import Scanner, Urn
from shared.runtime.service import Outside, Service
from tests.support.outside import memory_outside
from tests.support.small_cycle import ADOPTED, AGENCIES, CYCLE, OPENED, at

AGENCY = AGENCIES[0].code
LISTED = f"/cycles/{CYCLE}/questionnaires"
CITIZENS, LEADERS = f"{LISTED}/citizens", f"{LISTED}/leaders"
ASKING = at(11, 25)

OFFICER = "survey-officer"
NOBODY = ""


def questionnaire(group: str, item: str, options: str) -> Mapping[str, Any]:
    """A questionnaire of one question, by the calendar of the small cycle."""
    return {
        "tier": "department",
        "group": group,
        "title": f"Phiếu khảo sát: {group}",
        "questions": [
            {
                "code": "q1",
                "text": "Ông/Bà có hài lòng không?",
                "item": item,
                "options": [{"code": code, "title": code} for code in options],
            }
        ],
        "opens": at(11, 22).isoformat(),
        "closes": at(12, 20).isoformat(),
    }


def answer_body(token: str, answers: Mapping[str, str], **more: object) -> dict[str, object]:
    """What somebody sends who answers with a token; another answer needs a receipt of its own."""
    return {"token": token, "answers": answers, "receipt": f"receipt-of-{token}", **more}


ASKED_OF_CITIZENS = questionnaire("citizens", "9.1", "54321")
ASKED_OF_LEADERS = questionnaire("leaders", "1.2", "abcde")


async def identify(token: str, *_wait: object) -> Actor:
    """Who holds a token of these tests, `role` or `role@agency`; `role/2` is another one."""
    named, _, agency = token.partition("@")
    role, _, number = named.partition("/")
    for known in get_args(Role):
        if role == known:
            return Actor(id=f"{role}-{number or 1}", role=known, agency=agency)
    raise Unknown("token-invalid")


@dataclass(frozen=True, slots=True)
class Office:
    """The service, its outside world, and an HTTP client that says who speaks."""

    outside: Outside
    service: Service
    clock: MemoryClock
    client: httpx.AsyncClient
    who: str = OFFICER

    def as_(self, who: str) -> "Office":
        """The same office, and somebody else speaks."""
        return replace(self, who=who)

    async def get(self, path: str) -> httpx.Response:
        """Read something."""
        return await self.client.get(path, headers=self._headers())

    async def put(self, path: str, body: object, *, tag: str | None = None) -> httpx.Response:
        """Say something about a named thing, as it was read under a tag."""
        condition = {} if tag is None else {"If-Match": tag}
        return await self.client.put(path, json=body, headers={**self._headers(), **condition})

    async def post(self, path: str, body: object = None, *, key: str = "k-1") -> httpx.Response:
        """Command something, by a key of its own."""
        headers = {**self._headers(), "Idempotency-Key": key}
        return await self.client.post(path, json=body, headers=headers)

    async def ask(self, path: str, body: Mapping[str, Any]) -> None:
        """Adopt a questionnaire and open it."""
        adopted = await self.put(path, body)
        opened = await self.post(f"{path}/opening", key="open")
        assert (adopted.status_code, opened.status_code) == (200, 200), adopted.text + opened.text

    async def invite(
        self, count: int, *, path: str = CITIZENS, agency: str = AGENCY, key: str = "invite"
    ) -> Sequence[str]:
        """Tokens for people who are asked about an agency."""
        answer = await self.post(f"{path}/invitations", {"agency": agency, "count": count}, key=key)
        assert answer.status_code == 201, answer.text
        tokens: Sequence[str] = answer.json()["tokens"]
        return tokens

    async def certify(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Two people type in the same certified result; what the second of them is answered."""
        await self.as_("survey-officer/2").put(path, body)
        return await self.put(path, body)

    async def hand_in(self, content: bytes) -> httpx.Response:
        """Store a document that certifies a result."""
        path = f"/result-documents/{sha256(content).hexdigest()}"
        return await self.client.put(path, content=content, headers=self._headers())

    async def answer(
        self, token: str, option: str = "5", *, path: str = CITIZENS
    ) -> httpx.Response:
        """Somebody answers, of whom nothing is known."""
        body = answer_body(token, {"q1": option})
        return await self.client.post(f"{path}/responses", json=body)

    async def answer_all(self, options: str) -> None:
        """As many people as there are options are invited, and choose one each."""
        for token, option in zip(await self.invite(len(options)), options, strict=True):
            assert (await self.answer(token, option)).status_code == 201

    async def hear(self, *facts: object) -> None:
        """The submission service says more about the cycle."""
        stream = f"cycle/{CYCLE}"
        last = await self.outside.inbox.last(stream)
        version = last.version if last else 0
        context = Context(self.clock.now(), "administrator:a1")
        await self.outside.inbox.append(
            [
                codec.encode(stream, place, context, fact)
                for place, fact in enumerate(facts, start=version + 1)
            ]
        )

    async def waiting(self, name: str = f"{CYCLE}/citizens") -> int:
        """How many answers nobody has drawn from the urn."""
        return sum((await self.outside.urn.waiting(name)).values())

    async def used(self, agency: str, path: str = CITIZENS) -> Mapping[str, int]:
        """How the rights to answer about an agency were used, as the turnout says it."""
        about = (await self.get(f"{path}/turnout")).json()["agencies"][agency]
        return {name: about[name] for name in ("invited", "answered", "by_link")}

    async def second(self, *, key: str) -> httpx.Response:
        """An administrator agrees to the last exclusion that was proposed."""
        *_, last = (await self.get(f"{CITIZENS}/exclusions")).json()
        path = f"{CITIZENS}/exclusions/{last['exclusion']}/seconding"
        return await self.as_("administrator").post(path, key=key)

    async def step(self, name: str) -> int:
        """One step of one of the service's loops."""
        [step] = [loop.step for loop in self.service.loops if loop.name == f"survey.{name}"]
        return await step() or 0

    async def bodies(self, name: str = "citizens") -> Sequence[bytes]:
        """The facts of a questionnaire as they stand in the log."""
        stored = await self.outside.store.stream(f"survey/{CYCLE}/{name}", limit=1_000)
        return [fact.body for fact in stored]

    async def facts(self, name: str = "citizens") -> Sequence[Any]:
        """The same, read."""
        return [codec.decode(body).data for body in await self.bodies(name)]

    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.who}"} if self.who else {}


@asynccontextmanager
async def open_office(
    urn: Urn | None = None, public_url: str = "", scanner: Scanner | None = None
) -> AsyncIterator[Office]:
    """The cycle is open and its survey has begun; nothing is asked yet."""
    clock = MemoryClock(ASKING)
    outside = memory_outside(clock=clock, scanner=scanner)
    outside = replace(outside, urn=urn or outside.urn, public_url=public_url)
    service = wire(outside)
    door = web.Door(identify, clock, outside.chance, outside.seals)
    app = web.service_app("survey", service.router, door)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
        office = Office(outside, service, clock, client)
        await office.hear(ADOPTED, OPENED)
        yield office


def not_permitted(who: str) -> tuple[int, str]:
    """What somebody is answered whose role may not do it; who has no token is asked for one."""
    return (401, "sign-in-needed") if who == NOBODY else (403, "role-not-allowed")


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code with which something was refused."""
    return answer.status_code, answer.json()["code"]
