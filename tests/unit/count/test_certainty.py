"""What rounds say of ranks, and who can be told apart."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations

import pytest

from shared.count.sample import Certainty, Rounds, certainties, groups


def rounds(ranks: Mapping[str, Mapping[int, int]], above: Mapping[str, int]) -> Rounds:
    """1,000 rounds; `above` says of "ab" how often a stood above b."""
    pairs = {pair: above.get("".join(pair), 0) for pair in permutations(ranks, 2)}
    return Rounds(
        rounds=1_000,
        ranks=ranks,
        grades={agency: {"A": 900, "B": 0, "": 100} for agency in ranks},
        above=pairs,
        generator="",
    )


def certainty(ranks: Mapping[int, int]) -> Certainty:
    return certainties(rounds({"a": ranks}, {}))["a"]


@pytest.mark.parametrize(
    ("ranks", "low", "high"),
    [
        ({3: 1_000}, 3, 3),
        ({1: 25, 2: 950, 3: 25}, 2, 2),
        ({1: 26, 2: 948, 3: 26}, 1, 3),
        ({1: 10, 2: 16, 5: 950, 9: 24}, 2, 5),
        ({}, None, None),
    ],
)
def test_a_range_leaves_out_no_more_than_a_fortieth_on_either_side(
    ranks: Mapping[int, int], low: int | None, high: int | None
) -> None:
    certain = certainty(ranks)

    assert (certain.low, certain.high) == (low, high)


def test_parts_of_the_rounds_are_exact() -> None:
    certain = certainty({1: 200, 3: 300, 4: 500})

    assert certain.top == Fraction(1, 2)
    assert certain.grades == {"A": Fraction(9, 10), "": Fraction(1, 10)}


def test_whoever_has_no_rank_is_nowhere_at_the_top() -> None:
    assert certainty({}).top is None


@pytest.mark.parametrize(("often", "level"), [(949, ("b",)), (950, ()), (1_000, ()), (51, ("b",))])
def test_two_are_told_apart_where_one_stands_above_in_95_of_100_rounds(
    often: int, level: tuple[str, ...]
) -> None:
    told = rounds({"a": {1: 1_000}, "b": {2: 1_000}}, {"ab": often, "ba": 1_000 - often})

    assert certainties(told)["a"].level_with == level


def test_who_is_level_in_every_round_cannot_be_told_apart() -> None:
    told = certainties(rounds({"a": {1: 1_000}, "b": {1: 1_000}}, {}))

    assert (told["a"].level_with, told["b"].level_with) == (("b",), ("a",))


def _levels(**level_with: str) -> Mapping[str, Certainty]:
    return {
        agency: Certainty(1, 1, None, {}, tuple(others)) for agency, others in level_with.items()
    }


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (_levels(a="", b="", c=""), ["a", "b", "c"]),
        (_levels(a="bc", b="ac", c="ab"), ["abc"]),
        (_levels(a="b", b="ac", c="b"), ["ab", "bc"]),
        (_levels(a="b", b="a", c=""), ["ab", "c"]),
        (_levels(a="c", b="", c="a"), ["a", "b", "c"]),
        (_levels(a="bc", b="acd", c="abd", d="bc"), ["abc", "bcd"]),
        ({}, []),
    ],
)
def test_no_two_of_a_group_can_be_told_apart_and_groups_overlap(
    levels: Mapping[str, Certainty], expected: Sequence[str]
) -> None:
    assert ["".join(group) for group in groups(list(levels), levels)] == expected
