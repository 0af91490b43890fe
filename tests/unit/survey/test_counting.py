"""From an invitation to a counted answer: once each, in batches, and none left behind."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from services.survey.application import BATCH_ANSWERS_MIN, Shelf, Surveys
from services.survey.domain.questionnaire import decider
from services.survey.policy import react
from services.survey.views import VIEWS
from shared.adapters.memory import MemoryClock
from shared.events import codec, submission
from shared.events import survey as events
from shared.events.envelope import Context, Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Forbidden, Missing, Refused
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from shared.runtime.service import Outside
from tests.support.outside import memory_outside
from tests.support.small_cycle import at, opened_cycle, recorded
from tests.unit.survey.test_questionnaire import ADOPTED

OFFICER = Actor(id="o-1", role="survey-officer")
STREAM = "survey/2021/citizens"


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


@pytest.fixture
async def desk() -> Desk:
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


async def test_answers_wait_until_there_are_enough_to_hide_among(desk: Desk) -> None:
    tokens = await desk.invite(BATCH_ANSWERS_MIN)
    for token in tokens[:-1]:
        await desk.answer(token)

    assert await desk.surveys.count_waiting() == 0
    await desk.answer(tokens[-1])
    assert await desk.surveys.count_waiting() == BATCH_ANSWERS_MIN
    assert len(await desk.counted()) == BATCH_ANSWERS_MIN


async def test_a_counted_batch_names_nobody_and_only_the_day(desk: Desk) -> None:
    desk.clock.set(at(11, 23, hour=13))
    for token in await desk.invite(BATCH_ANSWERS_MIN):
        await desk.answer(token)

    await desk.surveys.count_waiting()

    [batch] = [f for f in await desk.outside.store.stream(STREAM, limit=10) if f.version == 3]
    assert codec.decode(batch.body).context == Context(at(11, 23, hour=0))


async def test_a_token_answers_once_however_often_it_is_sent_at_once(desk: Desk) -> None:
    [token] = await desk.invite(1)

    sent = await asyncio.gather(*(desk.answer(token) for _ in range(10)), return_exceptions=True)

    refused = [outcome for outcome in sent if isinstance(outcome, Refused)]
    assert len(refused) == 9
    assert {refusal.code for refusal in refused} == {"token-spent"}


async def test_a_token_is_good_for_its_own_questionnaire_alone(desk: Desk) -> None:
    with pytest.raises(Missing) as refused:
        await desk.answer("x" * 32)

    assert refused.value.code == "token-unknown"


async def test_the_same_key_gives_the_same_invitations_again(desk: Desk) -> None:
    first = await desk.invite(3)

    assert await desk.invite(3) == first
    assert (await desk.surveys.turnout(OFFICER, "2021", "citizens"))["so-y-te"].invited == 3
    assert await desk.invite(3, key="k2") != first


async def test_closing_by_the_calendar_counts_the_rest_and_takes_no_more(desk: Desk) -> None:
    *tokens, late = await desk.invite(4)
    for token in tokens:
        await desk.answer(token)
    desk.clock.set(at(12, 20))

    assert await desk.surveys.follow_calendar() == 1

    closed = (await desk.facts())[-1]
    assert closed == events.SurveyClosed(
        cycle="2021", questionnaire="citizens", closed_by="calendar", responses=3
    )
    assert len(await desk.counted()) == 3
    with pytest.raises(Refused) as refused:
        await desk.answer(late)
    assert refused.value.code == "survey-closed"
    assert await desk.surveys.follow_calendar() == 0


async def test_an_extended_deadline_keeps_it_open(desk: Desk) -> None:
    extended = submission.DeadlineExtended(
        cycle="2021",
        phase="survey",
        agency=None,
        until=at(12, 27),
        decision=submission.LegalAct(number="9/QĐ", on=at(12, 19).date()),
        because=Sealed(key="k", text="t"),
    )
    await desk.outside.inbox.append([codec.encode("cycle/2021", 3, Context(at(12, 19)), extended)])
    desk.clock.set(at(12, 20))

    assert await desk.surveys.follow_calendar() == 0


async def test_the_calendar_opens_what_is_due(desk: Desk) -> None:
    other = events.QuestionnaireAdopted(
        **{name: getattr(ADOPTED, name) for name in ADOPTED.__struct_fields__}
        | {"questionnaire": "second", "opens": at(11, 25)}
    )
    await desk.surveys.adopt(OFFICER, other, Context(desk.clock.now(), OFFICER.reference))

    assert await desk.surveys.follow_calendar() == 0
    desk.clock.set(at(11, 25))
    assert await desk.surveys.follow_calendar() == 1


@pytest.mark.parametrize("crash", ["before-counting", "before-discarding"])
async def test_a_crash_while_counting_neither_loses_nor_doubles(desk: Desk, crash: str) -> None:
    for token in await desk.invite(BATCH_ANSWERS_MIN):
        await desk.answer(token)
    drawn = await desk.outside.urn.draw("2021/citizens", batch=1, least=1, most=250)
    if crash == "before-discarding":
        assert drawn is not None
        responses = tuple(events.Response(**answer) for answer in drawn.answers)
        fact = events.ResponsesCounted(
            cycle="2021", questionnaire="citizens", batch=1, responses=responses
        )
        await desk.outside.store.append([codec.encode(STREAM, 3, Context(at(11, 22)), fact)])

    again = desk.restarted()
    await again.surveys.count_waiting()

    assert len(await again.counted()) == BATCH_ANSWERS_MIN
    await again.surveys.count_waiting()
    assert await again.outside.urn.waiting("2021/citizens") == 0


async def test_two_workers_count_every_answer_once(desk: Desk) -> None:
    twin = desk.restarted()
    for token in await desk.invite(10 * BATCH_ANSWERS_MIN):
        await desk.answer(token)

    await asyncio.gather(
        *(worker.surveys.count_waiting() for worker in (desk, twin) for _ in range(3))
    )
    context = Context(desk.clock.now(), OFFICER.reference)
    await desk.surveys.close(OFFICER, "2021", "citizens", "survey-officer", context)

    assert len(await desk.counted()) == 10 * BATCH_ANSWERS_MIN


async def test_paper_answers_are_entered_once_per_key(desk: Desk) -> None:
    def context(body: str) -> Context:
        return Context(
            desk.clock.now(), OFFICER.reference, idempotency_key="p1", request_digest=body
        )

    paper = [{"agency": "so-noi-vu", "answers": {"q1": "4"}}]

    async def enter(body: str) -> bool:
        return await desk.surveys.enter(OFFICER, "2021", "citizens", paper, context(body))

    assert await enter("one") is True
    assert await enter("one") is False
    with pytest.raises(Refused) as refused:
        await enter("two")
    assert refused.value.code == "idempotency-key-reused"
    assert await desk.outside.urn.waiting("2021/citizens") == 1


async def test_a_withdrawn_cycle_closes_what_is_open(desk: Desk) -> None:
    withdrawn = submission.CycleWithdrawn(
        cycle="2021",
        decision=submission.LegalAct(number="9/QĐ", on=at(12, 1).date()),
        because=Sealed(key="k", text="t"),
    )
    cause = recorded("cycle/2021", 3, withdrawn)

    for command in react(cause):
        await desk.surveys.perform(command, cause, None)

    state = await Handler(desk.outside.store).load(STREAM, decider)
    assert state.closed


async def test_only_survey_officers_run_a_survey(desk: Desk) -> None:
    agency = Actor(id="a-1", role="agency", agency="so-y-te")

    with pytest.raises(Forbidden):
        await desk.surveys.adopt(agency, ADOPTED, Context(desk.clock.now()))
    with pytest.raises(Forbidden):
        await desk.surveys.results(agency, "2021", "citizens")
