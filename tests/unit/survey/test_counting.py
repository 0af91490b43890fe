"""From an invitation to a counted answer: once each, in batches, and of nobody in particular."""

import asyncio

import pytest

from services.survey.application import BATCH_ANSWERS_MIN
from services.survey.domain.questionnaire import decider
from services.survey.policy import react
from shared.events import codec, submission
from shared.events.envelope import Context, Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Forbidden, Missing, Refused
from shared.runtime.handle import Handler
from tests.support.small_cycle import at, recorded
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_desk import ENOUGH, OFFICER, STREAM, Desk, opened_desk


@pytest.fixture
async def desk() -> Desk:
    return await opened_desk()


async def test_answers_wait_until_there_are_enough_to_hide_among(desk: Desk) -> None:
    tokens = await desk.invite(ENOUGH)
    for token in tokens[:-1]:
        await desk.answer(token)

    assert await desk.surveys.count_waiting() == 0
    await desk.answer(tokens[-1])
    assert await desk.surveys.count_waiting() == BATCH_ANSWERS_MIN
    assert len(await desk.counted()) == BATCH_ANSWERS_MIN


async def test_a_counted_batch_names_nobody_and_only_the_day(desk: Desk) -> None:
    desk.clock.set(at(11, 23, hour=13))
    for token in await desk.invite(ENOUGH):
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
