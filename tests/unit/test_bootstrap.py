"""Answers drawn again and again: the arithmetic is the kernel's, and chance comes from the seed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.adapters import bootstrap, scheme_file
from shared.count.sample import Answers, Drawing, Sample, sample_of
from shared.count.table import tables
from shared.kernel import scheme_reader
from shared.kernel.index import Table
from shared.kernel.index.ranking import column
from shared.kernel.scheme import Grade, Survey
from tests.support.answered import ROUNDS, SEED, Answered, about_leaders, drawn, led, surely
from tests.support.counted import replayed
from tests.support.told import whole_cycle

SAMPLE = Path(__file__).parents[2] / "schemes/an-giang-2021-department.sample.yaml"
CLOSE = 1e-9


def observed(answers: Answers, rounds: int) -> Iterator[NDArray[np.int64]]:
    """Every round draws exactly what was answered."""
    yield np.array([list(answers.kinds.values())] * rounds)


def counted(sample: Sample, table: Table) -> None:
    """What was answered, counted as rounds are, is what the kernel counts of it."""
    standings = bootstrap.standings(sample, observed, 1)[:, :, 0]
    rows = sorted(table.rows, key=lambda row: row.agency)
    for row, (index, *columns) in zip(rows, standings, strict=True):
        if row.index is None:
            assert np.isnan(index)
        else:
            assert abs(index - float(row.index)) <= CLOSE
        for name, value in zip(("appraised", "sipas"), columns, strict=True):
            assert abs(value - float(column(row, name))) <= CLOSE


# --- The arithmetic


def test_what_was_answered_comes_to_the_table_itself() -> None:
    answered = Answered("a", "b", "c", unranked=["d"]).ask("leaders", "1.2", "1.2/more")
    answered.ask("citizens", "9.1").ask("organisations", "9.1")
    answered.answer("leaders", "a", {"1.2": "a", "1.2/more": "b"}, {"1.2": "c"}, {"1.2": "e"})
    answered.answer("citizens", "b", {"9.1": "5"}, {"9.1": "2"})
    answered.answer("organisations", "b", {"9.1": "3"})
    answered.certify("citizens", "d", {"9.1": {"4": 12, "1": 7}})
    answered.certify("organisations", "d", {"9.1": {"5": 1}})

    counted(answered.sample, answered.table)


def test_a_scheme_as_large_as_a_real_one_comes_to_the_table_itself() -> None:
    document = scheme_file.load(SAMPLE.read_bytes()).document
    scheme = scheme_reader.read(document)
    agencies = [f"so-{number}" for number in range(12)]
    answered = Answered(*agencies, unranked=["thanh-tra-tinh"], scheme=document)
    for group in ("citizens", "organisations", "district-leaders", "department-officials"):
        asked = {
            code: sorted(item.rule.shares)
            for code, item in scheme.items.items()
            if isinstance(item.rule, Survey) and group in {each.code for each in item.rule.groups}
        }
        answered.ask(group, *asked)
        for place, agency in enumerate((*agencies, "thanh-tra-tinh")):
            responses = [
                {
                    code: options[(place + respondent * respondent + len(code) * shift) % 5]
                    for shift, (code, options) in enumerate(asked.items())
                }
                for respondent in range(place)
            ]
            answered.answer(group, agency, *responses)

    counted(answered.sample, answered.table)
    assert len({row.index for row in answered.table.rows}) > len(agencies) / 2


_said = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abcde"), st.sampled_from("54321?")),
    max_size=9,
)


@given(_said)
def test_whatever_was_answered_comes_to_the_table_itself(
    said: Sequence[tuple[str, str, str]],
) -> None:
    answered = Answered("a", "b", "c").ask("leaders", "1.2").ask("citizens", "9.1")
    for agency, led_by, satisfied in said:
        answered.answer("leaders", agency, *led(led_by))
        answered.answer("citizens", agency, {"9.1": satisfied})

    counted(answered.sample, answered.table)


def test_a_cap_and_an_item_that_may_leave_the_maximum_are_counted_as_by_the_kernel() -> None:
    answered = about_leaders(surely("a", "a", "e"), surely("b", "b"))
    sample = answered.sample
    asked = tuple(replace(each, leaves=True) for each in sample.asked)

    def only_no_opinion(answers: Answers, rounds: int) -> Iterator[NDArray[np.int64]]:
        yield np.array([[answers.count if kind == () else 0 for kind in answers.kinds]] * rounds)

    def index_of(changed: Sample) -> float:
        return float(bootstrap.standings(changed, only_no_opinion, 1)[0, 0, 0])

    alone = replace(sample.contenders[0], maximum=Fraction(0))
    one_point = replace(sample.contenders[0], points=Fraction(1), maximum=Fraction(2))
    assert index_of(replace(sample, asked=asked, contenders=(one_point,))) == 50
    assert index_of(replace(sample, contenders=(one_point,))) == 25
    assert index_of(replace(sample, contenders=(one_point,), cap=Fraction(20))) == 20
    assert np.isnan(index_of(replace(sample, asked=asked, contenders=(alone,))))


def test_a_round_without_anything_applicable_has_no_rank_and_no_grade() -> None:
    sample = about_leaders(surely("a", "a", "e"), surely("b", "a")).sample
    contenders = tuple(replace(each, maximum=Fraction(0)) for each in sample.contenders)
    asked = tuple(replace(each, leaves=True) for each in sample.asked)

    rounds = bootstrap.resample(
        replace(sample, asked=asked, contenders=contenders), Drawing(SEED, ROUNDS)
    )

    ranked = sum(rounds.ranks["a"].values())
    assert 0 < ranked < ROUNDS
    assert rounds.grades["a"] == {"A": ranked, "": ROUNDS - ranked}
    assert rounds.ranks["b"] == {1: ROUNDS}


def test_the_whole_small_cycle_can_be_drawn() -> None:
    state = replayed(whole_cycle()).state
    [table] = tables(state)
    sample = sample_of(state, table)

    counted(sample, table)
    assert sum(bootstrap.resample(sample, Drawing(SEED, 100)).ranks["so-y-te"].values()) == 100


# --- Chance


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    answered = about_leaders(surely("a", "a", "b", "c"), surely("b", "a", "d", "b"))

    assert drawn(answered) == drawn(answered)
    assert drawn(answered) != drawn(answered, seed=SEED + 1)


def test_neither_batches_nor_other_agencies_change_what_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = [surely("a", "a", "b", "c"), surely("b", "a", "d", "b")]
    whole, alone = drawn(about_leaders(*said)), drawn(about_leaders(said[0]))

    monkeypatch.setattr(bootstrap, "BATCH_CELLS_MAX", 7)

    assert drawn(about_leaders(*said)) == whole
    assert alone.grades["a"] == whole.grades["a"]


def test_every_round_is_counted() -> None:
    rounds = drawn(about_leaders(surely("a", "a", "b"), surely("b", "a", "d")))

    assert {sum(each.values()) for each in rounds.ranks.values()} == {ROUNDS}
    assert {sum(each.values()) for each in rounds.grades.values()} == {ROUNDS}
    assert sum(rounds.above.values()) <= ROUNDS


HALVES = 32
MANY = 20_000
BEYOND = Grade(code="beyond", title="", at_least=Fraction("11.25"))
"""Where 64 answers, half of them for all of 2 points in 10, come to 36 for all or more."""


def beyond(answered: Answered) -> float:
    sample = replace(answered.sample, grades=(BEYOND,))
    rounds = bootstrap.resample(sample, Drawing(SEED, MANY))
    return rounds.grades["a"]["beyond"] / MANY


def test_what_is_drawn_scatters_as_a_binomial_does() -> None:
    expected = sum(comb(2 * HALVES, many) for many in range(36, 65)) / 2 ** (2 * HALVES)

    found = beyond(about_leaders(surely("a", *"a" * HALVES, *"d" * HALVES)))

    assert abs(found - expected) < 4 * (expected * (1 - expected) / MANY) ** 0.5


def test_what_one_person_says_of_two_questions_is_drawn_together() -> None:
    """Who is content with one thing is content with the other: they say it twice, and not more."""
    same = [{"1.2": option, "1.2/more": option} for option in "a" * HALVES + "d" * HALVES]
    counts = {"a": HALVES, "d": HALVES}
    together, apart = (Answered("a").ask("leaders", "1.2", "1.2/more") for _ in range(2))
    together.answer("leaders", "a", *same)
    apart.certify("leaders", "a", {"1.2": counts, "1.2/more": counts})

    assert together.table.rows[0].index == apart.table.rows[0].index
    assert beyond(together) > 1.5 * beyond(apart)
