"""The people of the story: each says the next thing when the last one was acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from demo.papers import paper
from tests.faults.judged import steps
from tests.faults.judged.client import Client, Reply, World, until_taken
from tests.faults.judged.cycle import ITEMS, Cycle
from tests.faults.real import story

LEGAL_BASIS = "Quyết định 2366/QĐ-UBND, Phụ lục"
EVERY = slice(None)
WATCH_EVERY_S = 0.05

Json = Mapping[str, Any]


class Officer:
    """Somebody of an agency, who alone works on some of its items."""

    def __init__(
        self, world: World[Any], cycle: Cycle, name: str, agency: str, items: slice = EVERY
    ) -> None:
        self._items = ITEMS[items]
        self._client = Client(world, f"{name}-{agency}", "agency", agency)
        self._cycle = cycle
        self._agency = agency
        self._sheet = cycle.sheet(agency)

    async def declare(self) -> None:
        """Declare item by item, several times, and prove each."""
        tags: dict[str, int | None] = dict.fromkeys(self._items)
        for time in range(1, story.TIMES_DECLARED + 1):
            for item in self._items:
                tags[item] = await self._declare(item, time, tags[item])
                await self._prove(item, time)

    async def declare_sheets(self) -> None:
        """The same, with all items in one request."""
        tag: int | None = None
        for time in range(1, story.TIMES_DECLARED + 1):
            scores = {item: {"inputs": self._inputs(item, time)} for item in self._items}
            said = self._client.put(f"{self._sheet}/scores", {"scores": scores}, tag=tag)
            tag = (await self._done(said)).body.get("version")
            for item in self._items:
                await self._prove(item, time)

    async def lock(self) -> None:
        """Close the sheet."""
        await self._done(self._client.post(f"{self._sheet}/lock"))

    async def see_locked(self) -> None:
        """Wait until the sheet is closed, by whomever."""
        await until(self._client, self._sheet, lambda sheet: sheet["status"] == "locked")

    async def explain(self) -> None:
        """Explain what the council asks about, once this is known here."""
        item = self._items[0]
        path, text = f"{self._sheet}/items/{item}/explanation", f"{self._agency} giải trình thêm"
        await until_taken(lambda: self._client.put(path, {"text": text}))
        self._client.world.diary.explained[self._agency, item] = text

    async def _declare(self, item: str, time: int, tag: int | None) -> int | None:
        path = f"{self._sheet}/items/{item}/score"
        if time == story.TIMES_DECLARED and item == story.WITHDRAWN and tag is not None:
            await self._done(self._client.delete(path, tag=tag))
            tag = None
        said = self._client.put(path, {"inputs": self._inputs(item, time)}, tag=tag)
        return (await self._done(said)).tag

    def _inputs(self, item: str, time: int) -> Mapping[str, str]:
        return {"points": story.declared(self._agency, item, time)}

    async def _prove(self, item: str, time: int) -> None:
        path = f"{self._sheet}/items/{item}"
        if time == story.TIMES_DECLARED:
            text = f"Giải trình của {self._agency} về mục {item}"
            await self._done(self._client.put(f"{path}/explanation", {"text": text}))
            self._client.world.diary.explained[self._agency, item] = text
            return
        content = paper(f"{self._agency}: {item}, {time}")
        sha256 = await steps.upload(self._client, self._cycle, self._agency, content)
        proof = steps.evidence(self._agency, time, sha256)
        await self._done(self._client.put(f"{path}/evidence/tai-lieu", proof))

    async def _done(self, said: Awaitable[Reply]) -> Reply:
        return await done(self._client, said)


class Surveyor:
    """Somebody who asks on behalf of one questionnaire, about one agency."""

    def __init__(self, world: World[Any], cycle: Cycle, name: str, about: str) -> None:
        self._client = Client(world, f"surveyor-{name}-{about}", "survey-officer")
        self._second = Client(world, f"second-{name}-{about}", "survey-officer")
        self._cycle = cycle
        self._name = name
        self._about = about
        self._path = cycle.survey(name)

    async def ask(self) -> None:
        """Invite, and answer for those who were invited."""
        count = story.ASKED[self._name]
        tokens = await steps.invite(self._client, self._cycle, self._name, self._about, count)
        for place, token in enumerate(tokens):
            answers = story.answers(self._name, self._about, place)
            await steps.answer_with(self._client, self._path, token, self._about, answers)

    async def take_over(self, time: int) -> None:
        """Take over what was asked elsewhere, once two typed the same."""
        body = story.certified(self._about, time)
        for client in (self._client, self._second):
            await done(client, client.put(f"{self._path}/results/{self._about}", body))


class Typist:
    """Somebody who types in what was answered on paper."""

    def __init__(self, world: World[Any], cycle: Cycle, name: str) -> None:
        self._client = Client(world, f"typist-{name}", "survey-officer")
        self._path = cycle.survey(name)
        self._papers = story.papers(cycle, name)

    async def enter(self) -> None:
        """All of it at once."""
        await steps.enter_papers(self._client, self._path, self._papers)


class Member:
    """A member of the council, who appraises every item of some agencies."""

    def __init__(
        self, world: World[Any], cycle: Cycle, member: tuple[str, str], agencies: Sequence[str]
    ) -> None:
        name, home = member
        self._client = Client(world, name, "council", home)
        self._cycle = cycle
        self._agencies = agencies

    async def ask(self) -> None:
        """Ask each agency about an item."""
        question = {"question": "Đề nghị giải trình.", "until": self._cycle.at("12-24", "17")}
        for agency in self._agencies:
            await self._client.until_found(self._cycle.appraisal(agency))
            path = f"{self._cycle.appraisal(agency)}/items/{ITEMS[0]}/explanation-requests"
            await done(self._client, self._client.post(path, question))

    async def decide(self, time: int) -> None:
        """Decide on everything, for the `time`th time."""
        for agency in self._agencies:
            for item in ITEMS:
                await self._decide(agency, item, time)

    async def second(self, agency: str) -> None:
        """Agree to what another member proposes, as soon as it is proposed."""
        path = self._cycle.appraisal(agency)
        shown = await until(self._client, path, lambda sheet: bool(_open_in(sheet)))
        for action in _open_in(shown):
            await done(self._client, self._client.post(f"{path}/actions/{action}/second"))

    async def approve(self) -> None:
        """Close each agency."""
        for agency in self._agencies:
            path = f"{self._cycle.appraisal(agency)}/approval"
            await done(self._client, self._client.post(path, steps.DECISION))

    async def _decide(self, agency: str, item: str, time: int) -> None:
        path = f"{self._cycle.appraisal(agency)}/items/{item}"
        shown = (await self._client.get(path)).body
        body = _decision(shown["declaration"], story.verdict(agency, item, time))
        said = self._client.put(f"{path}/decision", body, tag=shown["version"])
        await done(self._client, said)


class Watcher:
    """Somebody who looks at everything all the time."""

    def __init__(self, world: World[Any], cycle: Cycle) -> None:
        self._client = Client(world, "watcher", "auditor")
        self._paths = (
            cycle.sheet(cycle.every_agency[0]),
            cycle.appraisal(cycle.every_agency[0]),
            cycle.survey(story.CERTIFIED),
            *(cycle.ranking(f"table?tier={tier}") for tier in cycle.agencies),
        )

    async def watch(self) -> None:
        """Read one after the other, until it is over."""
        while not self._client.world.over:
            for path in self._paths:
                await self._client.get(path)
                await asyncio.sleep(WATCH_EVERY_S)


async def done(client: Client, said: Awaitable[Reply]) -> Reply:
    """What was said, and has to be taken: nobody of the story asks for what is refused."""
    reply = await said
    if not reply.taken:
        client.world.diary.complain(f"{client.name} met {reply.status} {reply.body}")
    return reply


async def until(client: Client, path: str, is_wanted: Callable[[Json], bool]) -> Json:
    """Read again and again, until what is read is as wanted."""

    def is_there(reply: Reply) -> bool:
        return is_wanted(reply.body)

    found: Json = (await until_taken(lambda: client.get(path), is_there)).body
    return found


def _open_in(sheet: Json) -> Sequence[str]:
    """What waits for a second member."""
    return [each["action"] for each in sheet["proposals"] if each["status"] == "open"]


def _decision(declaration: str, awarded: str | None) -> Json:
    if awarded is None:
        return {"decision": "recognise", "declaration": declaration}
    return {
        "decision": "reject",
        "declaration": declaration,
        "awarded": awarded,
        "reason": f"Chỉ đủ tài liệu cho {awarded} điểm.",
        "legal_basis": LEGAL_BASIS,
    }
