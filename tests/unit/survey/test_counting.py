"""From an invitation to a counted answer: once each, in batches, and of nobody in particular."""

import asyncio

import pytest

from services.survey.application import Link
from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.domain.questionnaire import decider
from services.survey.policy import react
from shared.events import codec, submission
from shared.events import survey as events
from shared.events.envelope import Context, Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Forbidden, Missing, Refused, Unavailable
from shared.ports import Box
from shared.runtime.handle import Handler
from tests.support.small_cycle import at, recorded
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_desk import (
    CITIZENS,
    ENOUGH,
    OFFICER,
    STREAM,
    URN,
    Desk,
    opened_desk,
)


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

    [batch] = [f for f in await desk.outside.store.stream(STREAM, limit=10) if f.version == 4]
    assert codec.decode(batch.body).context == Context(at(11, 23, hour=0))


async def test_a_batch_has_as_many_receipts_as_answers_and_each_was_given_to_somebody(
    desk: Desk,
) -> None:
    tokens = await desk.invite(ENOUGH)
    receipts = [f"receipt-of-person-{place:04}" for place in range(ENOUGH)]
    for token, receipt in zip(tokens, receipts, strict=True):
        await desk.answer(token, receipt=receipt)

    await desk.surveys.count_waiting()
    context = Context(desk.clock.now(), OFFICER.reference)
    await desk.surveys.close(OFFICER, "2021", "citizens", "survey-officer", context)

    batches = [f for f in await desk.facts() if isinstance(f, events.ResponsesCounted)]
    assert [len(batch.receipts) for batch in batches] == [BATCH_ANSWERS_MIN] * 2
    assert all(list(batch.receipts) == sorted(batch.receipts) for batch in batches)
    assert sorted(receipt for batch in batches for receipt in batch.receipts) == receipts


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
    turnout = await desk.rights.turnout(OFFICER, CITIZENS)
    assert turnout["so-y-te"].invited == 3
    assert await desk.invite(3, key="k2") != first


async def test_the_log_says_how_many_were_invited_before_anybody_can_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable("database-unavailable")

    with monkeypatch.context() as broken:
        broken.setattr(desk.outside.urn, "grant", away)
        with pytest.raises(Unavailable):
            await desk.invite(3)
    tokens = await desk.restarted().invite(3)

    issued = [f for f in await desk.facts() if isinstance(f, events.InvitationsIssued)]
    assert [fact.count for fact in issued] == [3]
    await desk.answer(tokens[2])


async def test_an_open_link_takes_answers_up_to_its_limits_and_until_it_is_closed(
    desk: Desk,
) -> None:
    def context(key: str) -> Context:
        return Context(desk.clock.now(), OFFICER.reference, idempotency_key=key)

    link = Link("portal", "so-y-te", 3, 2)
    token = await desk.rights.open_link(OFFICER, CITIZENS, link, context("open"))
    for _ in range(2):
        await desk.answer(token)
    with pytest.raises(Refused, match="link-full-today"):
        await desk.answer(token)
    desk.clock.set(at(11, 23))
    await desk.answer(token)
    with pytest.raises(Refused, match=r"link-full$"):
        await desk.answer(token)

    other = Link("square", "so-y-te", 3, 3)
    closed = await desk.rights.open_link(OFFICER, CITIZENS, other, context("other"))
    await desk.rights.close_link(OFFICER, CITIZENS, "square", "Bị lạm dụng.", context("close"))
    with pytest.raises(Refused, match="link-closed"):
        await desk.answer(closed)
    assert await desk.outside.urn.waiting(URN) == {Box("so-y-te", "link"): 3}


async def test_a_link_that_was_closed_before_the_urn_knew_it_stays_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def context(key: str) -> Context:
        return Context(desk.clock.now(), OFFICER.reference, idempotency_key=key)

    async def away(*_: object) -> None:
        raise Unavailable("database-unavailable")

    link = Link("portal", "so-y-te", 3, 2)
    with monkeypatch.context() as broken:
        broken.setattr(desk.outside.urn, "grant", away)
        with pytest.raises(Unavailable):
            await desk.rights.open_link(OFFICER, CITIZENS, link, context("open"))
    await desk.rights.close_link(OFFICER, CITIZENS, "portal", "Nhầm.", context("close"))

    token = await desk.rights.open_link(OFFICER, CITIZENS, link, context("open"))

    with pytest.raises(Refused, match="link-closed"):
        await desk.answer(token)


@pytest.mark.parametrize("receipt", ["short", "x" * 65, "with a space in it, and long enough"])
async def test_a_receipt_that_is_none_is_refused_and_spends_nothing(
    desk: Desk, receipt: str
) -> None:
    [token] = await desk.invite(1)

    with pytest.raises(Refused, match="receipt-malformed"):
        await desk.answer(token, receipt=receipt)

    await desk.answer(token)


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
