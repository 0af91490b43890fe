"""The people of the cycle: each does the next thing when the last one was acknowledged."""

from collections.abc import Mapping
from typing import Any

from demo.papers import paper
from tests.faults.judged import steps
from tests.faults.judged.client import Client, World
from tests.faults.judged.cycle import ITEMS, OPTIONS, POINTS, QUESTIONS
from tests.faults.kill import cycle as the
from tests.faults.kill.lives import Lives

FILES_DIFFERENT_MAX = 40
TOKENS_AT_ONCE = 20
PAPERS_AT_ONCE = 6


class Officer:
    """Somebody of an agency, who alone works on some of its items."""

    def __init__(
        self, world: World[Lives], name: str, agency: str, items: tuple[str, ...] = ITEMS
    ) -> None:
        self._client = Client(world, name, "agency", agency)
        self._world = world
        self._agency = agency
        self._sheet = the.CYCLE.sheet(agency)
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
        path, tag = f"{self._sheet}/scores", None
        while not self._world.over:
            scores = {item: {"inputs": {"points": self._points()}} for item in self._items}
            tag = (await self._client.put(path, {"scores": scores}, tag=tag)).body.get("version")
            await self._prove(self._world.chance.choice(self._items))
            await self._client.think()

    async def lock(self) -> None:
        """Close the sheet."""
        await self._client.post(f"{self._sheet}/lock")

    def _points(self) -> str:
        return self._world.chance.choice(POINTS)

    async def _score(self, item: str) -> None:
        path, tag = f"{self._sheet}/items/{item}/score", self._tags[item]
        if tag and self._world.chance.random() < 0.1:
            if (await self._client.delete(path, tag=tag)).taken:
                self._tags[item] = None
            return
        reply = await self._client.put(path, {"inputs": {"points": self._points()}}, tag=tag)
        if reply.taken:
            self._tags[item] = reply.tag

    async def _prove(self, item: str) -> None:
        path = f"{self._sheet}/items/{item}"
        self._papers += 1
        if self._world.chance.random() < 0.5:
            text = f"Giải trình lần {self._papers} của {self._agency}"
            if (await self._client.put(f"{path}/explanation", {"text": text})).taken:
                self._world.diary.explained[self._agency, item] = text
            return
        number = self._world.chance.randrange(FILES_DIFFERENT_MAX)
        content = paper(f"{self._agency}: {number}")
        sha256 = await steps.upload(self._client, the.CYCLE, self._agency, content)
        proof = steps.evidence(self._agency, self._papers, sha256)
        await self._client.put(f"{path}/evidence/tai-lieu-{self._papers % 2 + 1}", proof)


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
        responses: list[Mapping[str, Any]] = [
            {"agency": self._world.chance.choice(the.AGENCIES), "answers": self._chosen()}
            for _ in range(count)
        ]
        await steps.enter_papers(self._client, the.CYCLE.survey(self._name), responses)

    async def _invite(self) -> None:
        about = self._world.chance.choice(the.AGENCIES)
        tokens = await steps.invite(self._client, the.CYCLE, self._name, about, TOKENS_AT_ONCE)
        self._tokens += [(token, about) for token in tokens]

    async def _answer(self, token: str, about: str) -> None:
        path = the.CYCLE.survey(self._name)
        await steps.answer_with(self._client, path, token, about, self._chosen())

    def _chosen(self) -> Mapping[str, str]:
        return {code: self._world.chance.choice(OPTIONS) for code in QUESTIONS}
