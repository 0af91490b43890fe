"""Submission beside a fact that a newer version wrote: one agency waits, and nobody else."""

from collections.abc import AsyncIterator, Sequence

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from tests.support.outdated import UNKNOWN, Outdated
from tests.support.small_submission import AGENCIES, AGENCY, CYCLE, DEADLINE, OTHER, SCORING
from tests.support.submission_desk import CYCLE_BODY, CYCLE_PATH, ITEMS, SHEET, Desk, open_desk

UNREADABLE = f"submission/{CYCLE}/{AGENCY}@1"
OTHER_SHEET = SHEET.replace(AGENCY, OTHER)
SCORE, OTHER_SCORE = (f"{items}/1.1/score" for items in (ITEMS, ITEMS.replace(AGENCY, OTHER)))
POINTS = {"inputs": {"points": "3"}}


@pytest.fixture
async def store() -> Outdated:
    """A store of which this version can read everything, so far."""
    return Outdated(MemoryEventStore(), ())


@pytest.fixture
async def desk(store: Outdated) -> AsyncIterator[Desk]:
    """The small cycle, open; the first fact of one agency is none that this version knows."""
    async with open_desk(store) as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        store.unknown.add(UNREADABLE)
        await desk.outside.store.append(await _written_by_a_newer_version())
        yield desk


async def _written_by_a_newer_version() -> Sequence[Stored]:
    async with open_desk() as newer:
        await newer.open_cycle()
        newer.clock.set(SCORING)
        await newer.put(SCORE, POINTS)
        return await newer.outside.store.stream(f"submission/{CYCLE}/{AGENCY}", limit=1)


async def test_the_agency_is_told_that_the_service_has_to_be_upgraded(desk: Desk) -> None:
    answers = [await desk.get(SHEET), await desk.put(SCORE, POINTS), await desk.get(SCORE)]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "stream-unreadable")
        assert UNREADABLE in answer.json()["detail"]


async def test_the_other_agencies_read_and_write_as_ever(desk: Desk) -> None:
    other = desk.as_(f"agency@{OTHER}")

    declared = await other.put(OTHER_SCORE, POINTS)
    sheet = await other.get(OTHER_SHEET)
    progress = await desk.as_("administrator").get(f"{CYCLE_PATH}/progress")

    assert [declared.status_code, sheet.status_code, progress.status_code] == [200, 200, 200]
    [declared_of] = [
        each["declared"] for each in progress.json()["agencies"] if each["agency"] == OTHER
    ]
    assert declared_of == 1


async def test_the_others_are_locked_at_the_deadline(desk: Desk) -> None:
    desk.clock.set(DEADLINE)

    assert await desk.step("lock-overdue") == len(AGENCIES) - 1


async def test_a_cycle_that_cannot_be_read_holds_up_no_other(desk: Desk) -> None:
    await desk.as_("administrator").put("/cycles/2020", CYCLE_BODY)
    last = await desk.outside.store.last("cycle/2020")
    assert last is not None
    await desk.outside.store.append([_of_the_future("cycle/2020", last.version + 1)])
    desk.clock.set(DEADLINE)

    assert await desk.step("lock-overdue") == len(AGENCIES) - 1


async def test_once_it_is_upgraded_the_agency_goes_on(desk: Desk, store: Outdated) -> None:
    store.unknown.clear()

    assert (await desk.get(SCORE)).json()["inputs"] == POINTS["inputs"]


def _of_the_future(stream: str, version: int) -> Stored:
    body = f'{{"id":"{stream}@{version}","type":"{UNKNOWN}"}}'.encode()
    return Stored(stream, version, UNKNOWN, body)
