"""The survey service in memory, with one questionnaire, and its facts to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.survey.application import (
    Answering,
    Closing,
    CountedReceipts,
    Counting,
    Entering,
    Rights,
    Shelf,
    Surveys,
)
from services.survey.application.shelf import RUNNING_MAX
from services.survey.domain.filled import Filled
from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.views import VIEWS
from shared.adapters.chance import SecretChance
from shared.adapters.memory import MemoryClock
from shared.events import codec
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.ports import Slip, Urn
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from shared.runtime.service import Outside
from tests.support.outside import memory_outside
from tests.support.small_cycle import at, opened_cycle
from tests.support.small_questionnaire import ADOPTED

OFFICER = Actor(id="o-1", role="survey-officer")
STREAM = "survey/2021/citizens"
CITIZENS = ("2021", "citizens")
URN = "2021/citizens"
ENOUGH = 2 * BATCH_ANSWERS_MIN
"""As many as let a batch go and leave enough behind for the last one."""


@dataclass(frozen=True)
class Desk:
    """The survey service in memory, with its adopted and opened questionnaire."""

    outside: Outside
    clock: MemoryClock
    shelf: Shelf
    surveys: Surveys
    rights: Rights
    answering: Answering

    async def stored(self) -> Sequence[codec.Stored]:
        return await self.outside.store.stream(STREAM, limit=1_000)

    async def facts(self) -> Sequence[events.Fact]:
        return [codec.decode(fact.body).data for fact in await self.stored()]

    async def counted(self) -> list[events.Response]:
        batches = [f for f in await self.facts() if isinstance(f, events.ResponsesCounted)]
        return [response for batch in batches for response in batch.responses]

    async def invite(self, count: int, key: str = "k1") -> Sequence[str]:
        context = Context(self.clock.now(), OFFICER.reference, idempotency_key=key)
        return await self.rights.invite(OFFICER, CITIZENS, "so-y-te", count, context)

    async def answer(self, token: str, option: str = "5", receipt: str | None = None) -> None:
        filled = Filled({"q1": option})
        receipt = receipt or self.answering.receipt()
        await self.answering.answer(CITIZENS, token, filled, receipt=receipt)

    async def waiting(self) -> int:
        """How many answers are in the urn, drawn or not."""
        undrawn = await self.outside.urn.waiting(URN)
        assert not await self.outside.urn.drawn(URN)
        return sum(undrawn.values())

    def restarted(self) -> "Desk":
        return desk_over(self.outside, self.clock)


def desk_over(outside: Outside, clock: MemoryClock) -> Desk:
    """Another process of the survey service."""
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    return Desk(
        outside,
        clock,
        shelf,
        surveys_of(outside, shelf),
        Rights(shelf, outside.urn, outside.seals),
        answering_of(outside, shelf),
    )


def surveys_of(outside: Outside, shelf: Shelf, *, running_max: int = RUNNING_MAX) -> Surveys:
    """What people and the calendar do with surveys."""
    piles = Entering(shelf, outside.urn, outside.drafts, outside.clock, outside.chance)
    counted = CountedReceipts(shelf, outside.urn)
    counting = Counting(shelf, outside.urn, counted, outside.clock)
    closing = Closing(shelf, outside.urn, piles, outside.ballots, counting)
    parts = (counting, closing, outside.ballots, outside.clock)
    return Surveys(shelf, *parts, running_max=running_max)


def answering_of(outside: Outside, shelf: Shelf) -> Answering:
    """What people can do who were asked."""
    counted = CountedReceipts(shelf, outside.urn)
    ports = (outside.ballots, outside.clock, outside.chance)
    return Answering(shelf, outside.urn, counted, *ports)


def on_paper(agency: str, answer: Mapping[str, Any]) -> tuple[str, Slip]:
    """What somebody filled in by hand about an agency; nobody has its receipt."""
    return agency, Slip(answer, SecretChance().token())


async def drop(urn: Urn, agency: str, count: int, *, name: str = URN) -> None:
    """Put as many answers on paper into the urn."""
    answer = {"answers": {"q1": "4"}, "choices": {}, "hasty": False}
    slips = [on_paper(agency, answer) for _ in range(count)]
    await urn.drop(name, f"{agency} {count}", slips, digest="d")


async def opened_desk() -> Desk:
    """The survey service in memory, with a questionnaire that takes answers."""
    clock = MemoryClock(at(11, 22))
    outside = memory_outside(clock=clock)
    for fact in opened_cycle():
        stored = codec.encode(fact.stream, fact.version, fact.context, fact.data)
        await outside.inbox.append([stored])
    opened = desk_over(outside, clock)
    context = Context(clock.now(), OFFICER.reference)
    await opened.surveys.adopt(OFFICER, ADOPTED, context)
    await opened.surveys.open(OFFICER, "2021", "citizens", context)
    return opened
