"""Submission over HTTP: the way of a sheet from the opening of its cycle to its lock."""

from collections.abc import AsyncIterator

import pytest

from tests.support.small_submission import AGENCY, SCORING
from tests.support.submission_desk import ITEMS, SHEET, Desk, open_desk

CONTENT = b"%PDF-1.4 ke hoach"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


async def test_a_sheet_goes_from_opening_to_lock(desk: Desk) -> None:
    score = await desk.put(f"{ITEMS}/1.1/score", {"inputs": {"points": "3.5"}})
    stored = await desk.store(CONTENT)
    evidence = await desk.attach("1.1", "ke-hoach", CONTENT)
    locked = await desk.post(f"{SHEET}/lock")

    assert score.headers["ETag"] == '"1"', score.text
    assert stored.status_code == 201, stored.text
    assert evidence.status_code == 200, evidence.text
    assert locked.json() == {"facts": [f"submission/2021/{AGENCY}@3"], "version": 3}
