"""What the rounds of a bootstrap come to: ranks, grades, and who can be told apart."""

from dataclasses import replace
from fractions import Fraction

import pytest

from shared.adapters import bootstrap
from shared.count.sample import Drawing, certainties
from shared.kernel.scheme import Grade, TieRule
from tests.support.answered import ROUNDS, SEED, Answered, about_leaders, drawn, led, surely


def test_two_with_equal_answers_cannot_be_told_apart_and_two_far_apart_can() -> None:
    much, little = "aaab" * 10, "dddc" * 10
    certain = certainties(
        drawn(about_leaders(surely("a", *much), surely("b", *much), surely("c", *little)))
    )

    assert {code: each.level_with for code, each in certain.items()} == {
        "a": ("b",),
        "b": ("a",),
        "c": (),
    }
    assert [(each.low, each.high) for each in certain.values()] == [(1, 2), (1, 2), (3, 3)]
    assert certain["c"].top == 1


def test_an_agency_without_answers_stays_where_it_is() -> None:
    answered = Answered("a", "b").ask("leaders", "1.2").answer("leaders", "a", *led(*"ab" * 20))

    certain = certainties(drawn(answered))

    assert [(each.low, each.high) for each in certain.values()] == [(1, 1), (2, 2)]


def test_where_nobody_answered_nothing_is_drawn() -> None:
    certain = certainties(drawn(Answered("a", "b")))

    assert [(each.low, each.high) for each in certain.values()] == [(1, 1), (1, 1)]
    assert certain["a"].level_with == ("b",)


def test_an_unranked_agency_has_grades_and_no_rank() -> None:
    answered = Answered("a", unranked=["z"]).ask("leaders", "1.2")
    answered.answer("leaders", "z", *led("a")).answer("leaders", "a", *led("b"))

    rounds = drawn(answered)

    assert rounds.ranks == {"a": {1: ROUNDS}, "z": {}}
    assert rounds.grades["z"] == {"A": 0, "": ROUNDS}
    assert rounds.above == {}


def test_only_unranked_agencies_have_no_ranks_at_all() -> None:
    answered = Answered(unranked=["y", "z"]).ask("leaders", "1.2")

    assert drawn(answered).ranks == {"y": {}, "z": {}}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("competition", [1, 2, 2, 4]),
        ("dense", [1, 2, 2, 3]),
        ("ordinal", [1, 2, 3, 4]),
    ],
)
def test_what_stays_level_is_numbered_by_the_rule(rule: TieRule, expected: list[int]) -> None:
    said = [surely("w", "a"), surely("x", "b"), surely("y", "b"), surely("z", "d")]

    rounds = bootstrap.resample(replace(about_leaders(*said).sample, rule=rule), Drawing(SEED, 3))

    assert rounds.ranks == {
        agency: {rank: 3} for agency, rank in zip("wxyz", expected, strict=True)
    }
    assert (rounds.above["x", "y"], rounds.above["y", "x"]) == (0, 0)


def test_a_tie_is_broken_by_the_chain() -> None:
    sample = about_leaders(surely("a", "a"), surely("b", "a")).sample
    first, second = sample.contenders
    chosen = replace(
        sample, contenders=(first, replace(second, columns=(Fraction(1), Fraction(0))))
    )

    rounds = bootstrap.resample(chosen, Drawing(SEED, 3))

    assert rounds.ranks == {"a": {2: 3}, "b": {1: 3}}


def test_sums_that_floats_tell_apart_are_level_where_exact_ones_are() -> None:
    sample = about_leaders(surely("a", "a"), surely("b", "c")).sample
    first, second = sample.contenders
    whole = replace(first, points=Fraction("0.6"), maximum=Fraction(10), items=(), answers=())
    added = replace(second, points=Fraction("0.2"), columns=first.columns)
    assert 0.2 + 0.4 != 0.6

    rounds = bootstrap.resample(replace(sample, contenders=(whole, added)), Drawing(SEED, 3))

    assert rounds.ranks == {"a": {1: 3}, "b": {1: 3}}


def test_the_highest_grade_that_is_reached_is_the_one() -> None:
    grades = tuple(Grade(code, "", Fraction(least)) for code, least in [("C", 5), ("A", 20)])
    said = [surely("x", "a"), surely("y", "b"), surely("z", "d")]

    rounds = bootstrap.resample(
        replace(about_leaders(*said).sample, grades=grades), Drawing(SEED, 3)
    )

    assert rounds.grades == {
        "x": {"A": 3, "C": 0, "": 0},
        "y": {"A": 0, "C": 3, "": 0},
        "z": {"A": 0, "C": 0, "": 3},
    }
