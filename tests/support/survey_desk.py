"""The survey service in memory, with one questionnaire, and its facts to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.survey.application import BATCH_ANSWERS_MIN, Shelf, Surveys
from services.survey.views import VIEWS
from shared.adapters.memory import MemoryClock
from shared.events import codec
from shared.events import survey as events
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from shared.runtime.service import Outside
from tests.support.outside import memory_outside
from tests.support.small_cycle import at, opened_cycle
from tests.support.small_questionnaire import ADOPTED

OFFICER = Actor(id="o-1", role="survey-officer")
STREAM = "survey/2021/citizens"
ENOUGH = 2 * BATCH_ANSWERS_MIN
"""As many as let a batch go and leave enough behind for the last one."""


@dataclass(frozen=True)
class Desk:
    """The survey service in memory, with its adopted and opened questionnaire."""

    outside: Outside
    clock: MemoryClock
    surveys: Surveys

    async def facts(self) -> Sequence[events.Fact]:
        stored = await self.outside.store.stream(STREAM, limit=1_000)
        return [codec.decode(fact.body).data for fact in stored]

    async def counted(self) -> list[events.Response]:
        batches = [f for f in await self.facts() if isinstance(f, events.ResponsesCounted)]
        return [response for batch in batches for response in batch.responses]

    async def invite(self, count: int, key: str = "k1") -> Sequence[str]:
        context = Context(self.clock.now(), OFFICER.reference, idempotency_key=key)
        return await self.surveys.invite(OFFICER, "2021", "citizens", "so-y-te", count, context)

    async def answer(self, token: str, option: str = "5") -> None:
        await self.surveys.answer("2021", "citizens", token, {"q1": option})

    def restarted(self) -> "Desk":
        return Desk(self.outside, self.clock, surveys(self.outside))


def surveys(outside: Outside) -> Surveys:
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    return Surveys(shelf, outside.urn, outside.seals, outside.clock)


async def opened_desk() -> Desk:
    """The survey service in memory, with a questionnaire that takes answers."""
    clock = MemoryClock(at(11, 22))
    outside = memory_outside(clock=clock)
    for fact in opened_cycle():
        stored = codec.encode(fact.stream, fact.version, fact.context, fact.data)
        await outside.inbox.append([stored])
    opened = Desk(outside, clock, surveys(outside))
    context = Context(clock.now(), OFFICER.reference)
    await opened.surveys.adopt(OFFICER, ADOPTED, context)
    await opened.surveys.open(OFFICER, "2021", "citizens", context)
    return opened
