"""What holds of every table, whatever was declared, decided, answered or imported."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import index, points
from shared.kernel import scheme as schemes
from shared.kernel.index import AgencyState, Decision, Declaration, Imported, Tally
from tests.unit.kernel import samples

ITEMS = ("1.1", "1.2", "2.1", "2.2")
AGENCIES = ("a", "b", "c")
RULES: tuple[schemes.TieRule, ...] = ("competition", "dense", "ordinal")

Claims = Mapping[str, tuple[Fraction, Fraction]]
_Value = TypeVar("_Value")


def tree(ties: schemes.Ties) -> schemes.Scheme:
    """Two areas of manual, ratio and count items, an area of surveys, and nothing outside."""
    ratio = schemes.Ratio(numerator="", denominator="", floor=Fraction(0))
    return samples.scheme(
        [
            samples.manual("1.1", maximum="8", step="0.25"),
            samples.item(ratio, code="1.2", maximum="7", no_task="not-applicable"),
        ],
        [
            samples.manual("2.1", maximum="5", step="0.25"),
            samples.item(
                schemes.Count(Fraction(1, 3), ""), code="2.2", maximum="3", except_for=["b"]
            ),
        ],
        [samples.surveyed(groups={"citizens": "2", "staff": "1"}, if_unanswered="not-applicable")],
        ties=ties,
        grades={"A": "90", "B": "50"},
    )


_ties = st.builds(
    schemes.Ties,
    chain=st.sampled_from([(), ("appraised", "sipas"), ("area:2", "self")]),
    rule=st.sampled_from(RULES),
)
_quarters = st.integers(min_value=0, max_value=12).map(lambda number: Fraction(number, 4))
_claims = st.fixed_dictionaries({code: st.tuples(_quarters, _quarters) for code in AGENCIES})
_inputs = st.one_of(
    st.builds(lambda text: {"points": text}, st.integers(0, 8).map(str)),
    st.builds(
        lambda numerator, denominator: {
            "numerator": str(numerator),
            "denominator": str(denominator),
        },
        st.integers(0, 7),
        st.integers(0, 7),
    ),
    st.builds(lambda count: {"count": str(count)}, st.integers(0, 12)),
    st.just({"no_task": "yes"}),
)
_facts = st.sampled_from(["e1", "e2", "e3"])
_decisions = st.builds(
    Decision,
    awarded=st.fractions(min_value=0, max_value=9, max_denominator=4),
    recognised=st.booleans(),
    declaration=st.sampled_from(["", "d1", "d2"]),
    evidence=st.lists(_facts, max_size=2).map(tuple),
    fact=st.just("a1"),
)
_tallies = st.builds(
    Tally,
    counts=st.dictionaries(
        st.sampled_from(["good", "fair", "bad", "none", "unheard-of"]), st.integers(0, 9)
    ),
    facts=st.lists(st.sampled_from(["s1", "s2"]), max_size=3).map(tuple),
)


def _of_items(values: st.SearchStrategy[_Value]) -> st.SearchStrategy[dict[str, _Value]]:
    return st.dictionaries(st.sampled_from(ITEMS), values, max_size=len(ITEMS))


def _states(code: str) -> st.SearchStrategy[AgencyState]:
    return st.builds(
        AgencyState,
        code=st.just(code),
        ranked=st.booleans(),
        declarations=_of_items(
            st.builds(Declaration, inputs=_inputs, fact=st.sampled_from(["d1", "d2"]))
        ),
        evidence=_of_items(st.frozensets(_facts)),
        decisions=_of_items(_decisions),
        imported=_of_items(
            st.builds(
                Imported,
                points=st.none() | st.fractions(min_value=0, max_value=9, max_denominator=6),
                fact=st.just("i1"),
            )
        ),
        tallies=st.dictionaries(st.sampled_from([("9.1", "citizens"), ("9.1", "staff")]), _tallies),
    )


_agencies = st.tuples(*(_states(code) for code in AGENCIES))


def _shuffled(values: Mapping[str, _Value], order: list[str]) -> dict[str, _Value]:
    return {code: values[code] for code in order if code in values}


@given(
    ties=_ties,
    agencies=_agencies,
    order=st.permutations(AGENCIES),
    of_items=st.permutations(ITEMS),
)
def test_no_order_changes_the_table(
    ties: schemes.Ties,
    agencies: tuple[AgencyState, ...],
    order: list[str],
    of_items: list[str],
) -> None:
    scheme = tree(ties)
    shuffled = [
        replace(
            state,
            declarations=_shuffled(state.declarations, of_items),
            evidence=_shuffled(state.evidence, of_items),
            decisions=_shuffled(state.decisions, of_items),
            imported=_shuffled(state.imported, of_items),
            tallies={
                key: Tally(dict(reversed([*tally.counts.items()])), tally.facts)
                for key, tally in reversed([*state.tallies.items()])
            },
        )
        for state in sorted(agencies, key=lambda state: order.index(state.code))
    ]

    assert index.compute(scheme, shuffled) == index.compute(scheme, agencies)


@given(ties=_ties, agencies=_agencies)
def test_parts_add_up_exactly_and_the_index_lies_between_0_and_100(
    ties: schemes.Ties, agencies: tuple[AgencyState, ...]
) -> None:
    for row in index.compute(tree(ties), agencies).rows:
        areas = [area.score for area in row.areas]
        criteria = [criterion.score for area in row.areas for criterion in area.criteria]
        items = [
            item.score
            for area in row.areas
            for criterion in area.criteria
            for item in criterion.items
        ]
        columns = [row.appraised, row.sipas, row.officials]
        for scores in (areas, criteria, items, columns):
            assert sum(score.points for score in scores) == row.total.points
            assert sum(score.maximum for score in scores) == row.total.maximum
        assert all(0 <= score.points <= score.maximum for score in [*items, row.claimed])
        assert row.index is None or 0 <= row.index <= 100
        assert row.index is None or row.index * row.total.maximum == 100 * row.total.points


@given(ties=_ties, claims=_claims)
def test_ranks_follow_the_index_and_the_rule_of_ties(ties: schemes.Ties, claims: Claims) -> None:
    rows = rows_of(ties, claims)

    indices = [row.index or Fraction(0) for row in rows]
    ranks = [row.rank for row in rows if row.rank is not None]
    assert indices == sorted(indices, reverse=True)
    match ties.rule:
        case "competition":
            assert all(rank == ranks.index(rank) + 1 for rank in ranks)
        case "dense":
            assert set(ranks) == set(range(1, len(set(ranks)) + 1))
        case "ordinal":
            assert ranks == list(range(1, len(AGENCIES) + 1))


@given(ties=_ties, claims=_claims, gain=_quarters)
def test_more_points_never_lower_a_rank_nor_raise_that_of_another(
    ties: schemes.Ties, claims: Claims, gain: Fraction
) -> None:
    gained = {**claims, "a": (claims["a"][0] + gain, claims["a"][1])}

    before = {row.agency: row.rank or 0 for row in rows_of(ties, claims)}
    after = {row.agency: row.rank or 0 for row in rows_of(ties, gained)}

    assert after["a"] <= before["a"]
    if ties.rule != "dense":  # There a tie that comes about draws all below it up by one.
        assert all(after[code] >= before[code] for code in AGENCIES if code != "a")


def rows_of(ties: schemes.Ties, claims: Claims) -> tuple[index.AgencyResult, ...]:
    scheme = samples.scheme([samples.manual("1.1")], [samples.manual("2.1")], ties=ties)
    states = [
        samples.agency(code, {"1.1": points.exact(first), "2.1": points.exact(second)})
        for code, (first, second) in claims.items()
    ]
    return index.compute(scheme, states).rows
