"""Nothing that people or an upgrade do brings the log out of balance."""

import copy
from dataclasses import replace
from datetime import timedelta

import pytest

from services.survey.application import Link
from services.survey.domain.limits import BATCH_ANSWERS_MIN
from services.survey.domain.token import hashed
from shared.count.balance import Balance
from shared.events import codec
from shared.events.envelope import Context
from shared.kernel.errors import Refused
from shared.ports import Right
from tests.support.survey_desk import (
    CITIZENS,
    ENOUGH,
    OFFICER,
    STREAM,
    URN,
    Desk,
    desk_over,
    opened_desk,
)


@pytest.fixture
async def desk() -> Desk:
    return await opened_desk()


async def faults(desk: Desk) -> list[str]:
    """What a verifier finds of the batches in the log."""
    balance = Balance("2021")
    stored = await desk.outside.store.stream(STREAM, limit=1_000)
    return [found.code for each in stored for found in balance.take(codec.decode(each.body))]


async def test_who_sends_again_by_a_link_what_was_counted_is_told_that_it_was(desk: Desk) -> None:
    context = Context(desk.clock.now(), OFFICER.reference, idempotency_key="open")
    link = Link("portal", "so-y-te", 3 * ENOUGH, 3 * ENOUGH)
    token = await desk.rights.open_link(OFFICER, CITIZENS, link, context)
    receipts = [desk.answering.receipt() for _ in range(ENOUGH)]
    for receipt in receipts:
        await desk.answer(token, receipt=receipt)
    assert await desk.surveys.count_waiting() == BATCH_ANSWERS_MIN

    for receipt in receipts:
        with pytest.raises(Refused, match="receipt-taken"):
            await desk.answer(token, receipt=receipt)
    desk.clock.set(desk.clock.now() + timedelta(days=60))

    assert await desk.surveys.follow_calendar() == 1
    assert len(await desk.counted()) == ENOUGH
    assert await faults(desk) == []


async def test_invitations_of_an_earlier_version_count_and_get_no_more_beside_them(
    desk: Desk,
) -> None:
    tokens = [str(number) for number in range(3)]
    await desk.outside.urn.grant(URN, [Right(hashed(token), "so-y-te") for token in tokens])

    with pytest.raises(Refused, match="invitations-untold"):
        await desk.invite(1)
    for token in tokens:
        await desk.answer(token)
    desk.clock.set(desk.clock.now() + timedelta(days=60))

    assert await desk.surveys.follow_calendar() == 1
    assert len(await desk.counted()) == 3
    assert await faults(desk) == []


async def test_an_urn_that_was_put_back_counts_nobody_twice(desk: Desk) -> None:
    for token in await desk.invite(ENOUGH):
        await desk.answer(token)
    earlier = copy.deepcopy(desk.outside.urn)
    assert await desk.surveys.count_waiting() == BATCH_ANSWERS_MIN
    log = await desk.facts()
    put_back = desk_over(replace(desk.outside, urn=earlier), desk.clock)

    assert await put_back.surveys.count_waiting() == 0
    desk.clock.set(desk.clock.now() + timedelta(days=60))
    assert await put_back.surveys.follow_calendar() == 0

    assert await desk.facts() == log
    assert await faults(desk) == []
