"""What the council does when an agency locks its sheet, and when it changes something later."""

import msgspec
import pytest

from services.appraisal import policy
from services.appraisal.domain.appraisal import NoteChange, OpenAppraisal, decide, decider
from shared.events import appraisal as events
from shared.events import submission
from shared.events.envelope import Recorded
from tests.support.small_appraisal import (
    AGENCY,
    APPROVED,
    LOCKED,
    OPENED_FACT,
    PLAN,
    REASON,
    RECOGNISED,
    REJECTED,
    REOPENED,
    SUBMISSION,
    attached,
    declared,
    given,
    locked_item,
    sheet_copy,
    submitted,
    when,
)
from tests.support.small_cycle import opened_cycle, recorded

WITHDRAWN_SCORE = submission.ScoreWithdrawn(cycle="2021", agency=AGENCY, item="1.1.1")
WITHDRAWN_PLAN = submission.EvidenceWithdrawn(
    cycle="2021", agency=AGENCY, item="1.1.1", evidence="plan"
)
EXPLAINED = submission.ExplanationGiven(cycle="2021", agency=AGENCY, item="1.1.1", text=REASON)


def relock(*changes: submission.Fact) -> OpenAppraisal:
    """The sheet locked again after changes."""
    sheet = sheet_copy(REOPENED, *changes, LOCKED)
    version = 7 + len(changes)
    return OpenAppraisal("2021", AGENCY, "department", submitted(version), LOCKED.items, sheet)


def note(item: str, *changes: submission.Fact) -> NoteChange:
    """A change of an item is noticed."""
    return NoteChange("2021", AGENCY, item, sheet_copy(REOPENED, *changes))


def due(item: submission.LockedItem, cause: str = "declaration-changed") -> events.Fact:
    return msgspec.convert(
        {"cycle": "2021", "agency": AGENCY, "item": item, "cause": cause}, events.ReappraisalDue
    )


# --- The policy


def test_a_lock_opens_the_appraisal() -> None:
    reactions = policy.react(recorded(SUBMISSION, 5, LOCKED))

    assert reactions == [OpenAppraisal("2021", AGENCY, "department", submitted(5), LOCKED.items)]


@pytest.mark.parametrize(
    "fact", [declared("1.1.1", "1"), WITHDRAWN_SCORE, attached("1.1.1", "plan"), WITHDRAWN_PLAN]
)
def test_a_change_of_an_item_is_noted(fact: submission.Fact) -> None:
    reactions = policy.react(recorded(SUBMISSION, 6, fact))

    assert reactions == [NoteChange("2021", AGENCY, "1.1.1")]


@pytest.mark.parametrize(
    "foreign",
    [recorded(SUBMISSION, 6, EXPLAINED), recorded(SUBMISSION, 6, REOPENED), *opened_cycle()],
)
def test_other_facts_ask_for_nothing(foreign: Recorded) -> None:
    assert policy.react(foreign) == []


# --- Opening


def test_the_first_lock_puts_the_sheet_before_the_council() -> None:
    command = OpenAppraisal("2021", AGENCY, "department", submitted(5), LOCKED.items)

    facts = decide(command, decider.initial)

    assert facts == (OPENED_FACT,)


def test_a_lock_without_a_change_is_no_news() -> None:
    assert when(relock(), RECOGNISED, APPROVED) == ()


def test_after_another_lock_only_changed_items_are_due_again() -> None:
    facts = when(relock(declared("1.3", "1")), RECOGNISED)

    assert facts == (due(locked_item("1.3", "1", 7)),)


def test_an_item_that_is_new_on_the_sheet_is_due() -> None:
    added = locked_item("P1", "0")
    again = OpenAppraisal(
        "2021", AGENCY, "department", submitted(7), (*LOCKED.items, added), sheet_copy()
    )

    assert when(again) == (due(added),)


# --- Changes after the lock


def test_a_new_declaration_puts_the_decision_out_of_force() -> None:
    facts = when(note("1.1.1", declared("1.1.1", "1")), RECOGNISED)

    assert facts == (due(locked_item("1.1.1", "1", 7, 2)),)
    assert given(RECOGNISED, *facts).items["1.1.1"].decision is None


def test_a_withdrawn_declaration_puts_the_decision_out_of_force() -> None:
    facts = when(note("1.1.1", WITHDRAWN_SCORE), REJECTED)

    assert facts == (due(locked_item("1.1.1", "0", 0, 2)),)


def test_seen_evidence_that_is_withdrawn_puts_the_decision_out_of_force() -> None:
    facts = when(note("1.1.1", WITHDRAWN_PLAN), RECOGNISED)

    assert facts == (due(locked_item("1.1.1", "2", 1), "evidence-withdrawn"),)


def test_seen_evidence_that_is_replaced_puts_the_decision_out_of_force() -> None:
    facts = when(note("1.1.1", attached("1.1.1", "plan")), RECOGNISED)

    assert facts == (due(locked_item("1.1.1", "2", 1, 7), "evidence-withdrawn"),)


def test_a_proposal_whose_evidence_is_gone_is_closed() -> None:
    proposed = events.ActionProposed(
        cycle="2021",
        agency=AGENCY,
        action="action-2",
        kind="reject-score",
        because=REASON,
        item="1.1.1",
        declaration=submitted(1),
        evidence=(PLAN,),
        awarded="0",
    )

    facts = when(note("1.1.1", WITHDRAWN_PLAN), proposed)

    assert facts == (due(locked_item("1.1.1", "2", 1), "evidence-withdrawn"),)
    assert not given(proposed, *facts).open_actions


def test_added_evidence_leaves_the_decision_in_force() -> None:
    assert when(note("1.1.1", attached("1.1.1", "report")), RECOGNISED) == ()


def test_an_explanation_leaves_the_decision_in_force() -> None:
    assert when(note("1.1.1", EXPLAINED), RECOGNISED) == ()


def test_evidence_of_an_undecided_item_may_come_and_go() -> None:
    assert when(note("1.1.1", WITHDRAWN_PLAN)) == ()


def test_a_change_that_was_noted_is_no_news() -> None:
    command = note("1.1.1", declared("1.1.1", "1"))

    assert when(command, RECOGNISED, *when(command, RECOGNISED)) == ()


def test_before_the_first_lock_nothing_is_noted() -> None:
    assert decide(note("1.1.1", declared("1.1.1", "1")), decider.initial) == ()


def test_an_item_that_the_council_never_had_is_not_noted() -> None:
    assert when(note("7.7", declared("7.7", "1"))) == ()


def test_a_changed_item_takes_the_approval_with_it() -> None:
    facts = when(note("1.1.1", declared("1.1.1", "1")), RECOGNISED, APPROVED)

    assert given(RECOGNISED, APPROVED).approved == APPROVED
    assert given(RECOGNISED, APPROVED, *facts).approved is None


def test_what_was_presented_later_is_not_lost_on_an_older_lock() -> None:
    """Reactions may lag: by the time of the lock's turn the agency has changed the item again."""
    twice = (declared("1.1.1", "1"), declared("1.1.1", "0.5"))
    noted = when(note("1.1.1", *twice), RECOGNISED)

    assert when(relock(*twice), RECOGNISED, *noted) == ()
