"""Flags about time: what came too late, and what only seems to."""

from datetime import timedelta

import pytest

from shared.events import submission
from tests.support.flagged import (
    AGENCY,
    DEADLINE,
    EXPLAINING,
    LATE,
    NAMED,
    ROUND_1,
    ROUND_2,
    SECOND,
    SUBMISSION,
    Story,
    ids,
)
from tests.support.small_cycle import CYCLE
from tests.support.told import DECISION, SEALED

LATER = DEADLINE + timedelta(days=5)


# --- changed-after-deadline


def test_a_change_after_the_deadline_is_told_with_the_reopening_that_let_it_in() -> None:
    story = Story()
    story.declare()
    story.lock({"1.1": "3"})
    reopened = story.reopen(LATE)
    changed = story.declare(points="2", when=LATE + SECOND)

    [flag] = story.flags("changed-after-deadline")

    assert ids(flag) == [reopened, changed]
    assert (flag.subject.agency, flag.subject.item, flag.count) == (AGENCY, "1.1", 1)
    assert flag.english.startswith(f"Look at item 1.1 of {AGENCY}, because it was changed at")


def test_the_very_moment_of_the_deadline_is_too_late_and_the_one_before_is_not() -> None:
    story = Story()
    story.declare(when=DEADLINE - SECOND)
    assert story.flags("changed-after-deadline") == []

    story.declare(when=DEADLINE)

    assert len(story.flags("changed-after-deadline")) == 1


def test_an_extension_moves_the_deadline_of_whom_it_is_for() -> None:
    story = Story()
    story.extend(LATER, DEADLINE - SECOND, "so-noi-vu")
    story.declare(when=LATE)
    assert len(story.flags("changed-after-deadline")) == 1

    extended = Story()
    extended.extend(LATER, DEADLINE - SECOND, AGENCY)
    extended.declare(when=LATE)

    assert extended.flags("changed-after-deadline") == []


def test_what_the_council_asked_for_is_no_change() -> None:
    story = Story()
    story.declare()
    story.ask(ROUND_1, EXPLAINING)
    story.explain(EXPLAINING - SECOND)
    story.attach("cong-van", EXPLAINING - SECOND)

    assert story.flags("changed-after-deadline") == []


def test_an_answer_behind_the_time_to_answer_is_a_change() -> None:
    story = Story()
    story.ask(ROUND_1, EXPLAINING - SECOND)
    said = story.explain(EXPLAINING - SECOND)

    [flag] = story.flags("changed-after-deadline")

    assert ids(flag) == [said]


def test_what_was_rejected_at_first_may_be_proved_while_agencies_explain() -> None:
    story = Story()
    story.declare()
    story.decide("1")
    story.attach("cong-van", EXPLAINING)
    assert story.flags("changed-after-deadline") == []

    story.attach("cong-van", EXPLAINING, item="2.1")

    assert [flag.subject.item for flag in story.flags("changed-after-deadline")] == ["2.1"]


def test_that_ends_with_the_time_to_explain_and_is_not_for_a_second_rejection() -> None:
    ended, second = Story(), Story()
    ended.decide("1")
    ended.attach("cong-van", ROUND_2)
    second.decide("1", ROUND_2)
    second.attach("cong-van", EXPLAINING)

    for story in (ended, second):
        assert len(story.flags("changed-after-deadline")) == 1


@pytest.mark.parametrize("change", ["replace", "withdraw"])
def test_evidence_that_was_there_is_not_taken_away_as_an_answer(change: str) -> None:
    story = Story()
    story.attach()
    story.ask(ROUND_1, EXPLAINING)
    taken = story.attach if change == "replace" else story.detach
    away = taken("ke-hoach", EXPLAINING - SECOND)

    [flag] = story.flags("changed-after-deadline")

    assert ids(flag) == [away]


def test_changes_of_one_item_are_one_flag_that_counts_them() -> None:
    story = Story()
    changes = [story.declare(points=points, when=LATE) for points in "123"]

    [flag] = story.flags("changed-after-deadline")

    assert (flag.count, ids(flag), flag.number) == (3, changes, 3)
    assert flag.english.endswith("It happened 3 times; this is the last.")
    assert flag.vietnamese.endswith("Đã xảy ra 3 lần; trên đây là lần gần nhất.")


# --- deadline-extended-late, scheme-amended-late


def test_a_deadline_that_is_moved_when_it_has_passed_is_told() -> None:
    story = Story()
    extended = story.extend(LATER, DEADLINE)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("deadline-extended-late", [extended])
    assert flag.subject.by == "administrator:a-1"
    assert "all agencies" in flag.english
    assert "mọi cơ quan" in flag.vietnamese


def test_a_deadline_that_is_moved_in_time_is_not() -> None:
    story = Story()
    story.extend(LATER, DEADLINE - SECOND, AGENCY)
    story.extend(LATER + SECOND, LATER - SECOND, AGENCY)

    assert story.flags() == []


def test_rules_that_change_behind_the_deadline_are_told() -> None:
    story = Story()
    amended = story.amend(DEADLINE)

    [flag] = story.flags()

    assert (flag.kind, flag.subject.tier, ids(flag)) == (
        "scheme-amended-late",
        "department",
        [amended],
    )


def test_rules_that_change_while_agencies_score_are_not() -> None:
    story = Story()
    story.amend(DEADLINE - SECOND)

    assert story.flags() == []


def test_the_ledgers_time_does_not_make_a_change_late() -> None:
    story = Story()
    withdrawn = submission.ScoreWithdrawn(**NAMED, item="1.1")
    story.say(SUBMISSION, withdrawn, DEADLINE - SECOND, taken_at=LATE)
    extended = submission.DeadlineExtended(
        cycle=CYCLE,
        phase="self-scoring",
        agency=None,
        until=LATER,
        decision=DECISION,
        because=SEALED,
    )
    story.say(f"cycle/{CYCLE}", extended, DEADLINE - SECOND, taken_at=LATE)

    assert story.flags() == []
