"""An urn that does not know what it discarded takes no receipt that the log has."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from services.survey.domain.limits import BATCH_ANSWERS_MIN
from shared.adapters.sqlite import SqliteUrn
from shared.kernel.errors import Refused
from shared.ports import Slip
from tests.support.opened import opened
from tests.support.survey_desk import ENOUGH, URN, Desk, desk_over, drop, opened_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A batch was counted by an earlier version, whose urn remembers no receipts."""
    desk = await opened_desk()
    path = tmp_path / "urn.db"
    async with opened(SqliteUrn(path, desk.outside.chance)) as urn:
        earlier = desk_over(replace(desk.outside, urn=urn), desk.clock)
        await drop(urn, "so-y-te", ENOUGH)
        assert await earlier.surveys.count_waiting() == BATCH_ANSWERS_MIN
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("delete from counted")
        yield earlier.restarted()


async def test_nobody_stops_the_counting_with_a_receipt_that_everybody_can_read(
    desk: Desk,
) -> None:
    [receipt, *_] = await desk.answering.receipts("2021", "citizens")
    [token, *others] = await desk.invite(2 * ENOUGH + 1)

    with pytest.raises(Refused, match="receipt-taken"):
        await desk.answer(token, receipt=receipt)
    for other in others:
        await desk.answer(other)

    assert await desk.surveys.count_waiting() >= BATCH_ANSWERS_MIN


async def test_the_worker_tells_the_urn_before_anybody_of_this_version_answers(
    desk: Desk,
) -> None:
    [receipt, *_] = await desk.answering.receipts("2021", "citizens")
    answer = {"answers": {"q1": "1"}, "choices": {}, "hasty": False}

    await desk.surveys.count_waiting()

    with pytest.raises(Refused, match="receipt-taken"):
        await desk.outside.urn.cast(URN, "so-y-te", "ballot", Slip(answer, receipt))


async def test_who_sends_it_again_with_what_was_used_still_hears_of_that(desk: Desk) -> None:
    [receipt, *_] = await desk.answering.receipts("2021", "citizens")
    [token] = await desk.invite(1)
    await desk.answer(token)

    with pytest.raises(Refused, match="token-spent"):
        await desk.answer(token, receipt=receipt)
