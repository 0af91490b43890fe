"""Answers that come between the planned closing and the shutting of the urn."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from shared.kernel.errors import Refused
from tests.support.small_cycle import at
from tests.support.survey_desk import CITIZENS, Desk, opened_desk

PEOPLE = 90
CLOSES = at(12, 20)


async def is_thanked(desk: Desk, place: int, token: str) -> bool:
    """Whether somebody who comes a little after the one before is told that it was taken."""
    for _ in range(place):
        await asyncio.sleep(0)
    try:
        await desk.answer(token)
    except Refused as refused:
        if refused.code != "survey-closed":
            raise
        return False
    return True


@pytest.mark.parametrize("waits", [0, 20, 45])
async def test_whoever_is_thanked_is_counted_and_whoever_is_not_is_not(waits: int) -> None:
    desk = await opened_desk()
    tokens = await desk.invite(PEOPLE)
    worker = desk.restarted()
    desk.clock.set(CLOSES - timedelta(seconds=0.5))
    # So long it is taken as known that answers are taken; they arrive when that is over.
    await desk.answering.asked(*CITIZENS)
    desk.clock.set(CLOSES)

    async def close() -> bool:
        for _ in range(waits):
            await asyncio.sleep(0)
        return await worker.surveys.follow_calendar() == 1

    asked = itertools.starmap(is_thanked, ((desk, *each) for each in enumerate(tokens)))
    closed, *thanked = await asyncio.gather(close(), *asked)

    assert closed
    assert len(await desk.counted()) == sum(thanked)
    assert 0 < sum(thanked) < PEOPLE
    assert await desk.waiting() == 0
