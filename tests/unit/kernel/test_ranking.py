"""Ranks go by the unrounded index, then by the tie chain, then by the tie rule."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from shared.kernel import index, points
from shared.kernel import scheme as schemes
from shared.kernel.index import AgencyState, Tally
from tests.unit.kernel import samples

SIPAS_2015 = {
    "da-nang": "95.99",
    "ca-mau": "89.86",
    "quang-ninh": "85.18",
    "ha-tinh": "84.94",
    "lai-chau": "84.94",
    "ho-chi-minh": "84.51",
}


def ranks(
    claims: Mapping[str, str], rule: schemes.TieRule, chain: tuple[str, ...] = ()
) -> list[tuple[str, int | None]]:
    scheme = samples.scheme([samples.manual()], ties=schemes.Ties(chain=chain, rule=rule))
    states = [samples.agency(code, {"1.1": claimed}) for code, claimed in claims.items()]
    return [(row.agency, row.rank) for row in index.compute(scheme, states).rows]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("competition", [1, 2, 3, 4, 4, 6]), ("dense", [1, 2, 3, 4, 4, 5])],
)
def test_agencies_that_stay_tied_share_a_rank(rule: schemes.TieRule, expected: list[int]) -> None:
    ranked = ranks(SIPAS_2015, rule)

    assert [rank for _, rank in ranked] == expected
    assert [agency for agency, _ in ranked][3:5] == ["ha-tinh", "lai-chau"]


def test_ordinal_ranks_are_consecutive_as_in_the_table_of_2015() -> None:
    ranked = dict(ranks(SIPAS_2015, "ordinal"))

    assert (ranked["ha-tinh"], ranked["lai-chau"], ranked["ho-chi-minh"]) == (4, 5, 6)


def test_an_index_that_only_looks_tied_is_ranked_unrounded() -> None:
    item = samples.manual("1.1", step="0.001")
    states = [samples.agency("a", {"1.1": "84.941"}), samples.agency("b", {"1.1": "84.944"})]

    rows = index.compute(samples.scheme([item]), states).rows

    assert [(row.agency, row.rank) for row in rows] == [("b", 1), ("a", 2)]
    assert {points.shown(row.index) for row in rows if row.index is not None} == {"84.94"}


def tied(
    chain: tuple[str, ...], *, first: AgencyState, second: AgencyState
) -> list[tuple[str, int | None]]:
    scheme = samples.scheme(
        [samples.manual("1.1", maximum="40"), samples.manual("1.2", maximum="20")],
        [samples.surveyed(code="9.1", maximum="20")],
        [samples.surveyed(code="9.2", maximum="20", part="officials")],
        ties=schemes.Ties(chain=chain, rule="competition"),
    )
    rows = index.compute(scheme, [first, second]).rows
    assert len({row.index for row in rows}) == 1
    return [(row.agency, row.rank) for row in rows]


def answered(state: AgencyState, *, sipas: bool) -> AgencyState:
    item = "9.1" if sipas else "9.2"
    return replace(state, tallies={(item, "citizens"): Tally({"good": 1}, ())})


@pytest.mark.parametrize("column", ["appraised", "self", "area:1"])
def test_a_tie_is_broken_by_a_column_of_the_chain(column: str) -> None:
    surveyed = answered(samples.agency("a", {"1.1": "10"}), sipas=True)
    scored = samples.agency("b", {"1.1": "30"})

    assert tied((column,), first=surveyed, second=scored) == [("b", 1), ("a", 2)]
    assert tied((), first=surveyed, second=scored) == [("a", 1), ("b", 1)]


@pytest.mark.parametrize("column", ["sipas", "area:2"])
def test_where_one_column_is_tied_the_next_one_decides(column: str) -> None:
    by_officials = answered(samples.agency("a", {"1.1": "10"}), sipas=False)
    by_citizens = answered(samples.agency("b", {"1.1": "10"}), sipas=True)

    ranked = tied(("appraised", column), first=by_officials, second=by_citizens)

    assert ranked == [("b", 1), ("a", 2)]


def test_officials_decide_where_the_chain_says_so() -> None:
    by_citizens = answered(samples.agency("a", {"1.1": "10"}), sipas=True)
    by_officials = answered(samples.agency("b", {"1.1": "10"}), sipas=False)

    ranked = tied(("officials", "sipas"), first=by_citizens, second=by_officials)

    assert ranked == [("b", 1), ("a", 2)]


def test_an_agency_that_is_not_ranked_takes_no_rank_from_others_but_has_a_grade() -> None:
    scheme = samples.scheme([samples.manual()], grades={"A": "90"})
    states = [
        samples.agency("thanh-tra", {"1.1": "95"}, ranked=False),
        samples.agency("b", {"1.1": "80"}),
        samples.agency("a", {"1.1": "92"}),
    ]

    table = index.compute(scheme, states)

    assert [(row.agency, row.rank, row.grade) for row in table.rows] == [
        ("a", 1, "A"),
        ("b", 2, None),
        ("thanh-tra", None, "A"),
    ]


def test_a_table_names_its_tier_and_its_scheme() -> None:
    table = index.compute(samples.scheme([samples.manual()]), [])

    assert table == index.Table(tier="department", scheme="sample", rows=())


def test_an_agency_stands_in_a_table_once() -> None:
    with pytest.raises(AssertionError):
        index.compute(samples.scheme([samples.manual()]), [AgencyState("a"), AgencyState("a")])
