"""What the appraisal refuses over HTTP: a stable code, a sentence in two languages, no fact."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.adapters import messages
from shared.events import submission
from shared.kernel.actor import Actor
from tests.support.council_room import (
    ADMINISTRATOR,
    APPROVAL,
    AUDITOR,
    CYCLE,
    OWNER,
    QUESTION,
    RECOGNISE,
    REJECT,
    REOPENING,
    SHEET,
    STRANGER,
    Room,
    code_of,
    open_room,
)
from tests.support.small_appraisal import (
    AFTERWARDS,
    AGENCY,
    M1,
    M2,
    REASON,
    REOPENED,
    STREAM,
    SUBMISSION,
    UNASSIGNED,
)
from tests.support.small_cycle import OPENED

DECISION = f"{SHEET}/items/1.1.1/decision"
ASSIGNMENT = f"{CYCLE}/tiers/department/criteria/1.1/assignment"
SERVICE = Path(__file__).parents[2] / "services" / "appraisal"
CODE_SAID = re.compile(
    r'(?:Refused|Missing|Forbidden|Stale|Flaw)\(\s*(?:f?"/[^"]*",\s*)?"([a-z-]+)"'
)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """The council in its first round."""
    async with open_room() as room:
        yield room


async def refused(room: Room, body: Mapping[str, Any], path: str = DECISION) -> tuple[int, str]:
    before = len(await room.facts(STREAM))

    answer = await room.put(path, body)

    assert len(await room.facts(STREAM)) == before
    return code_of(answer)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"awarded": "2.5"}, "awarded-out-of-range"),
        ({"awarded": "-1"}, "awarded-out-of-range"),
        ({"awarded": "2"}, "reject-needs-other-points"),
        ({"awarded": "NaN"}, "number-malformed"),
        ({"awarded": "9" * 64}, "awarded-out-of-range"),
        ({"awarded": None}, "reject-needs-points"),
        ({"reason": None}, "reject-needs-reason"),
        ({"legal_basis": None}, "reject-needs-legal-basis"),
        ({"declaration": f"{SUBMISSION}@9"}, "declaration-changed"),
        ({"declaration": ""}, "declaration-changed"),
        ({"evidence": []}, "evidence-changed"),
        ({"evidence": [f"{SUBMISSION}@9"]}, "evidence-changed"),
    ],
)
async def test_a_rule_of_the_council_refuses(change: dict[str, Any], code: str, room: Room) -> None:
    assert await refused(room, {**REJECT, **change}) == (409, code)


@pytest.mark.parametrize(
    "change",
    [
        {"awarded": 1},
        {"awarded": 0.5},
        {"awarded": "1" * 65},
        {"declaration": "@"},
        {"declaration": 7},
        {"declaration": f"{SUBMISSION}@07"},
        {"evidence": "all"},
        {"evidence": [f"{SUBMISSION}@2"] * 101},
        {"decision": "maybe"},
        {"reason": "   "},
        {"reason": "x" * 4_001},
        {"legal_basis": "Điều 3\nĐiều 4"},
        {"note": "?"},
    ],
)
async def test_what_has_another_form_is_malformed(change: dict[str, Any], room: Room) -> None:
    assert await refused(room, {**REJECT, **change}) == (422, "request-invalid")


async def test_a_control_character_is_refused(room: Room) -> None:
    status, _ = await refused(room, {**REJECT, "reason": "a\x00b"})

    assert 400 <= status < 500


async def test_a_reason_is_kept_in_composed_form(room: Room) -> None:
    await room.decide("1.1.1", {**REJECT, "reason": "Ke\u0302\u0301 hoa\u0323ch"})

    assert (await room.get(f"{SHEET}/items/1.1.1")).json()["reason"] == "Kế hoạch"


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        (f"{SHEET}/items/7.7/decision", (404, "item-unknown")),
        (f"{SHEET}/items/1.3/decision", (403, "criterion-not-assigned")),
        (f"{CYCLE}/agencies/so-thong-tin/items/1.1.1/decision", (404, "agency-not-in-cycle")),
        (f"{CYCLE}/agencies/so-noi-vu/items/1.1.1/decision", (403, "agency-is-your-own")),
        (f"/cycles/1999/agencies/{AGENCY}/items/1.1.1/decision", (404, "cycle-unknown")),
    ],
)
async def test_what_is_not_the_members_is_refused(
    path: str, refusal: tuple[int, str], room: Room
) -> None:
    assert await refused(room, RECOGNISE, path) == refusal


async def test_an_agency_that_has_not_locked_is_not_decided(room: Room) -> None:
    other = f"{CYCLE}/agencies/so-noi-vu"
    elsewhere = room.as_(replace(M1, agency="so-tai-chinh", id="m5"))

    decided = await elsewhere.put(f"{other}/items/1.1.1/decision", RECOGNISE)
    read = await elsewhere.get(other)

    assert code_of(decided) == (409, "appraisal-not-opened")
    assert code_of(read) == (404, "appraisal-unknown")


async def test_a_member_whose_claim_is_the_agency_decides_nothing(room: Room) -> None:
    own = room.as_(replace(M1, agency=AGENCY))

    assert await refused(own, RECOGNISE) == (403, "agency-is-your-own")


async def test_a_member_without_a_claim_decides_seconds_and_approves_nothing(room: Room) -> None:
    nobodys = room.as_(replace(M1, agency=""))

    answers = [
        await nobodys.put(DECISION, RECOGNISE),
        await nobodys.post(f"{SHEET}/items/1.1.1/explanation-requests", QUESTION),
        await nobodys.post(f"{SHEET}/actions", REOPENING),
        await nobodys.post(f"{SHEET}/actions/action-2/second"),
        await nobodys.post(f"{SHEET}/approval", APPROVAL),
    ]

    assert {code_of(answer) for answer in answers} == {(403, "agency-claim-missing")}


async def test_a_member_registered_with_the_agency_decides_nothing(room: Room) -> None:
    members = {"members": [{"id": "m1", "agency": AGENCY}]}
    assigned = await room.as_(ADMINISTRATOR).put(ASSIGNMENT, members)

    assert assigned.status_code == 200
    assert await refused(room, RECOGNISE) == (403, "agency-is-your-own")


async def test_a_member_who_was_replaced_still_approves_nothing_of_their_agency(
    room: Room,
) -> None:
    await room.decide_all()
    for member in ({"id": "m1", "agency": AGENCY}, {"id": "m2", "agency": M2.agency}):
        await room.as_(ADMINISTRATOR).put(ASSIGNMENT, {"members": [member]})

    answer = await room.post(f"{SHEET}/approval", APPROVAL)

    assert code_of(answer) == (403, "agency-is-your-own")


@pytest.mark.parametrize("by", [OWNER, STRANGER, AUDITOR, ADMINISTRATOR])
async def test_only_the_council_acts(by: Actor, room: Room) -> None:
    other = room.as_(by)

    answers = [
        await other.put(DECISION, RECOGNISE),
        await other.put(f"{SHEET}/decisions", {"decisions": [{"item": "1.1.1", **RECOGNISE}]}),
        await other.post(f"{SHEET}/items/1.1.1/explanation-requests", QUESTION),
        await other.post(f"{SHEET}/actions", REOPENING),
        await other.post(f"{SHEET}/actions/action-2/second"),
        await other.post(f"{SHEET}/approval", APPROVAL),
        await other.get(f"{CYCLE}/queue"),
    ]

    assert {code_of(answer) for answer in answers} == {(403, "role-not-allowed")}


async def test_only_an_administrator_assigns(room: Room) -> None:
    answer = await room.put(ASSIGNMENT, {"members": [{"id": "m1", "agency": "so-noi-vu"}]})

    assert code_of(answer) == (403, "role-not-allowed")


async def test_another_agency_reads_nothing(room: Room) -> None:
    answers = [
        await room.as_(STRANGER).get(path)
        for path in (SHEET, f"{SHEET}/items/1.1.1", f"{SHEET}/history")
    ]

    assert {code_of(answer) for answer in answers} == {(403, "agency-not-yours")}


async def test_agencies_read_no_progress_and_no_assignments(room: Room) -> None:
    answers = [await room.as_(OWNER).get(f"{CYCLE}/{path}") for path in ("progress", "assignments")]

    assert {code_of(answer) for answer in answers} == {(403, "role-not-allowed")}


async def test_a_reopened_sheet_and_a_closed_round_wait(room: Room) -> None:
    await room.hear(SUBMISSION, REOPENED)
    reopened = await refused(room, RECOGNISE)
    room.clock.set(AFTERWARDS)
    late = await room.as_(UNASSIGNED).post(f"{SHEET}/actions", REOPENING)

    assert reopened == (409, "submission-not-locked")
    assert code_of(late) == (409, "submission-not-locked")


async def test_a_withdrawn_cycle_takes_nothing_more(room: Room) -> None:
    withdrawn = submission.CycleWithdrawn(cycle="2021", decision=OPENED.decision, because=REASON)
    await room.hear("cycle/2021", withdrawn)

    assert await refused(room, RECOGNISE) == (409, "cycle-withdrawn")


async def test_a_post_has_a_key(room: Room) -> None:
    headers = {"Authorization": f"Bearer council:{M1.id}:{M1.agency}"}

    answer = await room.client.post(f"{SHEET}/approval", json=APPROVAL, headers=headers)

    assert code_of(answer) == (400, "idempotency-key-required")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{CYCLE}/tiers/department/criteria/1.2/assignment", "criterion-is-surveyed"),
        (f"{CYCLE}/tiers/department/criteria/8.8/assignment", "criterion-unknown"),
        (f"{CYCLE}/tiers/commune/criteria/1.1/assignment", "tier-unknown"),
        ("/cycles/1999/tiers/department/criteria/1.1/assignment", "cycle-unknown"),
    ],
)
async def test_what_the_scheme_does_not_have_is_not_assigned(
    path: str, code: str, room: Room
) -> None:
    members = {"members": [{"id": "m1", "agency": "so-noi-vu"}]}

    answer = await room.as_(ADMINISTRATOR).put(path, members)

    assert answer.json()["code"] == code


def test_every_code_has_a_sentence_in_both_languages() -> None:
    said = {
        code
        for module in SERVICE.rglob("*.py")
        for code in CODE_SAID.findall(module.read_text("utf-8"))
    }

    assert len(said) > 30
    assert sorted(said - messages.MESSAGES.keys()) == []


def test_no_sentence_is_left_that_nobody_says() -> None:
    said = "".join(module.read_text("utf-8") for module in SERVICE.rglob("*.py"))

    assert [code for code in messages.ROOMS["appraisal"] if f'"{code}"' not in said] == []
