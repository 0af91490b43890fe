"""The system closes what is overdue, and opens again what more time was given to."""

import pytest

from services.submission.domain import submission
from services.submission.domain.council import Council
from services.submission.domain.submission import Situation, Submission
from shared.events import submission as events
from tests.support.small_submission import (
    AGENCY,
    CYCLE,
    DEADLINE,
    IMPORTED,
    LOCKED,
    OTHER,
    OTHER_LEFT,
    REASON,
    SCORING,
    TIER,
    WITHDRAWN,
    at,
    cycle_after,
    cycle_then,
    extended,
    past_cycle_after,
    reopened,
    scored,
    sheet_after,
    situation,
)

EMPTY = Submission()

# --- By the system


@pytest.mark.parametrize(
    ("where", "sheet"),
    [
        (situation(DEADLINE), EMPTY),
        (situation(DEADLINE), sheet_after(scored())),
        (situation(at(12, 20)), sheet_after(LOCKED, reopened(at(12, 20)))),
    ],
    ids=["nothing-declared", "without-proof", "reopening-over"],
)
def test_what_is_overdue_is_locked_as_it_is(where: Situation, sheet: Submission) -> None:
    [fact] = submission.decide(submission.LockOverdue(where), sheet)

    assert isinstance(fact, events.SubmissionLocked)
    assert (fact.tier, fact.locked_by) == (TIER, "deadline")


@pytest.mark.parametrize(
    ("where", "sheet"),
    [
        (situation(SCORING), EMPTY),
        (situation(DEADLINE), sheet_after(LOCKED)),
        (situation(at(12, 19)), sheet_after(LOCKED, reopened(at(12, 20)))),
        (situation(DEADLINE, of=cycle_after(extended(at(12, 15), AGENCY))), EMPTY),
        (situation(DEADLINE, of=cycle_after(WITHDRAWN)), EMPTY),
        (situation(DEADLINE, agency=OTHER, of=cycle_after(OTHER_LEFT)), EMPTY),
        (situation(DEADLINE, of=cycle_after(IMPORTED)), EMPTY),
    ],
    ids=["early", "locked", "reopened", "extended", "cycle-gone", "agency-gone", "imported"],
)
def test_what_is_not_overdue_is_no_news(where: Situation, sheet: Submission) -> None:
    facts = submission.decide(submission.LockOverdue(where), sheet)

    assert facts == ()


def test_a_cycle_opened_after_its_deadline_holds_results_and_locks_nothing() -> None:
    where = situation(at(6, 2, year=2023), of=past_cycle_after())

    facts = submission.decide(submission.LockOverdue(where), EMPTY)

    assert facts == ()


LATE = at(12, 12)
NEWCOMER = events.Agency(code="so-moi", name="Sở mới", tier=TIER, ranked=True)
JOINED_LATE = cycle_then(
    cycle_after(), events.AgencyAdded(cycle=CYCLE, agency=NEWCOMER, **REASON), LATE
)


def test_an_agency_added_after_the_deadline_is_not_locked_with_zeros() -> None:
    where = situation(at(12, 13), agency="so-moi", of=JOINED_LATE)

    facts = submission.decide(submission.LockOverdue(where), EMPTY)

    assert facts == ()


@pytest.mark.parametrize("whose", ["so-moi", None], ids=["its-own", "everybody's"])
def test_an_agency_added_after_the_deadline_is_locked_at_a_later_one(whose: str | None) -> None:
    given_time = cycle_then(JOINED_LATE, extended(at(12, 20), whose), at(12, 13))
    scoring = situation(at(12, 19), agency="so-moi", of=given_time)
    overdue = situation(at(12, 20), agency="so-moi", of=given_time)
    declaring = submission.SubmitScore(scoring, "1.1", {"points": "3"}, None)

    declared = submission.decide(declaring, EMPTY)
    early = submission.decide(submission.LockOverdue(scoring), EMPTY)
    late = submission.decide(submission.LockOverdue(overdue), EMPTY)

    assert [len(facts) for facts in (declared, early, late)] == [1, 0, 1]


# --- More time after the lock

CUT_SHORT = sheet_after(
    events.SubmissionLocked(cycle=CYCLE, agency=AGENCY, tier=TIER, locked_by="deadline", items=())
)
EXTENDED = cycle_after(extended(at(12, 15), AGENCY))


@pytest.mark.parametrize("whose", [AGENCY, None], ids=["its-own", "everybody's"])
def test_an_extension_reopens_what_the_system_locked(whose: str | None) -> None:
    where = situation(at(12, 12), of=cycle_after(extended(at(12, 15), whose)))

    facts = submission.decide(submission.ReopenExtended(where), CUT_SHORT)

    assert facts == (reopened(at(12, 15)),)


@pytest.mark.parametrize(
    ("where", "sheet"),
    [
        (situation(at(12, 12), of=EXTENDED), sheet_after(LOCKED)),
        (situation(at(12, 15), of=EXTENDED), CUT_SHORT),
        (situation(at(12, 12)), CUT_SHORT),
        (situation(at(12, 12), of=cycle_after(extended(at(12, 15), OTHER))), CUT_SHORT),
        (situation(at(12, 12), of=EXTENDED), EMPTY),
        (situation(at(12, 12), of=cycle_after(extended(at(12, 15)), WITHDRAWN)), CUT_SHORT),
    ],
    ids=["by-the-agency", "over", "no-extension", "another's", "draft", "cycle-gone"],
)
def test_what_was_not_cut_short_stays_as_it_is(where: Situation, sheet: Submission) -> None:
    facts = submission.decide(submission.ReopenExtended(where), sheet)

    assert facts == ()


def test_an_extension_opens_nothing_that_the_council_has_approved() -> None:
    where = situation(at(12, 12), of=EXTENDED, council=Council(approved=True))

    assert submission.decide(submission.ReopenExtended(where), CUT_SHORT) == ()


def test_a_reopened_sheet_stays_open_as_long_as_self_scoring_does() -> None:
    sheet = sheet_after(LOCKED, reopened(at(12, 12)))
    scoring = situation(at(12, 14), of=EXTENDED)
    declaring = submission.SubmitScore(scoring, "1.1", {"points": "3"}, None)

    declared = submission.decide(declaring, sheet)
    locked = submission.decide(submission.LockOverdue(scoring), sheet)

    assert (len(declared), len(locked)) == (1, 0)
