"""Flags about sheets: what became of them behind a lock, a decision or an approval."""

from collections.abc import Mapping
from typing import Any

from shared.count.flags import limits
from shared.events import submission
from tests.support.flagged import (
    AGENCY,
    DECLARED,
    LATE,
    MAXIMA,
    NAMED,
    ROUND_1,
    ROUND_2,
    SCORING,
    SECOND,
    SUBMISSION,
    TIER,
    Story,
    ids,
    scheme,
)
from tests.support.small_cycle import CYCLE, at
from tests.support.told import DECISION, SEALED

OVER = at(1, 14, year=2022)
FULL = {code: MAXIMA[code] for code in DECLARED}


# --- rests-on-condemned


def test_a_decision_that_rests_on_what_was_condemned_and_stayed_is_told_until_it_is_mended() -> (
    None
):
    story = Story()
    story.declare()
    seen = story.attach()
    decided = story.decide("3", recognised=True, evidence=(seen,))
    story.approve(ROUND_2)
    found = story.condemn(OVER)

    [flag] = story.flags("rests-on-condemned")
    story.clear(OVER + SECOND)
    cleared = story.flags("rests-on-condemned")
    story.condemn(OVER + 2 * SECOND)
    story.detach(when=OVER + 3 * SECOND)

    assert (ids(flag), flag.subject.item) == ([seen, decided, found], "1.1")
    assert (cleared, story.flags("rests-on-condemned")) == ([], [])


def test_who_approves_what_rests_on_a_condemned_file_is_told_for_ever() -> None:
    story = Story()
    story.declare()
    seen = story.attach()
    decided = story.decide("3", recognised=True, evidence=(seen,))
    found, approved = story.condemn(OVER), story.approve(OVER + SECOND)
    story.clear(OVER + 2 * SECOND)

    [flag] = story.flags("rests-on-condemned")

    assert ids(flag) == [seen, decided, found, approved]


def test_what_nobody_decided_on_or_what_fell_is_not_told() -> None:
    story = Story()
    story.declare()
    seen = story.attach()
    story.condemn(OVER)
    undecided = story.flags("rests-on-condemned")
    story.decide("3", recognised=True, evidence=(seen,))
    story.declare(points="2", when=OVER + SECOND)

    assert (undecided, story.flags("rests-on-condemned")) == ([], [])


def test_a_decision_that_fell_with_other_evidence_rests_on_nothing() -> None:
    story = Story()
    story.declare()
    seen = story.attach(), story.attach("cong-van")
    story.decide("3", recognised=True, evidence=seen)
    story.condemn(OVER)
    story.detach("cong-van", OVER + SECOND)

    assert story.flags("rests-on-condemned") == []


def test_nothing_rests_on_anything_for_an_agency_that_left_or_in_a_cycle_that_is_over() -> None:
    act: Mapping[str, Any] = {"cycle": CYCLE, "decision": DECISION, "because": SEALED}
    for end in (
        submission.AgencyWithdrawn(**act, agency=AGENCY),
        submission.CycleWithdrawn(**act),
    ):
        story = Story()
        story.declare()
        story.decide("3", recognised=True, evidence=(story.attach(),))
        story.condemn(OVER)
        before = story.flags("rests-on-condemned")
        story.say(f"cycle/{CYCLE}", end, OVER + SECOND)

        assert (len(before), story.flags("rests-on-condemned")) == (1, [])


# --- evidence-replaced-after-decision


def test_evidence_that_the_council_saw_and_that_is_gone_is_told() -> None:
    story = Story()
    story.declare()
    seen = story.attach()
    decided = story.decide("3", recognised=True, evidence=(seen,))
    gone = story.detach(when=ROUND_1 + SECOND)

    [flag] = story.flags("evidence-replaced-after-decision")

    assert ids(flag) == [seen, decided, gone]
    assert "ke-hoach" in flag.english


def test_evidence_under_the_name_of_another_takes_its_place() -> None:
    story = Story()
    story.declare()
    seen = story.attach()
    decided = story.decide("3", recognised=True, evidence=(seen,))
    instead = story.attach(when=ROUND_1 + SECOND)

    [flag] = story.flags("evidence-replaced-after-decision")

    assert ids(flag) == [seen, decided, instead]


def test_evidence_that_is_added_or_was_not_seen_or_went_before_is_not_told() -> None:
    story = Story()
    story.declare()
    seen, unseen = story.attach(), story.attach("cong-van")
    story.detach("cong-van", SCORING + SECOND)
    story.attach("cong-van", ROUND_1 - SECOND)
    story.decide("3", recognised=True, evidence=(seen, unseen))
    story.attach("bao-cao", ROUND_1 + SECOND)
    story.detach("cong-van", ROUND_1 + SECOND)

    assert story.flags("evidence-replaced-after-decision") == []


def test_evidence_that_went_at_an_earlier_time_and_was_told_late_is_not_told() -> None:
    story = Story()
    story.declare()
    seen = story.attach()
    story.decide("3", ROUND_1, recognised=True, evidence=(seen,))
    story.detach(when=ROUND_1 - SECOND)

    assert story.flags("evidence-replaced-after-decision") == []


# --- score-raised-after-reopening


def test_more_points_after_a_reopening_are_told_item_by_item() -> None:
    story = Story()
    locked = story.lock({"1.1": "3", "2.1": "0.5"})
    reopened = story.reopen(LATE)
    declared = story.declare(points="3.5", when=LATE + SECOND)
    again = story.lock({"1.1": "3.5", "2.1": "0.5"}, LATE + 2 * SECOND)

    [flag] = story.flags("score-raised-after-reopening")

    assert ids(flag) == [locked, reopened, declared, again]
    assert (flag.subject.item, flag.details) == ("1.1", {"before": "3", "after": "3.5"})


def test_fewer_points_and_a_reopening_while_there_was_time_are_not_told() -> None:
    lowered = Story()
    lowered.lock({"1.1": "3"})
    lowered.reopen(LATE)
    lowered.lock({"1.1": "2"}, LATE + SECOND)
    assert lowered.flags("score-raised-after-reopening") == []

    early = Story()
    early.lock({"1.1": "3"}, SCORING)
    early.reopen(SCORING + SECOND)
    early.lock({"1.1": "4"}, SCORING + 2 * SECOND)

    assert early.flags("score-raised-after-reopening") == []


# --- reopened-after-approval


def test_a_sheet_that_is_opened_again_behind_its_approval_is_told() -> None:
    story = Story()
    approved = story.approve(ROUND_2)
    reopened = story.reopen(ROUND_2 + SECOND)

    [flag] = story.flags("reopened-after-approval")

    assert ids(flag) == [approved, reopened]
    assert (flag.subject.agency, flag.subject.by) == (AGENCY, "administrator:a-1")


def test_a_sheet_that_is_opened_before_or_when_the_approval_has_fallen_is_not_told() -> None:
    story = Story()
    story.reopen(LATE)
    story.approve(ROUND_2)
    story.decide("2", ROUND_2 + SECOND)
    story.reopen(ROUND_2 + 2 * SECOND)
    assert story.flags("reopened-after-approval") == []

    told_late = Story()
    told_late.approve(ROUND_2)
    told_late.reopen(ROUND_2 - SECOND)

    assert told_late.flags("reopened-after-approval") == []


# --- all-at-maximum


def test_a_sheet_that_claims_the_maximum_of_everything_is_told() -> None:
    story = Story()
    declared = story.declare(points="4")
    locked = story.lock(FULL)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("all-at-maximum", [declared, locked])
    assert flag.details == {"items": "6"}
    assert flag.parameters == {"maximum_items_min": 5}


def test_a_sheet_with_one_item_below_its_maximum_is_not_told() -> None:
    story = Story()
    story.lock({**FULL, "2.4": "1.75"})

    assert story.flags() == []


def test_an_item_that_leaves_the_maximum_is_as_good_as_full() -> None:
    story = Story()
    no_task = submission.ScoreSubmitted(**NAMED, item="2.5", inputs={"no_task": "yes"}, points="0")
    story.say(SUBMISSION, no_task, SCORING)
    story.lock({**FULL, "2.5": "0"})

    [flag] = story.flags()

    assert (flag.kind, flag.details) == ("all-at-maximum", {"items": "5"})


def test_a_sheet_of_few_items_is_not_told() -> None:
    story = Story()
    few = tuple(
        submission.LockedItem(
            item=code,
            criterion=code,
            maximum=MAXIMA[code],
            points=MAXIMA[code],
            declaration="",
            evidence=(),
            explanation="",
        )
        for code in DECLARED[: limits.MAXIMUM_ITEMS_MIN - 1]
    )
    locked = submission.SubmissionLocked(**NAMED, tier=TIER, locked_by="agency", items=few)
    story.say(SUBMISSION, locked, SCORING)

    assert story.flags() == []


def test_a_scheme_that_is_none_of_the_tier_says_nothing_of_its_sheets() -> None:
    story = Story()
    adopted = submission.SchemeAdopted(cycle=CYCLE, tier="commune", scheme=scheme())
    story.say(f"cycle/{CYCLE}", adopted)
    full = tuple(
        submission.LockedItem(
            item=code,
            criterion=code,
            maximum="1",
            points="1",
            declaration="",
            evidence=(),
            explanation="",
        )
        for code in DECLARED
    )
    locked = submission.SubmissionLocked(**NAMED, tier="commune", locked_by="agency", items=full)
    story.say(SUBMISSION, locked, SCORING)

    assert story.flags() == []
