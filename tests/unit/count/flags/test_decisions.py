"""Flags about decisions: taken back, made on nothing, or to points that no rule gives."""

import pytest

from tests.support.flagged import (
    AGENCY,
    EXPLAINING,
    MEMBER,
    OTHER,
    ROUND_1,
    ROUND_2,
    SCORING,
    SECOND,
    SUBMISSION,
    Story,
    ids,
)

# --- decision-reversed, decision-reversed-without-news


def test_a_decision_that_is_taken_back_after_an_explanation_is_told_with_it() -> None:
    story = Story()
    story.declare()
    first = story.decide("1")
    said = story.explain(EXPLAINING)
    second = story.decide("3", ROUND_2, recognised=True, by=OTHER)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("decision-reversed", [first, said, second])
    assert flag.details == {"before": "1", "after": "3", "by_before": MEMBER, "by_after": OTHER}


def test_a_decision_that_is_taken_back_with_other_evidence_is_told_alike() -> None:
    story = Story()
    story.decide("1", evidence=("a@1",))
    story.decide("2", ROUND_2, evidence=("a@1", "a@2"))

    assert story.kinds() == ["decision-reversed"]


def test_a_decision_that_is_taken_back_on_nothing_new_is_a_kind_of_its_own() -> None:
    story = Story()
    story.declare()
    story.explain(SCORING)
    first = story.decide("1")
    second = story.decide("3", ROUND_1 + 60 * SECOND, recognised=True)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("decision-reversed-without-news", [first, second])


def test_another_verdict_with_the_same_points_is_taken_back_too() -> None:
    story = Story()
    story.decide("3")
    story.decide("3", ROUND_2, recognised=True, evidence=("a@1",))

    assert story.kinds() == ["decision-reversed"]


def test_the_same_decision_in_another_round_and_one_on_another_declaration_are_not_told() -> None:
    story = Story()
    story.decide("1")
    story.decide("1.0", ROUND_2)
    story.decide("2", ROUND_2 + SECOND, declaration=f"{SUBMISSION}@9")

    assert story.flags() == []


# --- recognised-without-proof


def test_points_that_are_recognised_without_any_proof_are_told() -> None:
    story = Story()
    declared = story.declare()
    recognised = story.decide("3", recognised=True)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("recognised-without-proof", [declared, recognised])
    assert (flag.subject.by, flag.details["wanted"]) == (MEMBER, "Kế hoạch đã ban hành")


def test_an_explanation_or_evidence_is_proof_and_nothing_needs_none() -> None:
    explained = Story()
    explained.declare()
    explained.explain(SCORING)
    explained.decide("3", recognised=True)
    proved = Story()
    proved.decide("3", recognised=True, evidence=(f"{SUBMISSION}@2",))
    nothing = Story()
    nothing.decide("0", recognised=True)
    undeclared = Story()
    undeclared.decide("0", recognised=True, declaration="")
    unasked = Story()
    unasked.decide("2", recognised=True, item="2.1")

    for story in (explained, proved, nothing, undeclared, unasked):
        assert story.flags() == []


# --- awarded-outside-rule


@pytest.mark.parametrize(
    ("item", "awarded"),
    [("1.1", "1.1"), ("2.1", "1"), ("2.2", "0.25"), ("2.3", "1.5"), ("2.4", "0.1")],
)
def test_points_to_which_the_rule_never_comes_are_told(item: str, awarded: str) -> None:
    story = Story()
    rejected = story.decide(awarded, item=item)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("awarded-outside-rule", [rejected])
    assert (flag.subject.agency, flag.subject.item, flag.subject.by) == (AGENCY, item, MEMBER)


@pytest.mark.parametrize(
    ("item", "awarded"),
    [
        ("1.1", "1.25"),
        ("2.1", "0.5"),
        ("2.1", "0"),
        ("2.2", "1.5"),
        ("2.2", "2"),
        ("2.3", "1"),
        ("2.4", "1.75"),
        ("2.5", "0.37"),
        ("9.9", "0.37"),
    ],
)
def test_points_that_the_rule_gives_and_rules_that_can_give_any_are_not(
    item: str, awarded: str
) -> None:
    story = Story()
    story.decide(awarded, item=item)

    assert story.flags() == []
