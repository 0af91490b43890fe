"""Submission over HTTP and over time: deadlines, locks, reopenings, and what the council asks."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.submission.policy import REOPENED_FOR
from shared.events import appraisal as appraisal_events
from shared.events import codec
from shared.events import submission as events
from shared.events.envelope import Context, Sealed
from shared.ports import Message
from tests.support.small_submission import (
    AGENCY,
    CYCLE,
    NO_TIME,
    SCORING,
    at,
)
from tests.support.submission_desk import (
    CYCLE_PATH,
    ITEMS,
    SHEET,
    Desk,
    open_desk,
)

SEALED = Sealed("key", "?")
APPRAISAL = f"appraisal/{CYCLE}/{AGENCY}"
SCORE = f"{ITEMS}/1.1/score"
POINTS = {"inputs": {"points": "3"}}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


async def heard(desk: Desk, *facts: object) -> None:
    """The appraisal said these things, and the service has received them."""
    context = Context(desk.clock.now(), "council:m1")
    stored = [codec.encode(APPRAISAL, n, context, fact) for n, fact in enumerate(facts, start=1)]
    await desk.outside.topic.publish([Message(CYCLE, fact.body) for fact in stored])
    await desk.step("receive")


async def test_a_time_in_another_age_that_was_once_accepted_stops_no_reading(desk: Desk) -> None:
    await desk.post(f"{SHEET}/lock")
    reopened = events.SubmissionReopened(cycle=CYCLE, agency=AGENCY, until=NO_TIME, because=SEALED)
    stream = f"submission/{CYCLE}/{AGENCY}"
    await desk.outside.store.append([codec.encode(stream, 2, Context(SCORING), reopened)])

    paths = (SHEET, f"{SHEET}/history", f"{CYCLE_PATH}/progress")
    answers = [await desk.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert await desk.step("lock-overdue") == 0


@pytest.mark.parametrize("who", [f"agency@{AGENCY}", "council@so-noi-vu", "auditor"])
async def test_only_a_superior_reopens(desk: Desk, who: str) -> None:
    await desk.post(f"{SHEET}/lock")
    body = {"until": "2021-12-01T00:00:00Z", "reason": "Cho tôi sửa."}

    answer = await desk.as_(who).post(f"{SHEET}/reopening", body)

    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-allowed")
    assert await desk.version() == 1


async def test_a_draft_is_not_reopened(desk: Desk) -> None:
    body = {"until": "2021-12-01T00:00:00Z", "reason": "Nhầm."}

    answer = await desk.as_("administrator").post(f"{SHEET}/reopening", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "submission-not-locked")
    assert await desk.version() == 0


async def test_one_superior_alone_takes_back_no_approval_of_the_council(desk: Desk) -> None:
    await desk.post(f"{SHEET}/lock")
    decision = events.LegalAct(number="12/QĐ-HĐTĐ", on=at(12, 1).date())
    item = events.LockedItem(
        item="1.1",
        criterion="1.1",
        maximum="4",
        points="3",
        declaration="",
        evidence=(),
        explanation="",
    )
    named = {"cycle": CYCLE, "agency": AGENCY}
    approved = appraisal_events.AppraisalApproved(**named, decision=decision)
    due = appraisal_events.ReappraisalDue(**named, item=item, cause="declaration-changed")
    superior = desk.as_("administrator")
    body = {"until": "2021-12-01T00:00:00Z", "reason": "Cho sửa lại."}

    await heard(desk, approved)
    refused = await superior.post(f"{SHEET}/reopening", body, key="alone")
    told = (await superior.get(SHEET)).json()["actions"]["reopen-submission"]
    await heard(desk, approved, due)
    taken = await superior.post(f"{SHEET}/reopening", body, key="later")

    assert (refused.status_code, refused.json()["code"]) == (409, "reopening-takes-council")
    assert told == "reopening-takes-council"
    assert taken.status_code == 200, taken.text


async def test_a_lock_said_again_by_the_same_key_is_the_same_lock(desk: Desk) -> None:
    first = await desk.post(f"{SHEET}/lock", key="lock-1")
    body = {"until": "2021-12-01T00:00:00Z", "reason": "Sửa."}
    await desk.as_("administrator").post(f"{SHEET}/reopening", body, key="reopen-1")

    second = await desk.post(f"{SHEET}/lock", key="lock-1")

    assert second.json()["facts"] == first.json()["facts"]
    assert await desk.version() == 2


async def test_the_council_reopens_a_sheet_by_two_people(desk: Desk) -> None:
    await desk.post(f"{SHEET}/lock")
    seconded = appraisal_events.ActionSeconded(
        cycle=CYCLE,
        agency=AGENCY,
        action="a1",
        kind="reopen-submission",
        because=SEALED,
        until=at(12, 1),
    )
    await heard(desk, seconded)

    await desk.step("react")
    again = await desk.step("react")

    assert again == 0
    assert (await desk.get(SHEET)).json()["status"] == "reopened"
    assert (await desk.put(SCORE, POINTS)).status_code == 200


async def test_a_reopening_that_is_heard_after_its_end_takes_effect_all_the_same(
    desk: Desk,
) -> None:
    await desk.post(f"{SHEET}/lock")
    seconded = appraisal_events.ActionSeconded(
        cycle=CYCLE,
        agency=AGENCY,
        action="a1",
        kind="reopen-submission",
        because=SEALED,
        until=at(12, 1),
    )
    await heard(desk, seconded)
    desk.clock.set(at(12, 2))

    await desk.step("react")
    again = await desk.step("react")

    assert again == 0
    [*_, reopened] = await desk.facts(f"submission/{CYCLE}/{AGENCY}")
    assert isinstance(reopened, events.SubmissionReopened)
    assert reopened.until == at(12, 2) + REOPENED_FOR


async def test_a_reopening_that_is_refused_does_not_stop_the_service(desk: Desk) -> None:
    seconded: dict[str, Any] = {
        "action": "a1",
        "kind": "reopen-submission",
        "because": SEALED,
        "until": at(12, 1),
    }
    never_locked = appraisal_events.ActionSeconded(cycle=CYCLE, agency=AGENCY, **seconded)
    elsewhere = appraisal_events.ActionSeconded(cycle="1999", agency=AGENCY, **seconded)
    await heard(desk, never_locked, elsewhere)

    await desk.step("react")
    again = await desk.step("react")

    assert again == 0
    assert await desk.version() == 0


async def test_after_the_lock_an_agency_answers_what_the_council_asks(desk: Desk) -> None:
    await desk.post(f"{SHEET}/lock")
    asked = appraisal_events.ExplanationRequested(
        cycle=CYCLE, agency=AGENCY, item="1.1", question=SEALED, until=at(12, 20)
    )
    await heard(desk, asked)

    answered = await desk.put(f"{ITEMS}/1.1/explanation", {"text": "Vì sao"})
    elsewhere = await desk.put(f"{ITEMS}/1.2/explanation", {"text": "Vì sao"})
    sheet = (await desk.get(SHEET)).json()

    assert answered.status_code == 200, answered.text
    assert elsewhere.json()["code"] == "submission-locked"
    assert sheet["items"][0]["actions"] == {
        "submit-score": "submission-locked",
        "attach-evidence": None,
        "give-explanation": None,
    }


async def test_a_sheet_says_what_its_reader_may_do(desk: Desk) -> None:
    await desk.put(SCORE, POINTS)

    own = (await desk.get(SHEET)).json()["actions"]
    superior = (await desk.as_("administrator").get(SHEET)).json()["actions"]

    assert own == {
        "submit-score": None,
        "lock-submission": "submission-incomplete",
        "reopen-submission": "role-not-allowed",
    }
    assert superior == {
        "submit-score": "role-not-allowed",
        "lock-submission": "role-not-allowed",
        "reopen-submission": "submission-not-locked",
    }
