"""The people of the cycle: each does the next thing when the last one was acknowledged."""

import asyncio
import hashlib
from contextlib import suppress
from typing import Any

from demo.papers import paper
from tests.faults.judged.client import LOOK_EVERY_S, WAIT_S_MAX, Client, World, until_taken
from tests.faults.judged.cycle import ITEMS, OPTIONS, POINTS, QUESTIONS
from tests.faults.judged.diary import answer
from tests.faults.kill import cycle as the
from tests.faults.kill.lives import Lives

FILES_DIFFERENT_MAX = 40
TOKENS_AT_ONCE = 20
PAPERS_AT_ONCE = 6


async def open_cycle(world: World[Lives]) -> None:
    """Everything that has to be there before anybody can begin."""
    administrator = Client(world, "administrator", "administrator")
    surveyor = Client(world, "surveyor", "survey-officer")
    await administrator.put(f"/submission/cycles/{the.CYCLE.code}", dict(the.CYCLE.opening))
    await administrator.until_found(f"/appraisal/cycles/{the.CYCLE.code}/assignments")
    members = [{"id": member, "agency": agency} for member, agency in the.MEMBERS]
    for item in ITEMS:
        path = f"/appraisal/cycles/{the.CYCLE.code}/tiers/{the.TIER}/criteria/{item}/assignment"
        await administrator.put(path, {"members": members})
    for name in the.QUESTIONNAIRES:
        await _open_survey(surveyor, name)


async def _open_survey(surveyor: Client, name: str) -> None:
    path, body = the.CYCLE.survey(name), the.CYCLE.questionnaire(name)
    await until_taken(lambda: surveyor.put(path, body))
    await surveyor.post(f"{path}/opening")


async def see_surveys_closed(world: World[Lives], wait_s_max: int = WAIT_S_MAX) -> None:
    """Wait for what the calendar does, or for as long as one likes to."""
    surveyor = Client(world, "closer", "survey-officer")
    with suppress(TimeoutError):
        async with asyncio.timeout(wait_s_max):
            for name in the.QUESTIONNAIRES:
                await _see_closed(surveyor, the.CYCLE.survey(name))


async def _see_closed(surveyor: Client, path: str) -> None:
    while True:
        if (await surveyor.get(path)).body.get("status") == "closed":
            return
        await asyncio.sleep(LOOK_EVERY_S)


class Officer:
    """Somebody of an agency, who alone works on some of its items."""

    def __init__(self, world: World[Lives], name: str, agency: str, items: tuple[str, ...]) -> None:
        self._client = Client(world, name, "agency", agency)
        self._world = world
        self._agency = agency
        self._items = items
        self._tags: dict[str, int | None] = dict.fromkeys(items)
        self._papers = 0

    async def declare(self) -> None:
        """Declare, prove and explain, and think again, until it is over."""
        while not self._world.over:
            item = self._world.chance.choice(self._items)
            await self._score(item)
            await self._prove(item)
            await self._client.think()

    async def declare_sheets(self) -> None:
        """The same, with all items in one request."""
        path, tag = f"{the.CYCLE.sheet(self._agency)}/scores", None
        while not self._world.over:
            scores = {item: {"inputs": {"points": self._points()}} for item in self._items}
            tag = (await self._client.put(path, {"scores": scores}, tag=tag)).body.get("version")
            await self._prove(self._world.chance.choice(self._items))
            await self._client.think()

    async def lock(self) -> None:
        """Close the sheet."""
        await self._client.post(f"{the.CYCLE.sheet(self._agency)}/lock")

    def _points(self) -> str:
        return self._world.chance.choice(POINTS)

    async def _score(self, item: str) -> None:
        path, tag = f"{the.CYCLE.sheet(self._agency)}/items/{item}/score", self._tags[item]
        if tag and self._world.chance.random() < 0.1:
            if (await self._client.delete(path, tag=tag)).taken:
                self._tags[item] = None
            return
        reply = await self._client.put(path, {"inputs": {"points": self._points()}}, tag=tag)
        if reply.taken:
            self._tags[item] = reply.tag

    async def _prove(self, item: str) -> None:
        path = f"{the.CYCLE.sheet(self._agency)}/items/{item}"
        self._papers += 1
        if self._world.chance.random() < 0.5:
            text = f"Giải trình lần {self._papers} của {self._agency}"
            if (await self._client.put(f"{path}/explanation", {"text": text})).taken:
                self._world.diary.explained[self._agency, item] = text
            return
        evidence = await self._upload()
        await self._client.put(f"{path}/evidence/tai-lieu-{self._papers % 2 + 1}", evidence)

    async def _upload(self) -> dict[str, Any]:
        number = self._world.chance.randrange(FILES_DIFFERENT_MAX)
        content = paper(f"{self._agency}: {number}")
        sha256 = hashlib.sha256(content).hexdigest()
        stored = await self._client.put(
            f"{the.CYCLE.sheet(self._agency)}/files/{sha256}", content=content
        )
        if stored.taken:
            self._world.diary.files.add(sha256)
        document = {
            "number": f"{self._papers}/BC",
            "on": "2021-06-01",
            "issuer": self._agency,
            "section": "trang 1",
        }
        return {"document": document, "file": {"sha256": sha256, "media_type": "application/pdf"}}


class Surveyor:
    """Somebody who hands out invitations, and types in what was answered on paper."""

    def __init__(self, world: World[Lives], questionnaire: str) -> None:
        self._client = Client(world, f"surveyor-{questionnaire}", "survey-officer")
        self._world = world
        self._name = questionnaire
        self._tokens: list[tuple[str, str]] = []

    async def ask(self) -> None:
        """Invite, answer for those who were invited, and enter papers, until it is over."""
        while not self._world.over:
            if not self._tokens:
                await self._invite()
            elif self._world.chance.random() < 0.2:
                await self.enter(PAPERS_AT_ONCE)
            else:
                await self._answer(*self._tokens.pop())
            await self._client.think()

    async def enter(self, count: int) -> None:
        """A batch of answers on paper."""
        responses: list[dict[str, Any]] = [
            {"agency": self._world.chance.choice(the.AGENCIES), "answers": self._chosen()}
            for _ in range(count)
        ]
        reply = await self._client.post(
            f"{the.CYCLE.survey(self._name)}/paper-responses", {"responses": responses}
        )
        given = self._world.diary.taken if reply.taken else self._world.diary.unknown
        given.update(answer(each["agency"], each["answers"]) for each in responses)

    async def _invite(self) -> None:
        agency = self._world.chance.choice(the.AGENCIES)
        path = f"{the.CYCLE.survey(self._name)}/invitations"
        reply = await self._client.post(path, {"agency": agency, "count": TOKENS_AT_ONCE})
        if reply.taken:
            tokens = reply.body["tokens"]
            self._world.diary.tokens.setdefault(self._name, set()).update(tokens)
            self._tokens += [(token, agency) for token in tokens]

    async def _answer(self, token: str, agency: str) -> None:
        answers, diary = self._chosen(), self._world.diary
        reply, uncertain = await self._client.answer(
            f"{the.CYCLE.survey(self._name)}/responses", {"token": token, "answers": answers}
        )
        if reply.taken or (reply.code == "token-spent" and uncertain):
            diary.taken[answer(agency, answers)] += 1
            diary.used[self._name] = diary.used.get(self._name, 0) + 1
            diary.unheard += not reply.taken
        elif reply.code == "survey-closed":
            diary.unknown[answer(agency, answers)] += uncertain
        else:
            diary.complain(f"an answer met {reply.status} {reply.body}")

    def _chosen(self) -> dict[str, str]:
        return {code: self._world.chance.choice(OPTIONS) for code in QUESTIONS}
