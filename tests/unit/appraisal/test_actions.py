"""What takes two people: rejecting with nothing, and giving an agency its sheet back."""

from dataclasses import replace
from datetime import datetime

import msgspec
import pytest

from services.appraisal.domain.action import ProposeReopening, SecondAction
from services.appraisal.domain.appraisal import ApproveAppraisal, decide
from services.appraisal.domain.sheet import SHEET
from services.appraisal.domain.verdict import Decide, DecideTogether
from shared.events import appraisal as events
from shared.events.envelope import Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Forbidden, Missing
from tests.support.small_appraisal import (
    AFTERWARDS,
    AGENCY,
    APPROVED,
    ASSIGNED,
    EXPLAINING,
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
    ROUND_1,
    ROUND_2,
    SUBMISSION,
    UNASSIGNED,
    assigned,
    attached,
    declared,
    explained,
    given,
    refusal,
    sitting,
    submitted,
    when,
)
from tests.support.small_cycle import OPENED, at, recorded

REJECT_WITH_ZERO = replace(REJECT, awarded="0")
ZERO_PROPOSED = events.ActionProposed(
    cycle="2021",
    agency=AGENCY,
    action="action-2",
    kind="reject-score",
    because=REASON,
    item="1.1.1",
    declaration=submitted(1),
    evidence=(PLAN,),
    awarded="0",
    legal_basis="Quyết định 2366",
)
ZERO_SECONDED = events.ActionSeconded(
    cycle="2021", agency=AGENCY, action="action-2", kind="reject-score", because=REASON
)
REJECTED_WITH_ZERO = msgspec.structs.replace(REJECTED, awarded="0")
REOPENING_PROPOSED = events.ActionProposed(
    cycle="2021",
    agency=AGENCY,
    action="action-2",
    kind="reopen-submission",
    because=REASON,
    until=at(12, 20),
)
REOPENING_SECONDED = events.ActionSeconded(
    cycle="2021",
    agency=AGENCY,
    action="action-2",
    kind="reopen-submission",
    because=REASON,
    until=at(12, 20),
)
PROPOSE = ProposeReopening(sitting(), REASON, at(12, 20))
SECOND = SecondAction(sitting(UNASSIGNED), "action-2")


# --- Rejecting with zero points


def test_to_reject_with_nothing_is_a_proposal() -> None:
    facts = when(Decide(sitting(), REJECT_WITH_ZERO))

    assert facts == (ZERO_PROPOSED,)


def test_proposals_made_together_have_names_of_their_own() -> None:
    other = replace(REJECT_WITH_ZERO, item="1.1.2", declaration=submitted(3), evidence=())

    facts = when(DecideTogether(sitting(), (REJECT_WITH_ZERO, other)))

    assert [fact.action for fact in facts if isinstance(fact, events.ActionProposed)] == [
        "action-2",
        "action-3",
    ]


def test_the_same_proposal_again_is_no_news() -> None:
    facts = when(Decide(sitting(), REJECT_WITH_ZERO), ZERO_PROPOSED)

    assert facts == ()


def test_an_item_said_not_to_apply_can_be_rejected_with_nothing() -> None:
    verdict = replace(REJECT_WITH_ZERO, item="1.1.2", declaration=submitted(3), evidence=())

    facts = when(Decide(sitting(), verdict))

    assert [type(fact) for fact in facts] == [events.ActionProposed]


@pytest.mark.parametrize("by", [M2, UNASSIGNED])
def test_another_member_seconds_and_the_item_is_rejected_at_once(by: Actor) -> None:
    facts = when(SecondAction(sitting(by), "action-2"), ZERO_PROPOSED)

    assert facts == (ZERO_SECONDED, REJECTED_WITH_ZERO)


def test_the_round_in_which_it_is_seconded_counts() -> None:
    facts = when(SecondAction(sitting(M2, ROUND_2), "action-2"), ZERO_PROPOSED)

    assert facts == (ZERO_SECONDED, msgspec.structs.replace(REJECTED_WITH_ZERO, round=2))


def test_evidence_that_was_added_leaves_a_proposal_alone() -> None:
    added = sitting(M2, sheet=[attached("1.1.1", "report")])

    facts = when(SecondAction(added, "action-2"), ZERO_PROPOSED)

    assert facts == (ZERO_SECONDED, REJECTED_WITH_ZERO)


def test_nobody_seconds_what_they_proposed() -> None:
    problem = refusal(SecondAction(sitting(M1), "action-2"), ZERO_PROPOSED, by=M1)

    assert (type(problem), problem.code) == (Forbidden, "second-person-required")


@pytest.mark.parametrize("by", [replace(M2, agency=AGENCY), Actor("m9", "council", AGENCY)])
def test_nobody_seconds_against_their_own_agency(by: Actor) -> None:
    problem = refusal(SecondAction(sitting(by), "action-2"), ZERO_PROPOSED)

    assert (type(problem), problem.code) == (Forbidden, "agency-is-your-own")


@pytest.mark.parametrize(
    "later", [assigned("1.1", M2), assigned("1.3", replace(M1, agency=AGENCY))]
)
def test_a_proposal_goes_with_the_duty_of_who_made_it(later: events.CriterionAssigned) -> None:
    second = SecondAction(sitting(M2, members=[*ASSIGNED, later]), "action-2")

    assert refusal(second, ZERO_PROPOSED, by=M1).code == "action-orphaned"


def test_who_acts_for_the_agency_leaves_no_proposal_behind() -> None:
    acted = recorded(SUBMISSION, 6, explained(), actor=f"agency:{M1.id}")
    before = sitting(M2)
    after = replace(before, sheet=SHEET.evolve(before.sheet, acted))

    for proposed in (ZERO_PROPOSED, REOPENING_PROPOSED):
        assert refusal(SecondAction(after, "action-2"), proposed, by=M1).code == "action-orphaned"


def test_what_nobody_can_second_for_its_proposer_holds_up_no_approval() -> None:
    registered = assigned("1.3", replace(M1, agency=AGENCY))
    approve = ApproveAppraisal(sitting(M2, members=[*ASSIGNED, registered]), OPENED.decision)
    state = given(REOPENING_PROPOSED, by=M1)
    decided = {code: replace(it, decision=RECOGNISED) for code, it in state.items.items()}

    facts = decide(approve, replace(state, items=decided))

    assert facts == (APPROVED,)


def test_seconding_again_is_no_news_for_who_did_it() -> None:
    state = given(ZERO_PROPOSED, ZERO_SECONDED, REJECTED_WITH_ZERO, by=M2)

    assert state.actions["action-2"].seconded_by == M2.reference
    assert when(SecondAction(sitting(M2), "action-2"), ZERO_PROPOSED, ZERO_SECONDED, by=M2) == ()


def test_what_was_seconded_by_another_is_closed() -> None:
    command = SecondAction(sitting(UNASSIGNED), "action-2")

    assert refusal(command, ZERO_PROPOSED, ZERO_SECONDED, by=M2).code == "action-closed"


@pytest.mark.parametrize("overtaking", [RECOGNISED, REJECTED])
def test_a_decision_takes_the_place_of_a_proposal(overtaking: events.Fact) -> None:
    assert refusal(SECOND, ZERO_PROPOSED, overtaking).code == "action-closed"


def test_whoever_decides_despite_a_proposal_has_read_it() -> None:
    unread = refusal(Decide(sitting(M2), RECOGNISE), ZERO_PROPOSED)
    facts = when(Decide(sitting(M2), replace(RECOGNISE, based_on=2)), ZERO_PROPOSED)

    assert unread.code == "version-required"
    assert facts == (RECOGNISED,)


def test_a_proposal_is_void_where_the_item_changed() -> None:
    changed = sitting(M2, sheet=[REOPENED, declared("1.1.1", "1"), LOCKED])

    assert refusal(SecondAction(changed, "action-2"), ZERO_PROPOSED).code == "action-void"


def test_a_proposal_is_void_where_seen_evidence_was_replaced() -> None:
    changed = sitting(M2, sheet=[attached("1.1.1", "plan")])

    assert refusal(SecondAction(changed, "action-2"), ZERO_PROPOSED).code == "action-void"


def test_outside_the_rounds_nobody_seconds_a_rejection() -> None:
    late = SecondAction(sitting(M2, EXPLAINING), "action-2")

    assert refusal(late, ZERO_PROPOSED).code == "appraisal-round-closed"


def test_an_unknown_action_is_missing() -> None:
    problem = refusal(SecondAction(sitting(M2), "action-9"), ZERO_PROPOSED)

    assert (type(problem), problem.code) == (Missing, "action-unknown")


# --- Giving the sheet back


@pytest.mark.parametrize("facts", [(), (APPROVED,)], ids=["open", "approved"])
def test_a_member_proposes_to_give_the_sheet_back(facts: tuple[events.Fact, ...]) -> None:
    proposed = when(PROPOSE, *facts)

    assert proposed == (
        msgspec.structs.replace(REOPENING_PROPOSED, action=f"action-{2 + len(facts)}"),
    )


def test_the_same_reopening_again_is_no_news() -> None:
    assert when(PROPOSE, REOPENING_PROPOSED) == ()


def test_a_new_reopening_takes_the_place_of_an_open_one() -> None:
    longer = replace(PROPOSE, until=at(12, 22))

    [proposed] = when(longer, REOPENING_PROPOSED)

    assert isinstance(proposed, events.ActionProposed)
    assert refusal(SECOND, REOPENING_PROPOSED, proposed).code == "action-closed"


def test_a_second_member_gives_the_sheet_back() -> None:
    assert when(SECOND, REOPENING_PROPOSED) == (REOPENING_SECONDED,)


def test_nobody_seconds_their_own_reopening() -> None:
    problem = refusal(SecondAction(sitting(M1), "action-2"), REOPENING_PROPOSED, by=M1)

    assert problem.code == "second-person-required"


@pytest.mark.parametrize("until", [ROUND_1, at(1, 14, year=2022), AFTERWARDS])
def test_a_sheet_is_given_back_while_the_council_can_still_decide(until: datetime) -> None:
    problem = refusal(ProposeReopening(sitting(), REASON, until))

    assert problem.code == "reopening-out-of-time"


def test_after_the_last_round_no_sheet_is_given_back() -> None:
    problem = refusal(ProposeReopening(sitting(when=AFTERWARDS), REASON, at(2, 1, year=2022)))

    assert problem.code == "appraisal-round-closed"


def test_a_sheet_that_the_agency_has_is_not_given_back() -> None:
    problem = refusal(ProposeReopening(sitting(sheet=[REOPENED]), REASON, at(12, 20)))

    assert problem.code == "submission-not-locked"


def test_a_reopening_whose_time_has_passed_is_not_seconded() -> None:
    late = SecondAction(sitting(UNASSIGNED, at(12, 21)), "action-2")

    assert refusal(late, REOPENING_PROPOSED).code == "action-overtaken"


def test_another_reason_is_another_proposal() -> None:
    other = replace(PROPOSE, because=Sealed(key="k9", text="other"))

    assert len(when(other, REOPENING_PROPOSED)) == 1
