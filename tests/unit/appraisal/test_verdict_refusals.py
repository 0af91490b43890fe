"""What a member cannot decide: on whom, on what, and with which points."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import msgspec
import pytest

from services.appraisal.domain.appraisal import decide
from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.verdict import Decide, Verdict
from shared.events import appraisal as events
from shared.kernel.actor import Actor
from shared.kernel.errors import Forbidden, Missing, Problem, Refused, Stale
from tests.support.small_appraisal import (
    AGENCY,
    APPROVED,
    CYCLE_FACTS,
    LOCKED,
    M1,
    M2,
    PLAN,
    REASON,
    RECOGNISE,
    RECOGNISED,
    REJECT,
    REJECTED,
    REOPENED,
    UNASSIGNED,
    UNREADABLE,
    assigned,
    attached,
    declared,
    given,
    refusal,
    sitting,
    submitted,
    when,
)


def judge(verdict: Verdict, *facts: object, before: Sitting | None = None) -> Sequence[object]:
    return when(Decide(before or sitting(), verdict), *facts)


def refused(verdict: Verdict, *facts: object, before: Sitting | None = None) -> Problem:
    return refusal(Decide(before or sitting(), verdict), *facts)


def test_evidence_that_is_not_named_is_what_is_attached() -> None:
    facts = judge(replace(RECOGNISE, evidence=None))

    assert facts == (RECOGNISED,)


def test_nobody_decides_on_the_agency_of_their_claim() -> None:
    own = sitting(replace(M1, agency=AGENCY))

    problem = refused(RECOGNISE, before=own)

    assert (type(problem), problem.code) == (Forbidden, "agency-is-your-own")


def test_nobody_decides_on_the_agency_that_they_are_registered_with() -> None:
    registered = assigned("1.3", replace(M1, agency=AGENCY))
    own = sitting(M1, members=[assigned("1.1", M1), registered])

    problem = refused(RECOGNISE, before=own)

    assert (type(problem), problem.code) == (Forbidden, "agency-is-your-own")


@pytest.mark.parametrize(
    "later",
    [assigned("1.3", M2), assigned("1.3", M1, M2)],
    ids=["replaced", "registered elsewhere"],
)
def test_an_agency_that_a_member_was_once_registered_with_stays_their_own(
    later: events.CriterionAssigned,
) -> None:
    registered = assigned("1.3", replace(M1, agency=AGENCY))
    own = sitting(M1, members=[assigned("1.1", M1), registered, later])

    assert refused(RECOGNISE, before=own).code == "agency-is-your-own"


def test_nothing_is_decided_by_a_scheme_that_cannot_be_read() -> None:
    amended = sitting(cycle=[UNREADABLE])
    mended = sitting(cycle=[UNREADABLE, CYCLE_FACTS[0]])

    problem = refused(RECOGNISE, before=amended)

    assert (problem.code, problem.details) == ("scheme-unreadable", {"tier": "department"})
    assert judge(RECOGNISE, before=mended) == (RECOGNISED,)


@pytest.mark.parametrize(("by", "item"), [(UNASSIGNED, "1.1.1"), (M1, "1.3"), (M2, "B1")])
def test_a_member_decides_only_what_is_assigned(by: Actor, item: str) -> None:
    problem = refused(replace(RECOGNISE, item=item), before=sitting(by))

    assert (type(problem), problem.code) == (Forbidden, "criterion-not-assigned")


def test_an_unknown_item_is_missing() -> None:
    problem = refused(replace(RECOGNISE, item="7.7"))

    assert (type(problem), problem.code) == (Missing, "item-unknown")


def test_a_declaration_that_is_no_longer_the_present_one_is_refused() -> None:
    changed = sitting(sheet=[REOPENED, declared("1.1.1", "1"), LOCKED])

    assert refused(RECOGNISE, before=changed).code == "declaration-changed"


def test_a_declaration_that_the_council_has_not_taken_note_of_is_refused() -> None:
    changed = sitting(sheet=[REOPENED, declared("1.1.1", "1"), LOCKED])
    newest = replace(RECOGNISE, declaration=submitted(7))

    assert refused(newest, before=changed).code == "declaration-changed"


@pytest.mark.parametrize("seen", [(), (PLAN, submitted(3)), (submitted(6),)])
def test_evidence_that_is_not_what_is_attached_is_refused(seen: tuple[str, ...]) -> None:
    assert refused(replace(RECOGNISE, evidence=seen)).code == "evidence-changed"


def test_evidence_that_was_added_has_to_be_seen() -> None:
    added = sitting(sheet=[attached("1.1.1", "report")])

    problem = refused(RECOGNISE, before=added)
    facts = judge(replace(RECOGNISE, evidence=(submitted(6), PLAN)), before=added)

    assert problem.code == "evidence-changed"
    assert facts == (msgspec.structs.replace(RECOGNISED, evidence=(PLAN, submitted(6))),)


def test_a_reopened_sheet_waits_for_its_lock() -> None:
    reopened = sitting(sheet=[REOPENED])

    assert refused(RECOGNISE, before=reopened).code == "submission-not-locked"


def test_an_approved_appraisal_stays() -> None:
    assert refused(replace(REJECT, based_on=2), RECOGNISED, APPROVED).code == "appraisal-approved"


def test_without_a_sheet_there_is_nothing_to_decide() -> None:
    with pytest.raises(Refused) as caught:
        decide(Decide(sitting(), RECOGNISE), replace(given(), version=0, items={}))

    assert caught.value.code == "appraisal-not-opened"


def test_whoever_changes_a_decision_has_read_it() -> None:
    unread = refused(REJECT, RECOGNISED)
    outdated = refused(replace(REJECT, based_on=1), RECOGNISED)
    facts = judge(replace(REJECT, based_on=2), RECOGNISED)

    assert (type(unread), unread.code) == (Stale, "version-required")
    assert (type(outdated), outdated.code) == (Stale, "version-stale")
    assert outdated.details == {"current": "2"}
    assert facts == (REJECTED,)


@pytest.mark.parametrize("awarded", ["-0.5", "2.25", "1000000000000"])
def test_awarded_points_lie_between_nothing_and_the_maximum(awarded: str) -> None:
    assert refused(replace(REJECT, awarded=awarded)).code == "awarded-out-of-range"


@pytest.mark.parametrize("awarded", ["", "NaN", "1,5", "1e0", "٣", "1" * 65])
def test_awarded_points_are_a_plain_decimal(awarded: str) -> None:
    assert refused(replace(REJECT, awarded=awarded)).code == "number-malformed"


def test_to_reject_is_to_award_other_points() -> None:
    assert refused(replace(REJECT, awarded="2.0")).code == "reject-needs-other-points"


def test_to_recognise_is_to_award_the_self_score() -> None:
    assert judge(replace(RECOGNISE, awarded="2.00")) == (RECOGNISED,)
    assert refused(replace(RECOGNISE, awarded="1")).code == "recognise-awards-the-self-score"


@pytest.mark.parametrize(
    ("missing", "code"),
    [("awarded", "points"), ("because", "reason"), ("legal_basis", "legal-basis")],
)
def test_a_rejection_says_points_reason_and_legal_basis(
    missing: Literal["awarded", "because", "legal_basis"], code: str
) -> None:
    match missing:
        case "awarded":
            verdict = replace(REJECT, awarded=None)
        case "because":
            verdict = replace(REJECT, because=None)
        case "legal_basis":
            verdict = replace(REJECT, legal_basis="")

    assert refused(verdict).code == f"reject-needs-{code}"


def test_a_recognition_takes_no_reason() -> None:
    assert refused(replace(RECOGNISE, because=REASON)).code == "recognise-takes-no-reason"
