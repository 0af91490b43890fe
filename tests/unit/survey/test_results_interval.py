"""Wilson's interval, by hand and by its properties."""

from fractions import Fraction

import hypothesis.strategies as st
from hypothesis import given

from services.survey.domain.results.interval import Z, interval
from shared.kernel import points

COUNTS = st.integers(min_value=1, max_value=5_000)


def _shown(share: Fraction, answers: int, population: int | None = None) -> list[str]:
    found = interval(share, answers, population)
    assert found is not None
    return [points.shown(each * 100) for each in (found.low, found.high, found.margin)]


def test_the_interval_is_wilson_s() -> None:
    # n = 10, p = 0.7, z² = 3.8416: centre (0.7 + 0.19208) / 1.38416 = 0.644492,
    # spread 1.96 √(0.021 + 0.009604) / 1.38416 = 1.96 * 0.174940 / 1.38416 = 0.247718.
    assert _shown(Fraction(7, 10), 10) == ["39.68", "89.22", "30.32"]


def test_where_all_are_satisfied_something_stays_in_doubt() -> None:
    # 5 / (5 + 3.8416) = 0.565509; Wald would say that nothing is in doubt.
    assert _shown(Fraction(1), 5) == ["56.55", "100.00", "43.45"]


def test_of_a_known_number_of_people_the_answers_are_worth_more() -> None:
    # 10 of 19 people: worth 10 * 18 / 9 = 20 answers.
    assert _shown(Fraction(7, 10), 10, 19) == _shown(Fraction(7, 10), 20)
    assert _shown(Fraction(7, 10), 10, 10) == ["70.00", "70.00", "0.00"]


def test_a_population_that_cannot_be_is_taken_for_unknown() -> None:
    assert interval(Fraction(7, 10), 10, 9) == interval(Fraction(7, 10), 10, None)


def test_without_an_answer_nothing_is_said() -> None:
    assert interval(Fraction(0), 0, 100) is None


@given(counts=st.tuples(COUNTS, COUNTS), more=st.integers(min_value=0, max_value=10**6))
def test_the_share_lies_in_its_interval_and_both_ends_solve_the_equation(
    counts: tuple[int, int], more: int
) -> None:
    chosen, answers = sorted(counts)
    share, population = Fraction(chosen, answers), answers + more

    found, unknown = interval(share, answers, population), interval(share, answers, None)

    assert found is not None
    assert unknown is not None
    assert 0 <= unknown.low <= found.low <= share <= found.high <= unknown.high <= 1
    assert found.margin == max(share - found.low, found.high - share)
    # The ends are those p for which |p̂ - p| = z √(p(1 - p)/n); a root is cut at 12 places.
    for end in (unknown.low, unknown.high):
        off = (share - end) ** 2 - Z * Z * end * (1 - end) / answers
        assert abs(off) < Fraction(1, 10**10)
