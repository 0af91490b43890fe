"""The appraisal over HTTP: from a locked sheet to the approval of an agency."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from shared.events import appraisal as events
from tests.support.council_room import (
    ADMINISTRATOR,
    APPROVAL,
    CYCLE,
    OWNER,
    QUESTION,
    RECOGNISE,
    REJECT,
    REOPENING,
    SHEET,
    Room,
    code_of,
    open_room,
)
from tests.support.small_appraisal import (
    LOCKED,
    M1,
    M2,
    REOPENED,
    STREAM,
    SUBMISSION,
    UNASSIGNED,
    attached,
    declared,
    explained,
    locked_item,
    submitted,
)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """The council in its first round."""
    async with open_room() as room:
        yield room


async def test_an_agency_is_appraised_and_approved(room: Room) -> None:
    await room.decide_all()

    approved = await room.as_(UNASSIGNED).post(f"{SHEET}/approval", APPROVAL)

    sheet = (await room.as_(OWNER).get(SHEET)).json()
    assert approved.json() == {"facts": [f"{STREAM}@6"], "version": 6}
    assert sheet["approved"]["number"] == "12/QĐ-HĐTĐ"
    assert sheet["summary"] == {
        "items": 4,
        "decided": 4,
        "pending": 0,
        "proposed": 0,
        "self": "3.5",
        "awarded": "3.5",
        "gap": "0",
    }


async def test_the_same_decision_again_adds_no_fact(room: Room) -> None:
    first = await room.decide("1.1.1", REJECT)
    again = await room.decide("1.1.1", REJECT)

    assert first == {"facts": [f"{STREAM}@2"], "version": 2}
    assert again == {"facts": [], "version": 2}


async def test_a_decision_is_changed_by_its_etag(room: Room) -> None:
    path = f"{SHEET}/items/1.1.1/decision"
    first = await room.put(path, RECOGNISE)

    without = await room.put(path, REJECT)
    stale = await room.put(path, REJECT, based_on=1)
    changed = await room.put(path, REJECT, based_on=2)

    assert first.headers["ETag"] == '"2"'
    assert code_of(without) == (428, "version-required")
    assert code_of(stale) == (412, "version-stale")
    assert changed.headers["ETag"] == '"3"'
    assert (await room.get(f"{SHEET}/items/1.1.1")).headers["ETag"] == '"3"'


async def test_two_members_reject_with_zero_points(room: Room) -> None:
    await room.decide("1.1.1", {**REJECT, "awarded": "0"})

    sheet = (await room.as_(UNASSIGNED).get(SHEET)).json()
    [proposal] = sheet["proposals"]
    assert sheet["items"][0]["status"] == "proposed"
    assert proposal["reason"] == "Kế hoạch ban hành muộn."
    assert proposal["actions"] == {"second-action": None}
    own = await room.post(f"{SHEET}/actions/{proposal['action']}/second")
    seconded = await room.as_(UNASSIGNED).post(f"{SHEET}/actions/{proposal['action']}/second")

    assert code_of(own) == (403, "second-person-required")
    assert seconded.json()["facts"] == [f"{STREAM}@3", f"{STREAM}@4"]
    item = (await room.get(f"{SHEET}/items/1.1.1")).json()
    assert (item["status"], item["awarded"]) == ("rejected", "0")


async def test_two_members_impose_a_whole_penalty_that_nobody_declared(room: Room) -> None:
    path = f"{CYCLE}/tiers/department/criteria/P1/assignment"
    members = [{"id": M1.id, "agency": M1.agency}]
    await room.as_(ADMINISTRATOR).put(path, {"members": members})
    again = msgspec.structs.replace(LOCKED, items=(*LOCKED.items, locked_item("P1", "0")))
    await room.hear(SUBMISSION, REOPENED, again)

    await room.decide("P1", {**REJECT, "declaration": "", "evidence": [], "awarded": "2"})
    proposed = (await room.as_(OWNER).get(SHEET)).json()
    seconded = await room.as_(UNASSIGNED).post(f"{SHEET}/actions/action-3/second")

    assert (proposed["proposals"][0]["item"], proposed["proposals"][0]["awarded"]) == ("P1", "2")
    assert proposed["items"][-1]["status"] == "proposed"
    assert seconded.status_code == 200, seconded.text
    sheet = (await room.get(SHEET)).json()
    assert [sheet["items"][-1][name] for name in ("status", "awarded")] == ["rejected", "2"]
    assert sheet["summary"]["awarded"] == "-2"


async def test_many_items_are_decided_at_once(room: Room) -> None:
    decisions = [
        {"item": "1.1.1", **REJECT},
        {"item": "1.1.2", "decision": "recognise", "declaration": submitted(3)},
    ]

    answer = await room.put(f"{SHEET}/decisions", {"decisions": decisions})

    assert answer.json() == {"facts": [f"{STREAM}@2", f"{STREAM}@3"], "version": 3}


async def test_many_items_are_all_decided_or_none_is(room: Room) -> None:
    decisions = [
        {"item": "1.1.1", **RECOGNISE},
        {"item": "1.3", "decision": "recognise", "declaration": submitted(4)},
    ]

    answer = await room.put(f"{SHEET}/decisions", {"decisions": decisions})

    assert code_of(answer) == (409, "decisions-refused")
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/decisions/1", "criterion-not-assigned")
    assert len(await room.facts(STREAM)) == 1


async def test_a_change_of_the_agency_puts_a_decision_out_of_force(room: Room) -> None:
    await room.decide_all()
    await room.post(f"{SHEET}/approval", APPROVAL)

    await room.hear(SUBMISSION, REOPENED, declared("1.1.1", "1"))
    during = (await room.get(SHEET)).json()
    await room.hear(SUBMISSION, LOCKED)
    queue = (await room.get(f"{CYCLE}/queue")).json()

    assert (during["locked"], during["approved"]) == (False, None)
    assert [item["status"] for item in during["items"]] == ["pending", *["recognised"] * 3]
    assert during["items"][0]["actions"]["decide-score"] == "submission-not-locked"
    assert [(item["item"], item["declaration"]) for item in queue["items"]] == [
        ("1.1.1", submitted(7))
    ]
    assert len(await room.facts(STREAM)) == 7


async def test_reactions_are_caused_by_what_was_heard(room: Room) -> None:
    [stored] = await room.outside.store.stream(STREAM, limit=1)

    assert f'"causationid":"{submitted(5)}"'.encode() in stored.body
    assert b'"actor":"system:system"' in stored.body


async def test_hearing_twice_changes_nothing(room: Room) -> None:
    assert await room.step("react") == 0
    assert [type(fact) for fact in await room.facts(STREAM)] == [events.AppraisalOpened]


async def test_an_explanation_is_asked_for_and_given(room: Room) -> None:
    path = f"{SHEET}/items/1.1.1/explanation-requests"
    asked = await room.post(path, QUESTION)
    again = await room.post(path, QUESTION)
    other_key = await room.post(path, QUESTION, key="k-2")

    waiting = (await room.as_(OWNER).get(f"{SHEET}/items/1.1.1")).json()
    await room.hear(SUBMISSION, attached("1.1.1", "report"), explained())
    answered = (await room.get(f"{SHEET}/items/1.1.1")).json()

    assert asked.json() == again.json() == {"facts": [f"{STREAM}@2"], "version": 2}
    assert other_key.json() == {"facts": [], "version": 2}
    assert waiting["request"]["question"] == "Kế hoạch nào?"
    assert (waiting["awaits_explanation"], answered["awaits_explanation"]) == (True, False)
    assert answered["evidence"] == [submitted(2), submitted(6)]
    assert answered["explanation"] == submitted(7)


async def test_a_decision_ends_the_waiting_for_an_explanation(room: Room) -> None:
    await room.post(f"{SHEET}/items/1.1.1/explanation-requests", QUESTION)

    await room.decide("1.1.1", REJECT)

    item = (await room.get(f"{SHEET}/items/1.1.1")).json()
    assert (item["request"]["settled"], item["awaits_explanation"]) == (True, False)


async def test_a_key_is_good_for_one_request(room: Room) -> None:
    path = f"{SHEET}/items/1.1.1/explanation-requests"
    await room.post(path, QUESTION)

    other = await room.post(path, {**QUESTION, "question": "Năm nào?"})

    assert code_of(other) == (409, "idempotency-key-reused")


async def test_two_members_give_the_sheet_back(room: Room) -> None:
    proposed = await room.post(f"{SHEET}/actions", REOPENING)
    seconded = await room.as_(M2).post(f"{SHEET}/actions/action-2/second", key="k-2")

    assert proposed.json()["facts"] == [f"{STREAM}@2"]
    assert seconded.json()["facts"] == [f"{STREAM}@3"]
    [_, _, fact] = await room.facts(STREAM)
    assert isinstance(fact, events.ActionSeconded)
    assert await room.outside.seals.open(fact.because) == "Khai nhầm năm."
