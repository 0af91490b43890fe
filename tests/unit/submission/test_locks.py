"""A sheet is closed by its agency or at its deadline, and opened again with a reason."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.submission.domain import submission
from services.submission.domain.council import Council
from services.submission.domain.submission import Situation, Submission
from shared.events import submission as events
from shared.kernel.errors import Refused
from tests.support.small_submission import (
    AGENCY,
    BECAUSE,
    CYCLE,
    DEADLINE,
    LOCKED,
    NO_TIME,
    OTHER,
    WITHDRAWN,
    at,
    attached,
    cycle_after,
    explained,
    reopened,
    scored,
    sheet_after,
    situation,
)

EMPTY = Submission()


def locked_items(facts: object) -> dict[str, events.LockedItem]:
    assert isinstance(facts, tuple)
    [fact] = facts
    assert isinstance(fact, events.SubmissionLocked)
    return {item.item: item for item in fact.items}


# --- By the agency


def test_a_lock_carries_the_whole_sheet() -> None:
    sheet = sheet_after(
        scored(), attached(), explained(), scored("B1", points="1"), explained("B1")
    )

    facts = submission.decide(submission.Lock(situation()), sheet)

    stream = f"submission/{CYCLE}/{AGENCY}"
    items = locked_items(facts)
    assert list(items) == ["1.1", "1.2", "1.3", "1.4", "B1"]
    assert items["1.1"] == events.LockedItem(
        item="1.1",
        criterion="1.1",
        maximum="4",
        points="3",
        declaration=f"{stream}@1",
        evidence=(f"{stream}@2",),
        explanation=f"{stream}@3",
    )
    assert items["1.2"] == events.LockedItem(
        item="1.2",
        criterion="1.2",
        maximum="2",
        points="0",
        declaration="",
        evidence=(),
        explanation="",
    )
    assert items["B1"].criterion == "B1"


def test_a_lock_leaves_out_what_does_not_apply() -> None:
    facts = submission.decide(submission.Lock(situation(agency=OTHER)), EMPTY)

    assert "1.4" not in locked_items(facts)


def test_locking_twice_is_no_news() -> None:
    facts = submission.decide(submission.Lock(situation()), sheet_after(LOCKED))

    assert facts == ()


def test_a_claim_without_proof_cannot_be_locked() -> None:
    sheet = sheet_after(scored(), scored("1.2", {"option": "yes"}, "2"), scored("B1", points="1"))

    with pytest.raises(Refused, match="submission-incomplete") as refused:
        submission.decide(submission.Lock(situation()), sheet)

    assert [flaw.pointer for flaw in refused.value.flaws] == ["/items/1.1", "/items/B1"]


@pytest.mark.parametrize("proof", [attached(), explained()], ids=["evidence", "explanation"])
def test_evidence_or_an_explanation_is_proof_enough(proof: object) -> None:
    facts = submission.decide(submission.Lock(situation()), sheet_after(scored(), proof))

    assert len(facts) == 1


def test_what_claims_nothing_needs_no_proof() -> None:
    sheet = sheet_after(scored(points="0"))

    facts = submission.decide(submission.Lock(situation()), sheet)

    assert len(facts) == 1


NO_TASK = {"no_task": "yes"}
NONE_OF_NONE = {"numerator": "0", "denominator": "0"}


@pytest.mark.parametrize("inputs", [NO_TASK, NONE_OF_NONE], ids=["no-task", "none-of-none"])
def test_an_item_does_not_leave_the_maximum_without_proof(inputs: dict[str, str]) -> None:
    bare = sheet_after(scored("1.3", inputs, "0"))
    proved = sheet_after(scored("1.3", inputs, "0"), explained("1.3"))

    with pytest.raises(Refused, match="submission-incomplete") as refused:
        submission.decide(submission.Lock(situation()), bare)
    facts = submission.decide(submission.Lock(situation()), proved)

    assert [flaw.pointer for flaw in refused.value.flaws] == ["/items/1.3"]
    assert len(facts) == 1


def test_a_declaration_that_an_amended_rule_cannot_read_claims_nothing() -> None:
    sheet = sheet_after(scored("1.3", {"option": "yes"}, "0"))

    facts = submission.decide(submission.Lock(situation()), sheet)

    assert len(facts) == 1


def test_an_agency_does_not_lock_after_its_deadline() -> None:
    with pytest.raises(Refused, match="self-scoring-closed"):
        submission.decide(submission.Lock(situation(DEADLINE)), EMPTY)


# --- Reopening


def reopen(until: datetime, where: Situation | None = None) -> submission.Reopen:
    return submission.Reopen(where or situation(at(12, 18)), until, BECAUSE)


def test_a_locked_sheet_is_reopened() -> None:
    facts = submission.decide(reopen(at(12, 20)), sheet_after(LOCKED))

    assert facts == (reopened(at(12, 20)),)


def test_reopening_until_the_same_time_again_is_no_news() -> None:
    facts = submission.decide(reopen(at(12, 20)), sheet_after(LOCKED, reopened(at(12, 20))))

    assert facts == ()


def test_a_reopening_may_get_another_end() -> None:
    facts = submission.decide(reopen(at(12, 21)), sheet_after(LOCKED, reopened(at(12, 20))))

    assert facts == (reopened(at(12, 21)),)


def test_a_draft_needs_no_reopening() -> None:
    with pytest.raises(Refused, match="submission-not-locked"):
        submission.decide(reopen(at(12, 20)), EMPTY)


def test_a_reopening_ends_in_the_future() -> None:
    with pytest.raises(Refused, match="until-in-the-past"):
        submission.decide(reopen(at(12, 18)), sheet_after(LOCKED))


def test_a_reopening_does_not_end_in_another_age() -> None:
    with pytest.raises(Refused, match="time-out-of-range"):
        submission.decide(reopen(NO_TIME), sheet_after(LOCKED))


def test_a_withdrawn_cycle_reopens_nothing() -> None:
    where = replace(situation(at(12, 18)), cycle=cycle_after(WITHDRAWN))

    with pytest.raises(Refused, match="cycle-withdrawn"):
        submission.decide(reopen(at(12, 20), where), sheet_after(LOCKED))


def test_what_the_council_approved_is_reopened_by_two_of_its_members_alone() -> None:
    where = replace(situation(at(12, 18)), council=Council(approved=True))
    alone = reopen(at(12, 20), where)

    with pytest.raises(Refused, match="reopening-takes-council"):
        submission.decide(alone, sheet_after(LOCKED))
    facts = submission.decide(replace(alone, seconded=True), sheet_after(LOCKED))

    assert facts == (reopened(at(12, 20)),)


def test_an_agency_locks_again_after_a_reopening() -> None:
    sheet = sheet_after(LOCKED, reopened(at(12, 20)), scored(), explained())

    facts = submission.decide(submission.Lock(situation(at(12, 19))), sheet)

    assert locked_items(facts)["1.1"].points == "3"
