"""Asking an agency to explain, and closing its appraisal by a decision of the council."""

from dataclasses import replace
from datetime import datetime

import msgspec
import pytest

from services.appraisal.domain.appraisal import ApproveAppraisal, RequestExplanation
from shared.events import appraisal as events
from shared.events import submission
from shared.events.envelope import Sealed
from shared.kernel.errors import Forbidden
from tests.support.small_appraisal import (
    AFTERWARDS,
    AGENCY,
    APPROVED,
    CYCLE_FACTS,
    EXPLAINING,
    M1,
    QUESTION,
    REASON,
    RECOGNISED,
    REOPENED,
    ROUND_1,
    ROUND_2,
    UNASSIGNED,
    given,
    refusal,
    sitting,
    submitted,
    when,
)
from tests.support.small_cycle import OPENED, at

UNTIL = at(1, 4, year=2022)
ASK = RequestExplanation(sitting(), "1.1.1", QUESTION, UNTIL)
REQUESTED = events.ExplanationRequested(
    cycle="2021", agency=AGENCY, item="1.1.1", question=QUESTION, until=UNTIL
)
APPROVE = ApproveAppraisal(sitting(UNASSIGNED), OPENED.decision)
DECIDED = (
    RECOGNISED,
    msgspec.structs.replace(RECOGNISED, item="1.1.2", declaration=submitted(3), evidence=()),
    msgspec.structs.replace(RECOGNISED, item="1.3", declaration=submitted(4), evidence=()),
    msgspec.structs.replace(RECOGNISED, item="B1", declaration="", evidence=(), awarded="0"),
)
ZERO_PROPOSED = events.ActionProposed(
    cycle="2021",
    agency=AGENCY,
    action="action-6",
    kind="reject-score",
    because=REASON,
    item="1.1.1",
    declaration=submitted(1),
)
REOPENING_PROPOSED = events.ActionProposed(
    cycle="2021",
    agency=AGENCY,
    action="action-6",
    kind="reopen-submission",
    because=REASON,
    until=at(12, 20),
)


# --- Asking for an explanation


@pytest.mark.parametrize("moment", [ROUND_1, EXPLAINING])
def test_an_agency_is_asked_to_explain(moment: datetime) -> None:
    facts = when(replace(ASK, sitting=sitting(when=moment)))

    assert facts == (REQUESTED,)


def test_the_answer_may_take_all_the_time_to_explain() -> None:
    latest = at(1, 5, year=2022)

    facts = when(replace(ASK, until=latest))

    assert facts == (msgspec.structs.replace(REQUESTED, until=latest),)


def test_an_item_that_was_decided_can_be_asked_about() -> None:
    assert when(ASK, RECOGNISED) == (REQUESTED,)


def test_the_same_question_again_is_no_news() -> None:
    assert when(ASK, REQUESTED) == ()


def test_another_question_takes_its_place() -> None:
    other = Sealed(key="k9", text="other")

    facts = when(replace(ASK, question=other), REQUESTED)

    assert facts == (msgspec.structs.replace(REQUESTED, question=other),)


def test_a_decision_settles_what_was_asked() -> None:
    assert given(REQUESTED).items["1.1.1"].request == REQUESTED
    assert given(REQUESTED, RECOGNISED).items["1.1.1"].request is None


def test_only_an_assigned_member_asks() -> None:
    problem = refusal(replace(ASK, sitting=sitting(UNASSIGNED)))

    assert (type(problem), problem.code) == (Forbidden, "criterion-not-assigned")


def test_nobody_asks_their_own_agency() -> None:
    problem = refusal(replace(ASK, sitting=sitting(replace(M1, agency=AGENCY))))

    assert (type(problem), problem.code) == (Forbidden, "agency-is-your-own")


@pytest.mark.parametrize("until", [ROUND_1, at(1, 6, year=2022)])
def test_the_answer_is_due_within_the_time_to_explain(until: datetime) -> None:
    problem = refusal(replace(ASK, until=until))

    assert problem.code == "explanation-out-of-time"
    assert problem.details == {"latest": "2022-01-05T01:00:00+00:00"}


@pytest.mark.parametrize("moment", [at(12, 11), at(1, 5, year=2022), ROUND_2])
def test_before_the_first_round_and_after_the_time_to_explain_nobody_asks(
    moment: datetime,
) -> None:
    assert refusal(replace(ASK, sitting=sitting(when=moment))).code == "explanation-closed"


def test_an_extension_gives_the_agency_time_in_the_second_round() -> None:
    extension = submission.DeadlineExtended(
        cycle="2021",
        phase="explanation",
        agency=AGENCY,
        until=at(1, 12, year=2022),
        decision=OPENED.decision,
        because=REASON,
    )
    late = sitting(when=ROUND_2, cycle=[extension])

    facts = when(replace(ASK, sitting=late, until=at(1, 11, year=2022)))

    assert facts == (msgspec.structs.replace(REQUESTED, until=at(1, 11, year=2022)),)


def test_after_the_approval_nobody_asks() -> None:
    assert refusal(ASK, *DECIDED, APPROVED).code == "appraisal-approved"


# --- Approving


def test_the_council_closes_an_agency_of_which_everything_is_decided() -> None:
    assert when(APPROVE, *DECIDED) == (APPROVED,)


def test_the_same_approval_again_is_no_news() -> None:
    assert when(APPROVE, *DECIDED, APPROVED) == ()


def test_another_decision_does_not_approve_again() -> None:
    other = replace(APPROVE, decision=submission.LegalAct(number="9/QĐ", on=OPENED.decision.on))

    assert refusal(other, *DECIDED, APPROVED).code == "appraisal-approved"


def test_what_is_pending_is_named() -> None:
    problem = refusal(APPROVE, *DECIDED[:2])

    assert problem.code == "items-pending"
    assert problem.details == {"count": "2", "items": "1.3, B1"}


def test_an_item_that_no_longer_applies_holds_nothing_up() -> None:
    adopted = CYCLE_FACTS[0]
    assert isinstance(adopted, submission.SchemeAdopted)
    amended = submission.SchemeAmended(
        cycle="2021",
        tier="department",
        scheme={**adopted.scheme, "bonus": []},
        decision=OPENED.decision,
        because=REASON,
    )
    after = replace(APPROVE, sitting=sitting(UNASSIGNED, cycle=[amended]))

    assert when(after, *DECIDED[:3]) == (APPROVED,)


@pytest.mark.parametrize("proposed", [ZERO_PROPOSED, REOPENING_PROPOSED])
def test_an_open_proposal_holds_the_approval_up(proposed: events.Fact) -> None:
    problem = refusal(APPROVE, *DECIDED, proposed)

    assert problem.code == "actions-open"
    assert problem.details == {"actions": "action-6"}


def test_a_proposal_whose_time_has_passed_holds_nothing_up() -> None:
    later = replace(APPROVE, sitting=sitting(UNASSIGNED, at(12, 20)))

    assert when(later, *DECIDED, REOPENING_PROPOSED) == (APPROVED,)


def test_a_rejection_that_nobody_can_second_any_more_holds_nothing_up() -> None:
    between = replace(APPROVE, sitting=sitting(UNASSIGNED, EXPLAINING))
    after = replace(APPROVE, sitting=sitting(UNASSIGNED, AFTERWARDS))

    assert refusal(between, *DECIDED, ZERO_PROPOSED).code == "actions-open"
    assert when(after, *DECIDED, ZERO_PROPOSED) == (APPROVED,)


@pytest.mark.parametrize("proposed", [ZERO_PROPOSED, REOPENING_PROPOSED])
def test_the_approval_closes_what_nobody_seconded(proposed: events.Fact) -> None:
    state = given(*DECIDED, proposed, APPROVED)

    assert state.open_actions == {}
    assert (state.items["1.1.1"].decision, state.items["1.1.1"].proposal) == (RECOGNISED, "")


def test_a_reopened_sheet_is_not_approved() -> None:
    reopened = replace(APPROVE, sitting=sitting(UNASSIGNED, sheet=[REOPENED]))

    assert refusal(reopened, *DECIDED).code == "submission-not-locked"


def test_nobody_approves_their_own_agency() -> None:
    own = replace(APPROVE, sitting=sitting(replace(UNASSIGNED, agency=AGENCY)))

    assert refusal(own, *DECIDED).code == "agency-is-your-own"


def test_an_agency_that_left_the_cycle_is_not_approved() -> None:
    left = submission.AgencyWithdrawn(
        cycle="2021", agency=AGENCY, decision=OPENED.decision, because=REASON
    )
    gone = replace(APPROVE, sitting=sitting(UNASSIGNED, cycle=[left]))

    assert refusal(gone, *DECIDED).code == "agency-not-in-cycle"


def test_nothing_is_approved_in_a_cycle_that_was_withdrawn() -> None:
    ended = submission.CycleWithdrawn(cycle="2021", decision=OPENED.decision, because=REASON)
    over = replace(APPROVE, sitting=sitting(UNASSIGNED, cycle=[ended]))

    assert refusal(over, *DECIDED).code == "cycle-withdrawn"
