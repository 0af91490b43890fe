"""Whoever adds up an explanation, and looks up its facts, comes to what the table says."""

import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ranking.views.explanation import known
from services.ranking.views.explanation.words import HOW
from shared.count.table import tables
from shared.events import appraisal, submission, survey
from shared.events.codec import Stored
from shared.kernel.errors import Missing
from shared.kernel.index import AgencyResult
from shared.ledger.merkle import leaf_hash
from tests.support.counted import opened, replayed
from tests.support.explained import explained, items_of, sample_explained
from tests.support.sample_cycle import LEGAL_BASIS, NAMES, UNRANKED, sample_cycle
from tests.support.small_cycle import ADOPTED, CYCLE
from tests.support.sums import added_up, shown, value_of, workings
from tests.support.told import CLAIMED, DECISION, SEALED, Teller, amended, ask, declare, recognise

AGENCY = "so-y-te"
ITEM = {"cycle": CYCLE, "agency": AGENCY, "item": "1.1"}
PARTS = ("self", "sipas", "officials")
_points = st.integers(0, 16).map(lambda number: f"{number / 4:g}")


def row_of(told: Sequence[Stored], agency: str) -> AgencyResult:
    """The row of an agency by the code that counts."""
    [row] = [
        row for table in tables(replayed(told).state) for row in table.rows if row.agency == agency
    ]
    return row


def assert_it_adds_up(body: Any, row: AgencyResult) -> None:  # noqa: ANN401 - JSON
    """A reader of nothing but the explanation comes to the digits of the table."""
    found = added_up(body)
    assert (found["points"], found["maximum"]) == (row.total.points, row.total.maximum)
    assert found["index_shown"] == (None if row.index is None else shown(row.index))
    assert (found["grade"], found["rank"]) == (row.grade, row.rank)
    assert found["areas"] == [(area.score.points, area.score.maximum) for area in row.areas]
    assert [found[part] for part in PARTS] == [
        row.appraised.points,
        row.sipas.points,
        row.officials.points,
    ]


def assert_every_number_is_its_expression(body: Any) -> None:  # noqa: ANN401 - JSON
    """What stands beside a number comes to it, and is said in words."""
    for working in workings(body):
        assert value_of(working["expression"]) == Fraction(working["value"])
        assert working["shown"] == shown(Fraction(working["value"]))
        assert working["how"] in body["methods"]


# --- The sums


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
        responses = tuple(
            survey.Response(agency=agency, answers={"q1": option})
            for agency, option in draw(st.lists(said, max_size=6))
        )
        batch = survey.ResponsesCounted(
            cycle=CYCLE, questionnaire=group, batch=1, responses=responses
        )
        teller.tell(f"survey/{CYCLE}/{group}", batch)
    return teller.told


@settings(max_examples=40)
@given(told=cycles(), agency=st.sampled_from(sorted(CLAIMED)))
def test_whatever_was_said_adds_up(told: Sequence[Stored], agency: str) -> None:
    body = explained(told, agency)

    assert_it_adds_up(body, row_of(told, agency))
    assert_every_number_is_its_expression(body)


# --- How an item comes to its points


def imported(teller: Teller, points: str | None) -> None:
    score = submission.ImportedScore(agency=AGENCY, item="1.1", points=points)
    fact = submission.ItemResultsImported(
        cycle=CYCLE, source="Bảng 2", scores=(score,), published=()
    )
    teller.tell(f"cycle/{CYCLE}", fact)


def excepted(teller: Teller) -> None:
    scheme = deepcopy(ADOPTED.scheme)
    scheme["areas"][0]["criteria"][0]["except_for"] = [AGENCY]
    fact = submission.SchemeAmended(
        cycle=CYCLE, tier="department", scheme=scheme, decision=DECISION, because=SEALED
    )
    teller.tell(f"cycle/{CYCLE}", fact)


def refused_by_the_scheme(teller: Teller) -> None:
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    teller.tell(f"cycle/{CYCLE}", amended({"type": "manual", "step": "1"}, "3"))


def rejected_by_less(teller: Teller) -> None:
    said = declare(teller, AGENCY)
    fact = appraisal.ScoreRejected(
        **ITEM,
        declaration=said.id,
        evidence=(),
        round=2,
        awarded="0.5",
        because=SEALED,
        legal_basis=LEGAL_BASIS,
    )
    teller.tell(f"appraisal/{CYCLE}/{AGENCY}", fact)


@pytest.mark.parametrize(
    ("say", "status", "how", "value"),
    [
        (lambda _: None, "undeclared", "nothing-said", "0"),
        (lambda teller: declare(teller, AGENCY), "pending", "manual", "3.25"),
        (lambda teller: imported(teller, "3.5"), "imported", "imported", "3.5"),
        (lambda teller: imported(teller, "9"), "imported", "imported", "4"),
        (lambda teller: imported(teller, None), "not-applicable", "imported-not-applicable", "0"),
        (excepted, "not-applicable", "excepted", "0"),
        (refused_by_the_scheme, "pending", "not-scorable", "0"),
        (rejected_by_less, "rejected", "awarded", "0.5"),
    ],
)
def test_points_come_to_be_in_one_way(
    say: Any,  # noqa: ANN401 - a callable
    status: str,
    how: str,
    value: str,
) -> None:
    teller = opened()
    say(teller)

    body = explained(teller.told, AGENCY)

    item = items_of(body)[0]
    working = item["workings"]["points"]
    assert (item["status"], working["how"], working["value"]) == (status, how, value)
    assert item["points"] == value
    assert_every_number_is_its_expression(body)
    assert_it_adds_up(body, row_of(teller.told, AGENCY))


def test_a_decision_falls_by_an_amendment_of_the_scheme() -> None:
    teller = opened()
    refused_by_the_scheme(teller)

    body = explained(teller.told, AGENCY, "1.1")

    [item] = items_of(body)
    decision = item["decision"]
    assert (decision["stands"], decision["fell_by"]) == (False, "scheme-amended")
    assert item["rule"] == {"type": "manual", "step": "1"}
    assert body["sources"]["scheme"] == {"fact": f"cycle/{CYCLE}@3", "number": len(teller.told)}
    assert body["methods"]["scheme-amended"]["en"] == HOW["scheme-amended"][1]


def test_nothing_that_applies_has_no_index_and_no_working_for_one() -> None:
    teller = opened()
    scheme = deepcopy(ADOPTED.scheme)
    for area in scheme["areas"]:
        for criterion in area["criteria"]:
            criterion["except_for"] = [AGENCY]
    fact = submission.SchemeAmended(
        cycle=CYCLE, tier="department", scheme=scheme, decision=DECISION, because=SEALED
    )
    teller.tell(f"cycle/{CYCLE}", fact)

    body = explained(teller.told, AGENCY)

    assert (body["index"], body["workings"]["index"]) == (None, None)
    assert body["workings"]["rank"]["how"] == "unranked"


# --- What was said of an item


def test_an_item_tells_its_rule_as_it_was_adopted_and_what_was_said_of_it() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)

    body = explained(teller.told, AGENCY, "1.1")

    [item] = items_of(body)
    [evidence] = item["evidence"]
    said, decision = item["declaration"], item["decision"]
    assert item["rule"] == {"type": "manual", "step": "0.25"}
    assert (said["number"], said["inputs"]) == (3, {"points": "3.25"})
    assert (evidence["number"], evidence["document"]["on"]) == (4, str(date(2021, 2, 1)))
    assert evidence["file"]["sha256"] == "0" * 64
    assert (decision["number"], decision["recognised"], decision["stands"]) == (5, True, True)
    assert decision["saw"] == {"declaration": said["fact"], "evidence": [evidence["fact"]]}


def test_a_rejection_has_its_legal_basis_and_a_reason_that_is_sealed() -> None:
    rejected = [item for item in items_of(sample_explained(AGENCY)) if item["status"] == "rejected"]

    assert rejected
    for item in rejected:
        read_at = f"/appraisal/cycles/{CYCLE}/agencies/{AGENCY}/items/{item['code']}"
        assert item["decision"]["legal_basis"] == LEGAL_BASIS
        assert item["decision"]["because"] == {"sealed": True, "read_at": read_at}
        assert item["workings"]["points"]["of"] == [item["decision"]["fact"]]
    assert SEALED.text not in json.dumps(sample_explained(AGENCY))


def test_the_answers_are_counted_by_group_and_option() -> None:
    body = explained(sample_cycle(), AGENCY, "9.1")

    [item] = items_of(body)
    for group in item["groups"]:
        chosen = {
            option["option"]: option["count"] for option in group["options"] if option["count"]
        }
        assert chosen == _chosen(group["group"], "q9.1")
        assert [asked["questionnaire"] for asked in group["asked"]] == [group["group"]]
        assert group["options"][0]["title"] == f"Mức {group['options'][0]['option']}"


def _chosen(group: str, question: str) -> dict[str, int]:
    """The answers about the agency, from the facts themselves; two of the first batch are out."""
    counts: dict[str, int] = {}
    batches = [
        json.loads(stored.body)["data"]
        for stored in sample_cycle()
        if stored.stream == f"survey/{CYCLE}/{group}" and "ResponsesCounted" in stored.type
    ]
    for batch in batches:
        for place, response in enumerate(batch["responses"]):
            out = batch["batch"] == 1 and place in {0, 2}
            if response["agency"] == AGENCY and not out:
                option = response["answers"][question]
                counts[option] = counts.get(option, 0) + 1
    return counts


# --- The facts


def test_a_fact_stands_under_its_number() -> None:
    body, told = sample_explained(AGENCY), sample_cycle()

    for fact in body["facts"]:
        stored = told[fact["number"] - 1]
        assert (fact["id"], fact["type"], fact["version"]) == (
            stored.id,
            stored.type,
            stored.version,
        )
        assert fact["leaf"] == leaf_hash(stored.body).hex()
    numbers = {fact["id"]: fact["number"] for fact in body["facts"]}
    cited = [
        each
        for item in items_of(body)
        for each in (item["declaration"], item["decision"], *item["evidence"])
        if each
    ]
    assert len(cited) > 100
    assert all(numbers[each["fact"]] == each["number"] for each in cited)
    assert body["more_facts"] == 0


def test_every_fact_that_an_item_names_is_told() -> None:
    body = sample_explained(AGENCY)

    told = {fact["id"] for fact in body["facts"]}
    for item in items_of(body):
        for named in item["facts"]:
            if "id" in named:
                assert named["id"] in told
            else:
                some = [fact for fact in told if fact.startswith(f"{named['stream']}@")]
                assert len(some) >= named["count"]


def test_of_many_answers_some_are_told_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = explained(sample_cycle(), AGENCY, "9")
    spoken = [fact for fact in whole["facts"] if _speaks(fact)]
    monkeypatch.setattr(known, "ANSWERS_TOLD_MAX", 3)

    body = explained(sample_cycle(), AGENCY, "9")

    assert len([fact for fact in body["facts"] if _speaks(fact)]) == 3
    assert body["more_facts"] == len(spoken) - 3 > 0
    assert items_of(body)[0]["facts"] == items_of(whole)[0]["facts"]


def _speaks(fact: Any) -> bool:  # noqa: ANN401 - JSON
    return any(name in fact["type"] for name in ("ResponsesCounted", "AnswersExcluded"))


def test_people_are_told_of_by_their_ids_or_by_their_roles() -> None:
    within, outside = sample_explained(AGENCY), explained(sample_cycle(), AGENCY, with_people=False)

    assert {fact["actor"] for fact in within["facts"]} >= {"council:m-02", "agency:u-so-y-te", None}
    assert {fact["actor"] for fact in outside["facts"]} == {
        *("administrator", "agency", "council", "survey-officer", None),
    }


# --- Parts


@pytest.mark.parametrize("code", ["3", "3.2", "3.2.2", "9.1", "tru-1"])
def test_a_part_is_the_same_as_in_the_whole(code: str) -> None:
    whole = sample_explained(AGENCY)

    part = explained(sample_cycle(), AGENCY, code)

    inside = {item["code"] for item in items_of(part)}
    assert items_of(part) == [item for item in items_of(whole) if item["code"] in inside]
    assert part["workings"] == whole["workings"]
    assert {fact["number"] for fact in part["facts"]} < {fact["number"] for fact in whole["facts"]}


def test_a_part_that_is_not_there_is_told_with_what_is() -> None:
    with pytest.raises(Missing) as missing:
        explained(sample_cycle(), AGENCY, "12")

    assert missing.value.code == "explained-part-unknown"
    assert missing.value.details["areas"] == "1, 2, 3, 4, 5, 6, 7, 8, 9"


def test_all_that_is_done_is_said_in_both_languages() -> None:
    for vietnamese, english in HOW.values():
        assert vietnamese
        assert english
        assert vietnamese != english
