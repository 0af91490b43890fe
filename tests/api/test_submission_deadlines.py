"""Submission over time: what the calendar closes, and opens again where more time was given."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.events import submission as events
from shared.kernel.errors import Unavailable
from tests.support.failing import ContestedEventStore, FailingEventStore
from tests.support.small_submission import AGENCIES, AGENCY, CYCLE, DEADLINE, OTHER, SCORING, at
from tests.support.submission_desk import (
    CYCLE_BODY,
    CYCLE_PATH,
    ITEMS,
    REASON,
    SHEET,
    Desk,
    open_desk,
)

SCORE = f"{ITEMS}/1.1/score"
POINTS = {"inputs": {"points": "3"}}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


async def test_the_system_locks_everybody_at_the_deadline(desk: Desk) -> None:
    await desk.put(SCORE, POINTS)
    early = await desk.step("lock-overdue")
    desk.clock.set(DEADLINE)

    on_time = await desk.step("lock-overdue")
    again = await desk.step("lock-overdue")

    assert (early, on_time, again) == (0, len(AGENCIES), 0)
    [_, locked] = await desk.facts(f"submission/{CYCLE}/{AGENCY}")
    assert isinstance(locked, events.SubmissionLocked)
    assert locked.locked_by == "deadline"


async def test_an_extension_keeps_one_sheet_open(desk: Desk) -> None:
    body = {**REASON, "phase": "self-scoring", "agency": OTHER, "until": "2021-12-15T00:00:00Z"}
    extended = await desk.as_("administrator").post(f"{CYCLE_PATH}/deadlines", body)
    desk.clock.set(DEADLINE)

    on_time = await desk.step("lock-overdue")
    desk.clock.set(at(12, 15))
    later = await desk.step("lock-overdue")

    assert extended.status_code == 200, extended.text
    assert (on_time, later) == (len(AGENCIES) - 1, 1)


async def test_more_time_given_after_the_lock_reopens_what_the_system_locked(desk: Desk) -> None:
    await desk.as_(f"agency@{OTHER}").post(f"{CYCLE_PATH}/agencies/{OTHER}/lock")
    desk.clock.set(DEADLINE)
    await desk.step("lock-overdue")
    body = {**REASON, "phase": "self-scoring", "until": "2021-12-15T00:00:00Z"}
    await desk.as_("administrator").post(f"{CYCLE_PATH}/deadlines", body)

    reopened = await desk.step("lock-overdue")
    declared = await desk.put(SCORE, POINTS)
    waiting = await desk.step("lock-overdue")
    desk.clock.set(at(12, 15))
    locked = await desk.step("lock-overdue")

    assert (reopened, waiting, locked) == (len(AGENCIES) - 1, 0, len(AGENCIES) - 1)
    assert declared.status_code == 200, declared.text
    assert await desk.version(OTHER) == 1, "who has locked by itself is done"


async def test_an_agency_added_after_the_deadline_has_its_own(desk: Desk) -> None:
    desk.clock.set(DEADLINE)
    await desk.step("lock-overdue")
    desk.clock.set(at(12, 12))
    administrator = desk.as_("administrator")
    newcomer = {**REASON, "name": "Sở mới", "tier": "department", "ranked": True}
    body = {**REASON, "phase": "self-scoring", "agency": "so-moi", "until": "2021-12-20T00:00:00Z"}
    score = SCORE.replace(AGENCY, "so-moi")

    await administrator.put(f"{CYCLE_PATH}/agencies/so-moi", newcomer)
    at_once = await desk.step("lock-overdue")
    await administrator.post(f"{CYCLE_PATH}/deadlines", body)
    declared = await desk.as_("agency@so-moi").put(score, POINTS)
    waiting = await desk.step("lock-overdue")
    desk.clock.set(at(12, 20))
    locked = await desk.step("lock-overdue")

    assert declared.status_code == 200, declared.text
    assert (at_once, waiting, locked) == (0, 0, 1)


async def test_one_sheet_that_cannot_be_locked_holds_up_no_other() -> None:
    store = ContestedEventStore()
    async with open_desk(store) as desk:
        await desk.open_cycle()
        desk.clock.set(DEADLINE)
        store.contested = f"submission/{CYCLE}/{AGENCIES[0].code}"
        locked = await desk.step("lock-overdue")
        store.contested = ""
        later = await desk.step("lock-overdue")

    assert (locked, later) == (len(AGENCIES) - 1, 1)


async def test_a_database_that_is_away_holds_up_all_and_nobody_is_forgotten() -> None:
    store = FailingEventStore()
    async with open_desk(store) as desk:
        await desk.open_cycle()
        desk.clock.set(DEADLINE)
        store.fates = ["fails"]
        with pytest.raises(Unavailable):
            await desk.step("lock-overdue")
        later = await desk.step("lock-overdue")

    assert later == len(AGENCIES)


async def test_cycles_in_which_the_calendar_has_nothing_to_do_are_not_loaded() -> None:
    store = ContestedEventStore()
    async with open_desk(store) as desk:
        await desk.open_cycle()
        desk.clock.set(DEADLINE)
        await desk.step("lock-overdue")
        await desk.as_("administrator").put("/cycles/2020", CYCLE_BODY)
        store.readings = 0

        await desk.step("lock-overdue")

    assert store.readings == 0


async def test_a_reopened_sheet_is_locked_again_when_its_time_is_over(desk: Desk) -> None:
    desk.clock.set(DEADLINE)
    await desk.step("lock-overdue")
    until = DEADLINE + timedelta(days=2)
    body = {"until": until.isoformat(), "reason": "Bổ sung số liệu."}

    reopened = await desk.as_("administrator").post(f"{SHEET}/reopening", body)
    declared = await desk.put(SCORE, POINTS)
    waiting = await desk.step("lock-overdue")
    desk.clock.set(until)
    locked = await desk.step("lock-overdue")

    assert (reopened.status_code, declared.status_code) == (200, 200), reopened.text
    assert (waiting, locked) == (0, 1)
    last = (await desk.facts(f"submission/{CYCLE}/{AGENCY}"))[-1]
    assert {item.item: item.points for item in last.items}["1.1"] == "3"
