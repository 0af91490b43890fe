"""An urn that does not know what it discarded takes no receipt that the log has."""

import asyncio
import copy
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from services.survey.application import CountedReceipts
from services.survey.domain.limits import BATCH_ANSWERS_MIN
from shared.adapters.sqlite import SqliteUrn
from shared.events.envelope import Context
from shared.kernel.errors import Refused
from shared.ports import Slip
from tests.support.frail import Line
from tests.support.opened import opened
from tests.support.survey_desk import (
    CITIZENS,
    ENOUGH,
    OFFICER,
    URN,
    Desk,
    desk_over,
    drop,
    opened_desk,
)


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
            file.execute("delete from told")
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


# --- Up to where it was told


async def count_batches(desk: Desk, *numbers: int) -> None:
    """These batches are counted, and the urn was told of all but the last."""
    for number in numbers:
        await drop(desk.outside.urn, "so-y-te", ENOUGH + number)
        assert await desk.surveys.count_waiting() > 0


def over(line: Line, desk: Desk) -> Desk:
    """Another process, which reaches the urn by this line."""
    return desk_over(replace(desk.outside, urn=line.to(desk.outside.urn)), desk.clock)


async def test_a_process_that_starts_tells_the_urn_only_what_it_was_not_told() -> None:
    desk = await opened_desk()
    await count_batches(desk, 1, 2, 3)
    line = Line()
    tokens = await desk.invite(2)

    for token in tokens:
        await over(line, desk).answer(token)

    # The first told it of the last batch, and the second found that it knows everything.
    asked = ["standing", "know_counted", "spend", "standing", "spend"]
    assert [call for call in line.said if call != "right"] == asked
    assert (await desk.outside.urn.standing(URN)).told == 3


async def test_an_urn_that_was_put_back_is_told_what_lies_behind_before_anybody_answers() -> None:
    desk = await opened_desk()
    await count_batches(desk, 1, 2)
    earlier = copy.deepcopy(desk.outside.urn)
    await count_batches(desk, 3, 4, 5)
    again = desk_over(replace(desk.outside, urn=earlier), desk.clock)
    [token] = await again.invite(1)

    for receipt in await again.answering.receipts("2021", "citizens"):
        with pytest.raises(Refused, match="receipt-taken"):
            await again.answer(token, receipt=receipt)


async def test_a_closing_tells_it_too_before_anything_is_drawn() -> None:
    desk = await opened_desk()
    earlier = copy.deepcopy(desk.outside.urn)
    await count_batches(desk, 1, 2)
    line = Line()
    again = over(line, replace(desk, outside=replace(desk.outside, urn=earlier)))

    context = Context(desk.clock.now(), OFFICER.reference)
    await again.surveys.close(OFFICER, *CITIZENS, "survey-officer", context)

    assert line.said.count("know_counted") == 1
    assert "draw" not in line.said[: line.said.index("know_counted")]


async def test_many_receipts_are_told_in_groups_and_once_for_all_who_ask() -> None:
    desk = await opened_desk()
    earlier = copy.deepcopy(desk.outside.urn)
    await count_batches(desk, 1, 2, 3)
    line = Line(pauses=[3])
    state = await desk.shelf.questionnaire(*CITIZENS)
    counted = CountedReceipts(desk.shelf, line.to(earlier), at_once=len(state.receipts[0]) + 1)

    await asyncio.gather(
        *(counted.tell_once(*CITIZENS, state) for _ in range(3)), counted.tell(*CITIZENS)
    )

    assert line.said == ["standing", "know_counted", "know_counted"]
    assert (await earlier.standing(URN)).told == len(state.batches)
