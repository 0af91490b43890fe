"""What holds of suppositions, whatever was said in the cycle that they are laid over."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.count.canonical import canonical
from shared.count.state import CycleState
from shared.count.table import tables
from shared.count.whatif import Change, DecideOtherwise, LeaveOut, Weigh, supposed
from shared.kernel import rules
from shared.kernel import scheme as schemes
from shared.kernel.index import Decision, ItemResult, Table
from tests.support import asked
from tests.support.counted import opened, replayed
from tests.support.small_cycle import CYCLE
from tests.support.supposing import TIER, known, rows_of, table_if, totals
from tests.support.told import CLAIMED, ask, declare
from tests.unit.kernel import samples

MAXIMA = {"1": 6, "1.1": 4, "1.2": 2, "9": 4, "9.1": 4}
ASKED = (("leaders", "1.2", "abcde"), ("citizens", "9.1", "54321"))

_points = st.integers(0, 16).map(lambda number: f"{number / 4:g}")
_weights = st.fractions(min_value=Fraction(1, 9), max_value=9, max_denominator=9)
_parts = st.sampled_from(sorted(MAXIMA))


@st.composite
def cycles(draw: st.DrawFn) -> CycleState:
    """A small cycle in which some things were said, and others were not."""
    teller = opened()
    for agency in CLAIMED:
        if draw(st.booleans()):
            declare(teller, agency, draw(_points))
    for group, item, options in ASKED:
        ask(teller, group, item, options)
        said = st.tuples(st.sampled_from(sorted(CLAIMED)), st.sampled_from(options))
        responses = [
            asked.response(agency, {"q1": option})
            for agency, option in draw(st.lists(said, max_size=5))
        ]
        teller.tell(f"survey/{CYCLE}/{group}", asked.batch(group, 1, responses))
    state = replayed(teller.told).state
    for agency in CLAIMED:
        for points in draw(st.lists(_points, max_size=1)):
            declared = state.agency(agency).declarations.get("1.1")
            state.agency(agency).decisions["1.1"] = Decision(
                Fraction(points), draw(st.booleans()), declared.fact if declared else "", (), "a@1"
            )
    return state


def items(table: Table, agency: str) -> Mapping[str, ItemResult]:
    return {
        item.code: item
        for area in rows_of(table)[agency].areas
        for criterion in area.criteria
        for item in criterion.items
    }


@given(cycles())
def test_nothing_supposed_changes_nothing(state: CycleState) -> None:
    text = canonical(CYCLE, tables(state))

    assert canonical(CYCLE, tables(supposed(state, ()))) == text
    assert tables(supposed(state, ())) == tables(state)


@given(cycles(), _parts)
def test_the_weight_that_a_part_has_already_changes_nothing(state: CycleState, part: str) -> None:
    assert table_if(state, Weigh(TIER, part, Fraction(MAXIMA[part]))) == table_if(state)


@given(cycles(), _weights)
def test_where_everything_weighs_alike_nobody_stands_otherwise(
    state: CycleState, factor: Fraction
) -> None:
    changes = [Weigh(TIER, part, MAXIMA[part] * factor) for part in ("1", "9")]

    before, after = table_if(state), table_if(state, *changes)

    assert [(row.agency, row.index, row.rank, row.grade) for row in after.rows] == [
        (row.agency, row.index, row.rank, row.grade) for row in before.rows
    ]
    assert totals(after) == {
        code: (points * factor, maximum * factor)
        for code, (points, maximum) in totals(before).items()
    }


@given(cycles(), _parts, _weights)
def test_a_weight_multiplies_what_its_items_are_worth_and_nothing_else(
    state: CycleState, part: str, factor: Fraction
) -> None:
    before = table_if(state)
    after = table_if(state, Weigh(TIER, part, MAXIMA[part] * factor))

    for agency in CLAIMED:
        now = items(after, agency)
        for code, item in items(before, agency).items():
            by = factor if code.startswith(part) else 1
            assert now[code].score.points == item.score.points * by
            assert now[code].score.maximum == item.score.maximum * by
            assert now[code].claimed == (None if item.claimed is None else item.claimed * by)
            assert now[code].status == item.status


@given(cycles(), _parts)
def test_what_is_left_out_is_missing_in_points_and_maximum(state: CycleState, part: str) -> None:
    before, after = table_if(state), table_if(state, LeaveOut(TIER, part))

    for agency in CLAIMED:
        left = [item for code, item in items(before, agency).items() if not code.startswith(part)]
        assert totals(after)[agency] == (
            sum(item.score.points for item in left),
            sum(item.score.maximum for item in left),
        )


@given(cycles(), st.sampled_from(sorted(CLAIMED)))
def test_what_counts_already_may_be_awarded_without_a_difference(
    state: CycleState, agency: str
) -> None:
    points = items(table_if(state), agency)["1.1"].score.points

    change = DecideOtherwise(agency, "1.1", points)

    assert totals(table_if(state, change)) == totals(table_if(state))


@given(cycles(), _parts, _points)
def test_the_count_itself_stays_as_it_was(state: CycleState, part: str, points: str) -> None:
    text, before = canonical(CYCLE, tables(state)), known(state)
    changes: list[Change] = [
        DecideOtherwise("so-y-te", "1.1", Fraction(points)),
        Weigh(TIER, part, Fraction(3)),
    ]

    tables(supposed(state, changes))

    assert known(state) == before
    assert canonical(CYCLE, tables(state)) == text


# --- Why a weight may multiply: every rule gives points in proportion to those that it names

_ONE = Fraction(1)
_OPTIONS = (schemes.Option("yes", "", Fraction("0.5")), schemes.Option("no", "", Fraction(0)))
_BANDS = (schemes.Band("high", "", _ONE, Fraction(90)), schemes.Band("low", "", _ONE / 3, None))


def scaled(rule: schemes.DeclaredRule, by: Fraction) -> schemes.DeclaredRule:
    """The same rule for another maximum."""
    match rule:
        case schemes.Choice(options):
            return schemes.Choice(
                tuple(schemes.Option(each.code, each.title, each.points * by) for each in options)
            )
        case schemes.Count(per_unit, unit):
            return schemes.Count(per_unit * by, unit)
        case schemes.Deduction(per_breach, breach):
            return schemes.Deduction(per_breach * by, breach)
        case schemes.Formula(text, inputs):
            return schemes.Formula(f"({text}) * {by}", inputs)
        case schemes.Manual(step):
            return schemes.Manual(step * by)
        case schemes.Sum(addends):
            return schemes.Sum(
                tuple(
                    schemes.Addend(each.code, "", each.maximum * by, scaled(each.rule, by))
                    for each in addends
                )
            )
        case _:
            return rule  # Shares of the maximum need no other words.


_CHOICE = schemes.Choice(_OPTIONS)
_RULES: Mapping[str, tuple[schemes.DeclaredRule, Mapping[str, str]]] = {
    "choice": (_CHOICE, {"option": "yes"}),
    "count": (schemes.Count(_ONE / 4, ""), {"count": "3"}),
    "count, capped": (schemes.Count(_ONE / 4, ""), {"count": "90"}),
    "levels": (schemes.Levels(_BANDS, ""), {"level": "low"}),
    "ratio": (schemes.Ratio("", "", Fraction(1, 2)), {"numerator": "2", "denominator": "3"}),
    "deduction": (schemes.Deduction(_ONE / 4, ""), {"breaches": "3"}),
    "deduction, all of it": (schemes.Deduction(_ONE / 4, ""), {"breaches": "30"}),
    "formula": (schemes.Formula("x / 2 + 1 / 3", ("x",)), {"x": "1"}),
    "formula, too much": (schemes.Formula("x * x", ("x",)), {"x": "9"}),
    "sum": (
        schemes.Sum(
            (
                schemes.Addend("a", "", _ONE, _CHOICE),
                schemes.Addend("b", "", _ONE, schemes.Count(_ONE / 3, "")),
            )
        ),
        {"a.option": "yes", "b.count": "2"},
    ),
}


@pytest.mark.parametrize("name", _RULES)
def test_a_rule_for_another_maximum_gives_as_much_more(name: str) -> None:
    rule, inputs = _RULES[name]
    by = Fraction(3)

    before = rules.evaluate(samples.item(rule, maximum="2"), inputs)
    after = rules.evaluate(samples.item(scaled(rule, by), maximum="6"), inputs)

    assert after.points == before.points * by
    assert before.points or "all of it" in name


def test_a_claim_for_another_maximum_is_worth_as_much_more() -> None:
    before = rules.evaluate(samples.manual(maximum="2"), {"points": "0.5"})
    after = rules.evaluate(samples.manual(maximum="6"), {"points": "1.5"})

    assert after.points == before.points * 3
