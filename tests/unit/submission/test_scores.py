"""Declaring items: one by one or a whole sheet, in time, and with what was read in mind."""

import pytest

from services.submission.domain import submission
from services.submission.domain.submission import Situation, Submission
from shared.events import submission as events
from shared.kernel.errors import Refused, Stale
from tests.support.small_submission import (
    AGENCY,
    BEFORE,
    CYCLE,
    DEADLINE,
    IMPORTED,
    LOCKED,
    OTHER,
    OTHER_LEFT,
    WITHDRAWN,
    at,
    cycle_after,
    extended,
    reopened,
    scored,
    sheet_after,
    situation,
)

EMPTY = Submission()


def submit(
    item: str = "1.1",
    *,
    points: str = "3",
    based_on: int | None = None,
    where: Situation | None = None,
) -> submission.SubmitScore:
    return submission.SubmitScore(where or situation(), item, {"points": points}, based_on)


# --- One item


def test_a_manual_item_is_declared_by_its_points() -> None:
    facts = submission.decide(submit(), EMPTY)

    assert facts == (scored(),)


def test_an_item_is_declared_by_the_inputs_of_its_rule() -> None:
    inputs = {"numerator": "1", "denominator": "3"}

    facts = submission.decide(submission.SubmitScore(situation(), "1.3", inputs, None), EMPTY)

    assert facts == (scored("1.3", inputs, "1"),)


def test_points_that_never_end_are_recorded_exactly() -> None:
    inputs = {"numerator": "1", "denominator": "7"}

    [fact] = submission.decide(submission.SubmitScore(situation(), "1.3", inputs, None), EMPTY)

    assert fact == scored("1.3", inputs, "3/7")


def test_no_task_arose_this_year() -> None:
    inputs = {"no_task": "yes"}

    facts = submission.decide(submission.SubmitScore(situation(), "1.3", inputs, None), EMPTY)

    assert facts == (scored("1.3", inputs, "0"),)


@pytest.mark.parametrize("based_on", [None, 1, 9])
def test_declaring_the_same_again_is_no_news_whatever_was_read(based_on: int | None) -> None:
    facts = submission.decide(submit(based_on=based_on), sheet_after(scored()))

    assert facts == ()


def test_declaring_the_same_again_is_no_news_after_the_lock() -> None:
    facts = submission.decide(submit(), sheet_after(scored(), LOCKED))

    assert facts == ()


@pytest.mark.parametrize(
    ("item", "points", "code"),
    [
        ("1.1", "4.25", "points-above-maximum"),
        ("1.1", "3.1", "points-off-step"),
        ("1.1", "-1", "points-negative"),
        ("1.1", "NaN", "number-malformed"),
        ("7.7", "1", "item-unknown"),
        ("9.1", "1", "item-is-surveyed"),
    ],
)
def test_what_cannot_be_declared_is_refused(item: str, points: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        submission.decide(submit(item, points=points), EMPTY)


def test_an_item_that_does_not_apply_to_the_agency_is_refused() -> None:
    where = situation(agency=OTHER)

    with pytest.raises(Refused, match="item-not-applicable"):
        submission.decide(submit("1.4", where=where), EMPTY)


# --- In time


@pytest.mark.parametrize(
    ("where", "code"),
    [
        (situation(BEFORE), "self-scoring-not-open"),
        (situation(DEADLINE), "self-scoring-closed"),
        (situation(of=cycle_after(WITHDRAWN)), "cycle-withdrawn"),
        (situation(agency="so-la"), "agency-not-in-cycle"),
        (situation(agency=OTHER, of=cycle_after(OTHER_LEFT)), "agency-withdrawn"),
        (situation(of=cycle_after(IMPORTED)), "results-imported"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_declared_outside_its_time_and_cycle(where: Situation, code: str) -> None:
    with pytest.raises(Refused, match=code):
        submission.decide(submit(where=where), EMPTY)


def test_an_extension_lets_one_agency_declare_later() -> None:
    where = situation(at(12, 12), of=cycle_after(extended(at(12, 15), AGENCY)))

    facts = submission.decide(submit(where=where), EMPTY)

    assert facts == (scored(),)


def test_an_extension_of_another_agency_does_not_help() -> None:
    where = situation(at(12, 12), of=cycle_after(extended(at(12, 15), OTHER)))

    with pytest.raises(Refused, match="self-scoring-closed"):
        submission.decide(submit(where=where), EMPTY)


def test_a_locked_submission_takes_no_more_scores() -> None:
    with pytest.raises(Refused, match="submission-locked"):
        submission.decide(submit(), sheet_after(LOCKED))


def test_a_reopened_submission_takes_scores_after_the_deadline() -> None:
    facts = submission.decide(
        submit(where=situation(at(12, 19))), sheet_after(LOCKED, reopened(at(12, 20)))
    )

    assert facts == (scored(),)


def test_a_reopening_ends() -> None:
    with pytest.raises(Refused, match="reopening-over"):
        submission.decide(
            submit(where=situation(at(12, 20))), sheet_after(LOCKED, reopened(at(12, 20)))
        )


# --- No lost updates


def test_a_change_is_based_on_the_version_that_was_read() -> None:
    facts = submission.decide(submit(points="2", based_on=1), sheet_after(scored()))

    assert facts == (scored(points="2"),)


@pytest.mark.parametrize(("based_on", "code"), [(None, "version-required"), (1, "version-stale")])
def test_a_change_of_what_was_not_read_is_stale(based_on: int | None, code: str) -> None:
    sheet = sheet_after(scored(), scored(points="2"))

    with pytest.raises(Stale, match=code) as stale:
        submission.decide(submit(points="1", based_on=based_on), sheet)

    assert stale.value.details["current"] == "2"


def test_what_was_withdrawn_meanwhile_is_not_there_to_be_changed() -> None:
    withdrawn = events.ScoreWithdrawn(cycle=CYCLE, agency=AGENCY, item="1.1")

    with pytest.raises(Stale, match="version-of-nothing"):
        submission.decide(submit(points="1", based_on=1), sheet_after(scored(), withdrawn))


# --- Taking back


def test_a_declaration_is_taken_back() -> None:
    command = submission.WithdrawScore(situation(), "1.1", 1)

    facts = submission.decide(command, sheet_after(scored()))

    assert facts == (events.ScoreWithdrawn(cycle=CYCLE, agency=AGENCY, item="1.1"),)


def test_taking_back_what_was_not_declared_is_no_news() -> None:
    facts = submission.decide(submission.WithdrawScore(situation(), "1.1", None), EMPTY)

    assert facts == ()


def test_taking_back_needs_the_version_too() -> None:
    with pytest.raises(Stale, match="version-required"):
        submission.decide(submission.WithdrawScore(situation(), "1.1", None), sheet_after(scored()))


def test_nothing_is_taken_back_after_the_lock() -> None:
    with pytest.raises(Refused, match="submission-locked"):
        submission.decide(
            submission.WithdrawScore(situation(), "1.1", 1), sheet_after(scored(), LOCKED)
        )


# --- A whole sheet

SHEET = {"1.1": {"points": "3"}, "1.2": {"option": "yes"}}


def submit_all(
    scores: dict[str, dict[str, str]], based_on: int | None = None, where: Situation | None = None
) -> submission.SubmitScores:
    return submission.SubmitScores(where or situation(), scores, based_on)


def test_a_whole_sheet_is_declared_at_once() -> None:
    facts = submission.decide(submit_all(SHEET), EMPTY)

    assert list(facts) == [scored(), scored("1.2", {"option": "yes"}, "2")]


def test_only_what_differs_in_a_sheet_is_news() -> None:
    facts = submission.decide(submit_all(SHEET), sheet_after(scored()))

    assert list(facts) == [scored("1.2", {"option": "yes"}, "2")]


def test_the_same_sheet_again_is_no_news_even_after_the_lock() -> None:
    sheet = sheet_after(scored(), scored("1.2", {"option": "yes"}, "2"), LOCKED)

    facts = submission.decide(submit_all(SHEET), sheet)

    assert list(facts) == []


def test_a_sheet_names_every_flaw_of_every_item() -> None:
    wrong = {
        "1.1": {"points": "5"},
        "1.2": {"option": "yes"},
        "1.3": {"numerator": "x"},
        "9.1": {"points": "1"},
    }

    with pytest.raises(Refused, match="sheet-invalid") as refused:
        submission.decide(submit_all(wrong), EMPTY)

    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/scores/1.1/inputs/points", "points-above-maximum"),
        ("/scores/1.3/inputs/numerator", "number-malformed"),
        ("/scores/1.3/inputs/denominator", "input-missing"),
        ("/scores/9.1", "item-is-surveyed"),
    ]


def test_a_sheet_that_was_read_may_be_changed() -> None:
    changed = {"1.1": {"points": "2"}}
    sheet = sheet_after(scored(), scored("1.2", {"option": "no"}, "0"))

    facts = submission.decide(submit_all(changed, based_on=2), sheet)

    assert list(facts) == [scored(points="2")]


@pytest.mark.parametrize(("based_on", "code"), [(None, "version-required"), (1, "version-stale")])
def test_a_sheet_that_changed_since_is_stale(based_on: int | None, code: str) -> None:
    sheet = sheet_after(scored("1.2", {"option": "no"}, "0"), scored())

    with pytest.raises(Stale, match=code):
        submission.decide(submit_all({"1.1": {"points": "2"}}, based_on), sheet)


def test_an_empty_agency_sheet_needs_no_version() -> None:
    facts = submission.decide(submit_all(SHEET, based_on=None), EMPTY)

    assert len(facts) == 2


def test_a_sheet_is_refused_after_the_deadline() -> None:
    late = situation(at(12, 11))

    with pytest.raises(Refused, match="self-scoring-closed"):
        submission.decide(submit_all(SHEET, where=late), EMPTY)
