"""Which tie rule ranks follow, and which ranks a table leaves out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.results import ranks
from shared.kernel.scheme import TieRule

VALUES = {"a": 95, "b": 90, "c": 90, "d": 80}
STANDINGS = {agency: (Fraction(value),) for agency, value in VALUES.items()}


def departing(rule: TieRule, *published: int) -> list[str]:
    """The agencies of STANDINGS whose ranks do not follow by a rule."""
    ranked = dict(zip(VALUES, published, strict=True))
    return [each.agency for each in ranks.departures(rule, ranked, ranks.places(STANDINGS))]


@pytest.mark.parametrize(
    ("rule", "published"),
    [
        ("competition", (1, 2, 2, 4)),
        ("dense", (1, 2, 2, 3)),
        ("ordinal", (1, 2, 3, 4)),
        ("ordinal", (1, 3, 2, 4)),
    ],
)
def test_each_rule_has_its_own_ranks(rule: TieRule, published: tuple[int, ...]) -> None:
    assert departing(rule, *published) == []
    assert all(departing(other, *published) for other in ranks.RULES if other != rule)


def test_what_departs_from_a_rule_is_named_with_the_ranks_that_it_allows() -> None:
    published = {"a": 1, "b": 2, "c": 3, "d": 4}

    departures = ranks.departures("competition", published, ranks.places(STANDINGS))

    assert departures == (ranks.Departure("c", 3, range(2, 3)),)


def test_equals_may_not_share_a_rank_where_ranks_are_ordinal() -> None:
    assert departing("ordinal", 1, 2, 2, 4) == ["b", "c"]


def test_a_chain_breaks_a_tie() -> None:
    standings = {"a": (Fraction(90), Fraction(1)), "b": (Fraction(90), Fraction(2))}

    places = ranks.places(standings)

    assert list(places["b"].ranks("competition")) == [1]
    assert list(places["a"].ranks("competition")) == [2]


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 5), min_size=1))
def test_ordinal_ranks_in_any_order_of_equals_always_follow(values: dict[str, int]) -> None:
    standings = {agency: (Fraction(value),) for agency, value in values.items()}
    ordered = sorted(values, key=lambda agency: -values[agency])
    published = {agency: rank for rank, agency in enumerate(ordered, start=1)}

    assert ranks.departures("ordinal", published, ranks.places(standings)) == ()
    assert ranks.out_of_order(published, standings) == frozenset()


def test_order_is_compared_among_those_who_are_there() -> None:
    assert ranks.out_of_order({"a": 1, "b": 7, "c": 6, "d": 20}, STANDINGS) == frozenset()
    assert ranks.out_of_order({"a": 7, "b": 1, "d": 20}, STANDINGS) == {"a", "b"}


@pytest.mark.parametrize(
    ("published", "whole", "expected"),
    [
        ((1, 2, 6, 20), 20, "3-5, 7-19"),
        ((1, 2, 3), 5, "4-5"),
        ((1, 2, 2, 4), None, ""),
        ((1, 2, 2, 5), None, "4"),
        ((3,), None, "1-2"),
    ],
)
def test_ranks_that_are_left_out_are_named(
    published: tuple[int, ...], whole: int | None, expected: str
) -> None:
    assert ranks.spans(ranks.left_out(published, whole)) == expected
