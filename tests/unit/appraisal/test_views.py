"""What the documents say of the facts, one fact after the other."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.appraisal.views import HISTORY, SHEET, VIEWS
from services.appraisal.views.summary import by_criterion, summary
from shared.events import appraisal as events
from tests.support.small_appraisal import (
    AGENCY,
    APPROVED,
    ASSIGNED,
    M1,
    OPENED_FACT,
    QUESTION,
    REASON,
    RECOGNISED,
    REJECTED,
    STREAM,
    locked_item,
    numbered,
    submitted,
)
from tests.support.small_cycle import at

REQUESTED = events.ExplanationRequested(
    cycle="2021", agency=AGENCY, item="1.1.1", question=QUESTION, until=at(1, 4, year=2022)
)
PROPOSED = events.ActionProposed(
    cycle="2021",
    agency=AGENCY,
    action="action-2",
    kind="reject-score",
    because=REASON,
    item="1.1.1",
    declaration=submitted(1),
    evidence=(submitted(2),),
)
SECONDED = events.ActionSeconded(
    cycle="2021", agency=AGENCY, action="action-2", kind="reject-score", because=REASON
)
DUE = events.ReappraisalDue(
    cycle="2021",
    agency=AGENCY,
    item=locked_item("1.1.1", "1", 7, 2),
    cause="declaration-changed",
)


def sheet(*facts: object) -> Mapping[str, Any]:
    body: Mapping[str, Any] | None = None
    for fact in numbered(STREAM, (OPENED_FACT, *facts)):
        [key] = SHEET.keys(fact)
        assert key == f"2021/{AGENCY}"
        body = SHEET.apply(key, body, fact)
    assert body is not None
    assert msgspec.json.decode(msgspec.json.encode(body)) == body
    return body


def first(*facts: object) -> Mapping[str, Any]:
    """Item 1.1.1 after the facts."""
    item: Mapping[str, Any] = sheet(*facts)["items"][0]
    return item


def test_an_opened_sheet_is_pending() -> None:
    items = sheet()["items"]

    assert [(item["item"], item["self"], item["status"]) for item in items] == [
        ("1.1.1", "2", "pending"),
        ("1.1.2", "0", "pending"),
        ("1.3", "1.5", "pending"),
        ("B1", "0", "pending"),
    ]


def test_a_rejection_shows_its_points_and_the_gap() -> None:
    item = first(REJECTED)

    shown = {name: item[name] for name in ("status", "round", "awarded", "gap", "version", "by")}
    assert shown == {
        "status": "rejected",
        "round": 1,
        "awarded": "1.5",
        "gap": "0.5",
        "version": 2,
        "by": M1.reference,
    }
    assert item["because"] == {"key": "k1", "text": "reason"}


def test_the_last_decision_is_the_one_that_shows() -> None:
    item = first(REJECTED, RECOGNISED)

    assert (item["status"], item["gap"], item["because"]) == ("recognised", "0", None)


def test_a_changed_item_is_pending_and_the_approval_gone() -> None:
    body = sheet(RECOGNISED, APPROVED, DUE)

    item = body["items"][0]
    assert (item["status"], item["self"], item["awarded"]) == ("pending", "1", None)
    assert (item["due"], item["version"]) == ("declaration-changed", 4)
    assert body["approved"] is None


def test_an_item_that_is_new_stands_behind_the_others() -> None:
    added = msgspec.structs.replace(DUE, item=locked_item("P1", "0"))

    items = sheet(added)["items"]

    assert [item["item"] for item in items] == ["1.1.1", "1.1.2", "1.3", "B1", "P1"]


def test_an_approval_names_its_decision() -> None:
    approved = sheet(RECOGNISED, APPROVED)["approved"]

    assert (approved["number"], approved["on"]) == ("2366/QĐ-UBND", "2021-10-14")


def test_a_request_stays_readable_once_a_decision_settled_it() -> None:
    open_request = first(REQUESTED)["request"]
    settled = first(REQUESTED, REJECTED)["request"]

    assert (open_request["settled"], settled["settled"]) == (False, True)
    assert settled["question"] == {"key": "k2", "text": "question"}


def test_a_proposal_shows_until_it_is_settled() -> None:
    zero = msgspec.structs.replace(REJECTED, awarded="0")

    proposed = sheet(PROPOSED)
    seconded = sheet(PROPOSED, SECONDED, zero)

    assert proposed["items"][0]["status"] == "proposed"
    assert proposed["items"][0]["proposal"] == "action-2"
    assert [action["status"] for action in proposed["proposals"]] == ["open"]
    assert [action["status"] for action in seconded["proposals"]] == ["seconded"]
    assert (seconded["items"][0]["status"], seconded["items"][0]["gap"]) == ("rejected", "2")
    assert seconded["items"][0]["proposal"] is None


def test_a_decision_or_a_change_makes_a_proposal_void() -> None:
    assert sheet(PROPOSED, RECOGNISED)["proposals"][0]["status"] == "void"
    assert sheet(PROPOSED, DUE)["proposals"][0]["status"] == "void"


def test_the_approval_closes_a_proposal_and_the_item_shows_its_decision() -> None:
    decided = msgspec.structs.replace(PROPOSED, action="action-3")

    recognised = sheet(RECOGNISED, decided, APPROVED)
    rejected = sheet(REJECTED, decided, APPROVED)

    assert [recognised["items"][0][name] for name in ("status", "version")] == ["recognised", 3]
    assert rejected["items"][0]["status"] == "rejected"
    assert rejected["items"][0]["proposal"] is None
    assert rejected["proposals"][0]["status"] == "void"
    assert rejected["items"][1]["status"] == "pending"


def test_sums_count_what_is_decided_and_penalties_with_a_minus() -> None:
    penalty = msgspec.structs.replace(DUE, item=locked_item("P1", "0.5", 9))
    decided = msgspec.structs.replace(
        REJECTED, item="P1", declaration=submitted(9), evidence=(), awarded="1"
    )

    items = sheet(REJECTED, penalty, decided)["items"]

    assert summary(items, {"P1"}) == {
        "items": 5,
        "decided": 2,
        "pending": 3,
        "proposed": 0,
        "self": "3",
        "awarded": "0.5",
        "gap": "1",
    }


def test_sums_by_criterion_stand_in_the_order_of_the_sheet() -> None:
    criteria = by_criterion(sheet(REJECTED)["items"], ())

    assert [(each["criterion"], each["self"], each["gap"]) for each in criteria] == [
        ("1.1", "2", "0.5"),
        ("1.3", "1.5", "0"),
        ("B1", "0", "0"),
    ]


def test_the_history_has_an_entry_for_each_fact() -> None:
    facts = numbered(STREAM, (OPENED_FACT, REJECTED, DUE))

    entries = {key: HISTORY.apply(key, None, fact) for fact in facts for key in HISTORY.keys(fact)}

    assert list(entries) == [f"2021/{AGENCY}/0000000{version}" for version in (1, 2, 3)]
    said = [(entry["what"], entry.get("item")) for entry in entries.values() if entry]
    assert said == [
        ("AppraisalOpened", None),
        ("ScoreRejected", "1.1.1"),
        ("ReappraisalDue", "1.1.1"),
    ]
    assert msgspec.json.decode(msgspec.json.encode(entries)) == entries


def test_assignments_make_no_document() -> None:
    [fact] = numbered("assignment/2021", ASSIGNED[:1])

    assert [view.keys(fact) for view in VIEWS] == [(), ()]
