"""What every play does in the same way: open, prove, close, publish."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from tests.faults.judged.client import LOOK_EVERY_S, WAIT_S_MAX, Client, World, until_taken
from tests.faults.judged.cycle import ITEMS, Cycle
from tests.faults.judged.diary import answer

DECISION = {"number": "12/QĐ-HĐTĐ", "on": "2022-01-20"}

Responses = Sequence[Mapping[str, Any]]


async def go_to(world: World[Any], now: str) -> None:
    """Set the clock of the trial."""
    turn = len(world.diary.said)
    await Client(world, f"calendar-{turn}").put("/trial/clock", {"now": now})


async def open_cycle(world: World[Any], cycle: Cycle) -> None:
    """Open a cycle, which needs nobody but submission."""
    administrator = Client(world, "opener", "administrator")
    await administrator.put(f"/submission/cycles/{cycle.code}", cycle.opening)


async def assign(world: World[Any], cycle: Cycle, members: Sequence[tuple[str, str]]) -> None:
    """Give every criterion to all members, who come with their homes, once the cycle is known."""
    administrator = Client(world, "assigner", "administrator")
    await administrator.until_found(f"/appraisal/cycles/{cycle.code}/assignments")
    appraisers = {"members": [{"id": member, "agency": home} for member, home in members]}
    for tier in cycle.agencies:
        for item in ITEMS:
            criterion = f"/appraisal/cycles/{cycle.code}/tiers/{tier}/criteria/{item}"
            await administrator.put(f"{criterion}/assignment", appraisers)


async def open_surveys(world: World[Any], cycle: Cycle) -> None:
    """Adopt every questionnaire, as soon as its cycle is known, and open it."""
    surveyor = Client(world, "surveyor", "survey-officer")
    for name in cycle.questionnaires:
        path, body = cycle.survey(name), cycle.questionnaire(name)
        await until_taken(partial(surveyor.put, path, body))
        await surveyor.post(f"{path}/opening")


async def upload(client: Client, cycle: Cycle, agency: str, content: bytes) -> str:
    """Bring a file to an agency's sheet; returns its digest."""
    sha256 = hashlib.sha256(content).hexdigest()
    stored = await client.put(f"{cycle.sheet(agency)}/files/{sha256}", content=content)
    if stored.taken:
        client.world.diary.files.add(sha256)
    return sha256


def evidence(agency: str, number: int, sha256: str) -> Mapping[str, Any]:
    """A file as the proof of an item."""
    document = {
        "number": f"{number}/BC",
        "on": "2021-06-01",
        "issuer": agency,
        "section": "trang 1",
    }
    return {"document": document, "file": {"sha256": sha256, "media_type": "application/pdf"}}


async def invite(client: Client, cycle: Cycle, name: str, about: str, count: int) -> Sequence[str]:
    """New tokens to answer a questionnaire about an agency; none once it is closed."""
    wanted = {"agency": about, "count": count}
    reply = await client.post(f"{cycle.survey(name)}/invitations", wanted)
    tokens: Sequence[str] = reply.body["tokens"] if reply.taken else ()
    client.world.diary.tokens.setdefault(name, set()).update(tokens)
    return tokens


async def answer_with(
    client: Client, path: str, token: str, about: str, answers: Mapping[str, str]
) -> None:
    """Answer a questionnaire, whose address is `path`, with a token about an agency."""
    diary, name = client.world.diary, path.rpartition("/")[2]
    receipt = hashlib.sha256(f"{path} {token}".encode()).hexdigest()
    body = {"token": token, "answers": answers, "receipt": receipt}
    reply, uncertain = await client.answer(f"{path}/responses", body)
    if reply.taken or (reply.code == "token-spent" and uncertain):
        diary.taken[answer(about, answers)] += 1
        diary.receipts.add(receipt)
        diary.used[name] = diary.used.get(name, 0) + 1
        diary.unheard += not reply.taken
    elif reply.code == "survey-closed":
        diary.unknown[answer(about, answers)] += uncertain
    else:
        diary.complain(f"an answer met {reply.status} {reply.body}")


async def enter_papers(client: Client, path: str, responses: Responses) -> None:
    """Two people type in a pile of answers on paper, one after the other."""
    diary = client.world.diary
    pile = f"{path}/paper/piles/{client.name}-{len(diary.said)}"
    second = Client(client.world, f"{client.name}-{len(diary.said)}-again", "survey-officer")
    await client.put(pile, {"forms": responses})
    reply = await second.put(pile, {"forms": responses})
    entered = reply.taken and reply.body["status"] == "entered"
    given = diary.taken if entered else diary.unknown
    given.update(answer(each["agency"], each["answers"]) for each in responses)


async def see_surveys_closed(world: World[Any], cycle: Cycle, wait_s_max: int = WAIT_S_MAX) -> None:
    """Wait for what the calendar does, or for as long as one likes to."""
    surveyor = Client(world, "closer", "survey-officer")
    with suppress(TimeoutError):
        async with asyncio.timeout(wait_s_max):
            for name in cycle.questionnaires:
                await _see_closed(surveyor, cycle.survey(name))


async def _see_closed(surveyor: Client, path: str) -> None:
    while True:
        if (await surveyor.get(path)).body.get("status") == "closed":
            return
        await asyncio.sleep(LOOK_EVERY_S)


class Publisher:
    """The council's chair and the administration, who make the result public."""

    def __init__(self, world: World[Any], cycle: Cycle) -> None:
        self._cycle = cycle
        self._chair = Client(world, "chair", "council", "so-tai-chinh")
        self._administrator = Client(world, "publisher", "administrator")
        self._published = ""

    async def see_change(self) -> None:
        """Wait until the table is another than the one that was published last."""
        async with asyncio.timeout(WAIT_S_MAX):
            while (await self._seen())["digest"] == self._published:  # noqa: ASYNC110 - by HTTP
                await asyncio.sleep(LOOK_EVERY_S)

    async def publish(self, revision: int, because: str | None = None) -> bool:
        """What the council has seen may have changed when it says so; then it looks again.

        False where there is nothing new, perhaps because ranking has not heard of it yet.
        """
        path = self._cycle.ranking(f"publications/{revision}")
        body = {"decision": DECISION} | ({"because": because} if because else {})
        clock = asyncio.get_running_loop().time
        deadline = clock() + WAIT_S_MAX
        while True:
            seen = await self._seen()
            approval = {"digest": seen["digest"]}
            approved = await self._chair.post(self._cycle.ranking("approvals"), approval)
            published = await self._administrator.put(path, body)
            if published.taken or published.code == "table-unchanged":
                self._published = seen["digest"]
                return published.taken
            said = (seen["hindrances"], approved.body, published.body)
            assert clock() < deadline, f"nothing can be published: {said}"
            await asyncio.sleep(LOOK_EVERY_S)

    async def _seen(self) -> Mapping[str, Any]:
        found = await self._chair.until_found(self._cycle.ranking("hindrances"))
        seen: Mapping[str, Any] = found
        return seen
