"""Flags about explanations: never given, not waited for, or never heard."""

from datetime import timedelta

from shared.events import submission
from tests.support.flagged import (
    AGENCY,
    EXPLAINING,
    MEMBER,
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

UNTIL = EXPLAINING + timedelta(days=2)


# --- explanation-unanswered


def test_a_question_whose_time_is_over_stands_as_long_as_nothing_answers_it() -> None:
    story = Story()
    asked = story.ask(ROUND_1, UNTIL)
    assert story.flags() == []

    story.assign("m-9", "so-noi-vu")
    story.say(f"cycle/{CYCLE}", _newcomer(), UNTIL)
    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("explanation-unanswered", [asked])
    assert (flag.subject.agency, flag.subject.item) == (AGENCY, "1.1")
    assert flag.details["by_asked"] == MEMBER

    story.explain(UNTIL + SECOND)

    assert story.flags("explanation-unanswered") == []


def test_a_question_that_was_settled_unanswered_stays() -> None:
    story = Story()
    asked = story.ask(ROUND_1, UNTIL)
    decided = story.decide("1", ROUND_2)
    story.explain(ROUND_2 + SECOND)

    [flag] = story.flags("explanation-unanswered")

    assert ids(flag) == [asked, decided]


def test_it_is_the_same_flag_before_and_after_it_is_settled() -> None:
    standing, settled = Story(), Story()
    for story in (standing, settled):
        story.ask(ROUND_1, UNTIL)
    standing.say(f"cycle/{CYCLE}", _newcomer(), UNTIL)
    settled.decide("1", ROUND_2)

    assert [flag.id for flag in standing.flags()] == [flag.id for flag in settled.flags()]


def test_a_question_that_is_asked_anew_in_vain_is_told_of_both_times() -> None:
    story = Story()
    first = story.ask(ROUND_1, UNTIL)
    second = story.ask(UNTIL, UNTIL + SECOND)
    story.approve(ROUND_2)

    [flag] = story.flags("explanation-unanswered")

    assert (flag.count, ids(flag)[:2]) == (2, [first, second])


def test_evidence_answers_and_so_does_another_declaration() -> None:
    for answer in ("explain", "attach", "declare", "withdraw"):
        story = Story()
        story.ask(ROUND_1, UNTIL)
        match answer:
            case "explain":
                story.explain(EXPLAINING)
            case "attach":
                story.attach(when=EXPLAINING)
            case "declare":
                story.declare(when=EXPLAINING)
            case _:
                withdrawn = submission.ScoreWithdrawn(**NAMED, item="1.1")
                story.say(SUBMISSION, withdrawn, EXPLAINING)
        story.decide("1", ROUND_2)

        assert story.flags("explanation-unanswered") == []


def test_nobody_waits_for_an_agency_that_has_left_or_in_a_cycle_that_is_over() -> None:
    gone = submission.AgencyWithdrawn(cycle=CYCLE, agency=AGENCY, decision=DECISION, because=SEALED)
    over = submission.CycleWithdrawn(cycle=CYCLE, decision=DECISION, because=SEALED)
    for end in (gone, over):
        story = Story()
        story.ask(ROUND_1, UNTIL)
        story.say(f"cycle/{CYCLE}", end, UNTIL)

        assert story.flags() == []


# --- decided-before-answer


def test_a_decision_that_does_not_wait_for_the_answer_is_told() -> None:
    story = Story()
    asked = story.ask(ROUND_1, UNTIL)
    decided = story.decide("1", UNTIL - SECOND)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("decided-before-answer", [asked, decided])


def test_an_approval_that_does_not_wait_is_told_alike() -> None:
    story = Story()
    asked = story.ask(ROUND_1, UNTIL)
    approved = story.approve(UNTIL - SECOND)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("decided-before-answer", [asked, approved])


def test_a_decision_behind_the_answer_and_another_question_are_not() -> None:
    story = Story()
    story.ask(ROUND_1, UNTIL)
    story.ask(ROUND_1 + SECOND, UNTIL)
    story.explain(EXPLAINING)
    story.decide("1", EXPLAINING + SECOND)
    story.decide("1.5", EXPLAINING + SECOND, item="2.2")

    assert story.flags() == []


# --- explanation-never-heard


def test_an_explanation_that_nobody_decided_on_is_told_with_the_approval() -> None:
    story = Story()
    rejected = story.decide("1")
    said = story.explain(EXPLAINING)
    assert story.flags() == []
    approved = story.approve(ROUND_2)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("explanation-never-heard", [rejected, said, approved])


def test_one_that_was_decided_on_again_or_came_before_or_was_not_needed_is_not() -> None:
    heard, before, early, recognised = Story(), Story(), Story(), Story()
    heard.decide("1")
    heard.explain(EXPLAINING)
    heard.decide("1", ROUND_2)
    before.explain(ROUND_1 - SECOND)
    before.decide("1")
    early.explain(EXPLAINING)
    early.decide("1", ROUND_1)
    recognised.decide("3", recognised=True, evidence=("a@1",))
    recognised.ask(ROUND_1, UNTIL)
    recognised.explain(EXPLAINING)

    for story in (heard, before, early, recognised):
        story.approve(ROUND_2)
        assert story.flags("explanation-never-heard") == []


def test_what_was_told_in_another_order_than_it_happened_is_not_either() -> None:
    crossed, afterwards = Story(), Story()
    crossed.decide("1", EXPLAINING)
    crossed.explain(EXPLAINING - SECOND)
    afterwards.decide("1")
    afterwards.explain(ROUND_2 + SECOND)

    for story in (crossed, afterwards):
        story.approve(ROUND_2)
        assert story.flags("explanation-never-heard") == []


def _newcomer() -> submission.AgencyAdded:
    agency = submission.Agency(code="so-moi", name="Sở mới", tier="department", ranked=True)
    return submission.AgencyAdded(cycle=CYCLE, agency=agency, decision=DECISION, because=SEALED)
