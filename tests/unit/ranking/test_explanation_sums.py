"""Whoever adds up an explanation comes to what the table says."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events.codec import Stored
from tests.support import asked
from tests.support.counted import opened
from tests.support.explained import explained, items_of, sample_explained
from tests.support.reckoned import (
    assert_every_number_is_its_expression,
    assert_it_adds_up,
    row_of,
)
from tests.support.sample_cycle import NAMES, UNRANKED, sample_cycle
from tests.support.small_cycle import CYCLE
from tests.support.sums import workings
from tests.support.told import CLAIMED, ask, declare, recognise

AGENCY = "so-y-te"
_points = st.integers(0, 16).map(lambda number: f"{number / 4:g}")


@pytest.mark.parametrize("agency", NAMES)
def test_a_reader_who_adds_up_comes_to_the_digits_of_the_table(agency: str) -> None:
    body = sample_explained(agency)

    assert_it_adds_up(body, row_of(sample_cycle(), agency))
    assert_every_number_is_its_expression(body)
    assert len(list(workings(body))) > 300


def test_every_number_stands_beside_its_working() -> None:
    body = sample_explained(AGENCY)

    criteria = [criterion for area in body["areas"] for criterion in area["criteria"]]
    for node in (body, *body["areas"], *criteria, *items_of(body)):
        for name in ("points", "maximum"):
            assert node["workings"][name]["value"] == node[name]
        assert node["workings"]["points"]["shown"] == node["points_shown"]
    for node in (*body["areas"], *criteria, *items_of(body)):
        percent = node["workings"]["percent"]
        assert (percent and percent["shown"]) == node["percent_shown"]
    index = body["workings"]["index"]
    assert (index["value"], index["shown"]) == (body["index"], body["index_shown"])
    for column in ("claimed", "appraised", "sipas", "officials"):
        for name in ("points", "maximum"):
            assert body["workings"][column][name]["value"] == body[column][name]
    for name in ("bonus", "penalty"):
        assert body["workings"][name]["value"] == body[name]


def test_the_sample_has_all_rules_and_most_of_what_can_happen() -> None:
    items = [item for agency in NAMES for item in items_of(sample_explained(agency))]

    rules = ("choice", "count", "levels", "ratio", "deduction", "formula", "manual", "sum")
    assert {item["rule"]["type"] for item in items} == {*rules, "survey"}
    statuses = {item["status"] for item in items}
    assert statuses >= {"undeclared", "pending", "recognised", "rejected", "surveyed"}
    fallen = {item["decision"]["fell_by"] for item in items if item["decision"]}
    assert fallen == {None, "declaration-changed", "evidence-withdrawn"}


def test_who_is_not_ranked_is_told_so() -> None:
    body = sample_explained(UNRANKED)

    assert (body["rank"], body["workings"]["rank"]["how"]) == (None, "unranked")
    assert UNRANKED not in {row["agency"] for row in body["workings"]["rank"]["rows"]}


@st.composite
def cycles(draw: st.DrawFn) -> Sequence[Stored]:
    """A small cycle in which some things were said, and others were not."""
    teller = opened()
    for agency in CLAIMED:
        for points in draw(st.lists(_points, max_size=2)):
            declare(teller, agency, points)
        if draw(st.booleans()):
            recognise(teller, agency)
    for group, item, options in (("leaders", "1.2", "abcde"), ("citizens", "9.1", "54321")):
        if draw(st.booleans()):
            ask(teller, group, item, options)
        said = st.tuples(st.sampled_from(sorted(CLAIMED)), st.sampled_from("abcde54321?"))
        responses = [
            asked.response(agency, {"q1": option})
            for agency, option in draw(st.lists(said, max_size=6))
        ]
        teller.tell(f"survey/{CYCLE}/{group}", asked.batch(group, 1, responses))
    return teller.told


@settings(max_examples=40)
@given(told=cycles(), agency=st.sampled_from(sorted(CLAIMED)))
def test_whatever_was_said_adds_up(told: Sequence[Stored], agency: str) -> None:
    body = explained(told, agency)

    assert_it_adds_up(body, row_of(told, agency))
    assert_every_number_is_its_expression(body)
