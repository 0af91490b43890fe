"""What an agency brings and attaches to nothing: bounded, and gone after a month."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from demo.papers import paper
from services.submission.domain.submission import FILE_BYTES_MAX, stream
from shared.runtime import intray
from shared.runtime.intray import LEFT_FOR, Intray
from tests.support.small_submission import AGENCY, CYCLE, SCORING
from tests.support.submission_desk import ADMINISTRATOR, SHEET, Desk, open_desk, sha256_of

FIRST, SECOND = paper("mot"), paper("hai")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


async def test_what_is_attached_makes_room_for_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intray, "WAITING_MAX", 1)
    await desk.store(FIRST)

    full = await desk.store(SECOND)
    attached = await desk.attach("1.1", "mot", FIRST)
    then = await desk.store(SECOND)

    assert (full.status_code, full.json()["code"]) == (409, "uploads-too-many")
    assert (attached.status_code, then.status_code) == (200, 201)


async def test_what_was_left_is_gone_after_a_month_and_what_was_attached_stays(desk: Desk) -> None:
    await desk.store(FIRST)
    await desk.store(SECOND)
    await desk.attach("1.1", "mot", FIRST)
    turns = []

    for late in (LEFT_FOR, LEFT_FOR + timedelta(seconds=1)):
        desk.clock.set(SCORING + late)
        turns.append(await desk.step("sweep"))
    until = {"until": (SCORING + 2 * LEFT_FOR).isoformat(), "reason": "Bổ sung."}
    await desk.step("lock-overdue")
    await desk.as_(ADMINISTRATOR).post(f"{SHEET}/reopening", until)

    assert turns == [0, 1]
    gone = await desk.attach("1.2", "hai", SECOND)
    assert (gone.status_code, gone.json()["code"]) == (409, "file-not-stored")
    again = await desk.attach("1.2", "mot", FIRST)
    assert again.status_code == 200
    assert (await desk.get(f"{SHEET}/files/{sha256_of(FIRST)}")).content == FIRST


async def test_what_cannot_be_attached_is_not_kept_for_ever(desk: Desk) -> None:
    await desk.store(FIRST)

    refused = await desk.attach("7.7", "mot", FIRST)

    assert refused.status_code == 409
    assert await desk.outside.files.size(sha256_of(FIRST)) is None


async def test_what_died_between_keeping_and_recording_is_attached_when_it_is_said_again(
    desk: Desk,
) -> None:
    await desk.store(FIRST)
    tray = Intray(desk.outside.uploads, desk.outside.files)
    await tray.file(stream(CYCLE, AGENCY), sha256_of(FIRST), FILE_BYTES_MAX)

    answer = await desk.attach("1.1", "mot", FIRST)

    assert answer.status_code == 200
    assert (await desk.get(f"{SHEET}/files/{sha256_of(FIRST)}")).content == FIRST
