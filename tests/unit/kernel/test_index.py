"""What counts for an item of an agency, and how items add up to its index and grade."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from shared.kernel import index, points
from shared.kernel import scheme as schemes
from shared.kernel.index import AgencyState, Decision, Declaration, Imported, Score
from tests.unit.kernel import samples

ITEM = samples.manual("1.1", maximum="2")
CLAIM = {"1.1": Declaration(inputs={"points": "1.5"}, fact="d1")}
DECIDED = Decision(
    awarded=Fraction(3, 2), recognised=True, declaration="d1", evidence=("e1", "e2"), fact="a1"
)
AWARDED = replace(DECIDED, awarded=Fraction(1, 2), recognised=False)
NOWHERE = Score(Fraction(0), Fraction(0))


def out_of(given: str, maximum: str) -> Score:
    return Score(Fraction(given), Fraction(maximum))


def row(scheme: schemes.Scheme, state: AgencyState) -> index.AgencyResult:
    [only] = index.compute(scheme, [state]).rows
    return only


def result(item: schemes.Item, state: AgencyState) -> index.ItemResult:
    return row(samples.scheme([item]), state).areas[0].criteria[0].items[0]


def appraised(
    decision: Decision | None,
    *,
    declared: Mapping[str, Declaration] = CLAIM,
    attached: frozenset[str] = frozenset({"e1", "e2"}),
) -> index.ItemResult:
    state = AgencyState(
        code="a",
        declarations=declared,
        evidence={"1.1": attached},
        decisions={"1.1": decision} if decision else {},
    )
    return result(ITEM, state)


# --- What counts for a self-scored item


def test_an_undeclared_item_is_worth_nothing_and_stays_in_the_maximum() -> None:
    undeclared = result(ITEM, AgencyState("a"))

    assert undeclared == index.ItemResult("1.1", "undeclared", None, out_of("0", "2"), ())


def test_a_pending_item_counts_as_claimed_and_is_named() -> None:
    state = AgencyState("a", declarations=CLAIM)

    pending = row(samples.scheme([ITEM]), state)

    assert pending.appraised == out_of("1.5", "2")
    assert pending.pending == ("1.1",)


def test_a_recognised_item_counts_as_claimed() -> None:
    recognised = appraised(DECIDED)

    assert (recognised.status, recognised.score) == ("recognised", out_of("1.5", "2"))
    assert recognised.facts == ("d1", "e1", "e2", "a1")


def test_a_rejected_item_counts_as_awarded() -> None:
    rejected = appraised(AWARDED)

    assert (rejected.status, rejected.score) == ("rejected", out_of("0.5", "2"))
    assert rejected.claimed == Fraction(3, 2)


def test_evidence_added_after_a_decision_leaves_it_standing() -> None:
    assert appraised(AWARDED, attached=frozenset({"e1", "e2", "e3"})).status == "rejected"


def test_evidence_withdrawn_after_a_decision_puts_it_out_of_force() -> None:
    pending = appraised(AWARDED, attached=frozenset({"e1"}))

    assert (pending.status, pending.score) == ("pending", out_of("1.5", "2"))
    assert pending.facts == ("d1", "e1", "a1")


def test_a_new_declaration_puts_a_decision_out_of_force() -> None:
    declared_anew = {"1.1": Declaration(inputs={"points": "1.75"}, fact="d2")}

    pending = appraised(AWARDED, declared=declared_anew)

    assert (pending.status, pending.score) == ("pending", out_of("1.75", "2"))


def test_a_decision_on_an_undeclared_item_stands_until_something_is_declared() -> None:
    of_its_own = replace(AWARDED, declaration="", evidence=())

    before = appraised(of_its_own, declared={})
    after = appraised(of_its_own)

    assert (before.status, before.score) == ("rejected", out_of("0.5", "2"))
    assert (after.status, after.score) == ("pending", out_of("1.5", "2"))


def test_a_decision_on_a_withdrawn_declaration_waits_for_another() -> None:
    pending = [appraised(decision, declared={}) for decision in (DECIDED, AWARDED)]

    assert [(each.status, each.score) for each in pending] == [("pending", out_of("0", "2"))] * 2


def test_nothing_declared_can_be_recognised_as_nothing() -> None:
    agreed = replace(DECIDED, awarded=Fraction(0), declaration="", evidence=())

    undeclared = appraised(agreed, declared={})

    assert (undeclared.status, undeclared.score) == ("undeclared", out_of("0", "2"))


# --- What an amended scheme leaves of a declaration and of a decision

OF_ANOTHER_RULE = {"1.1": Declaration(inputs={"option": "yes"}, fact="d1")}


@pytest.mark.parametrize("decision", [None, DECIDED])
def test_a_declaration_that_the_present_scheme_refuses_is_pending_with_nothing(
    decision: Decision | None,
) -> None:
    refused = appraised(decision, declared=OF_ANOTHER_RULE)

    assert (refused.status, refused.claimed) == ("pending", None)
    assert refused.score == out_of("0", "2")
    assert refused.facts[:3] == ("d1", "e1", "e2")


def test_awarded_points_stand_even_where_an_amended_scheme_refuses_the_claim() -> None:
    assert appraised(AWARDED, declared=OF_ANOTHER_RULE).score == out_of("0.5", "2")


def test_awarded_points_above_a_maximum_that_was_lowered_stand_no_more() -> None:
    pending = appraised(replace(AWARDED, awarded=Fraction(5)))

    assert (pending.status, pending.score) == ("pending", out_of("1.5", "2"))


def test_a_claim_to_which_the_present_scheme_gives_other_points_is_recognised_no_more() -> None:
    pending = appraised(replace(DECIDED, awarded=Fraction(1)))

    assert (pending.status, pending.score) == ("pending", out_of("1.5", "2"))


# --- What does not apply


def test_an_item_that_does_not_apply_leaves_item_criterion_area_and_total() -> None:
    excepted = samples.item(schemes.Manual(Fraction(1, 4)), code="1.1", except_for=["a"])
    scheme = samples.scheme([excepted], [samples.manual("2.1", maximum="3")])

    without = row(scheme, samples.agency("a", {"1.1": "2", "2.1": "1.5"}))

    assert without.areas[0].criteria[0].items[0].status == "not-applicable"
    assert without.areas[0].criteria[0].score == without.areas[0].score == NOWHERE
    assert without.areas[0].score.index is None
    assert without.total == without.claimed == out_of("1.5", "3")
    assert without.index == 50


def test_no_task_takes_an_item_out_provisionally_until_it_is_recognised() -> None:
    item = samples.item(schemes.Manual(Fraction(1, 4)), no_task="not-applicable")
    claimed = AgencyState("a", declarations={"1.1": Declaration({"no_task": "yes"}, "d1")})
    agreed = replace(DECIDED, awarded=Fraction(0), evidence=())
    recognised = replace(claimed, decisions={"1.1": agreed})
    rejected = replace(claimed, decisions={"1.1": replace(AWARDED, evidence=())})

    results = [result(item, state) for state in (claimed, recognised, rejected)]

    assert [each.status for each in results] == ["pending", "not-applicable", "rejected"]
    assert [each.score for each in results] == [NOWHERE, NOWHERE, out_of("0.5", "2")]


def test_an_agency_to_which_nothing_applies_has_no_index_and_no_rank() -> None:
    item = samples.item(schemes.Manual(Fraction(1, 4)), except_for=["a"])

    table = index.compute(samples.scheme([item]), [AgencyState("a"), AgencyState("b")])

    assert [(each.agency, each.index, each.rank) for each in table.rows] == [
        ("b", Fraction(0), 1),
        ("a", None, None),
    ]


def test_the_index_of_ban_dan_toc_is_that_of_thanh_hoa_2023() -> None:
    """Thanh Hóa, QĐ 600/QĐ-UBND: 68.32 points were 81.33 %, so 16 points did not apply."""
    all_else = samples.manual("1.1", maximum="84")
    excepted = samples.item(schemes.Manual(Fraction(1)), code="2.1", maximum="16", except_for=["a"])

    ban_dan_toc = row(samples.scheme([all_else, excepted]), samples.agency("a", {"1.1": "68.32"}))

    assert ban_dan_toc.total == out_of("68.32", "84")
    assert points.shown(ban_dan_toc.index or Fraction(0)) == "81.33"


# --- What was imported


def test_imported_points_count_where_nothing_was_said_and_are_claimed_by_nobody() -> None:
    state = AgencyState("a", imported={"1.1": Imported(points=Fraction(1), fact="i1")})

    imported = row(samples.scheme([ITEM]), state)

    [item] = imported.areas[0].criteria[0].items
    assert (item.status, item.score, item.facts) == ("imported", out_of("1", "2"), ("i1",))
    assert (imported.appraised, imported.claimed) == (out_of("1", "2"), NOWHERE)
    assert imported.pending == ()


def test_imported_points_never_override_a_declaration_or_a_decision() -> None:
    imported = {"1.1": Imported(points=Fraction(1), fact="i1")}
    declared = AgencyState("a", declarations=CLAIM, imported=imported)
    decided = replace(declared, decisions={"1.1": replace(AWARDED, evidence=())})
    withdrawn = replace(decided, declarations={})

    results = [result(ITEM, state) for state in (declared, decided, withdrawn)]

    assert [each.status for each in results] == ["pending", "rejected", "pending"]
    assert [each.score.points for each in results] == [Fraction(3, 2), Fraction(1, 2), 0]
    assert results[0].facts == ("d1", "i1")


def test_an_item_imported_without_points_does_not_apply() -> None:
    imported = result(ITEM, AgencyState("a", imported={"1.1": Imported(points=None, fact="i1")}))

    assert (imported.status, imported.score) == ("not-applicable", NOWHERE)


def test_imported_points_of_a_survey_item_are_points_of_its_part() -> None:
    state = AgencyState("a", imported={"9.1": Imported(points=Fraction(20), fact="i1")})

    imported = row(samples.scheme([samples.surveyed()]), state)

    assert imported.sipas == out_of("20", "24")


# --- Bonus, penalty, cap and grade


def extras(bonus: str, penalty: str, cap: str | None = None) -> index.AgencyResult:
    scheme = samples.scheme(
        [samples.manual("1.1", maximum="10")],
        bonus=[samples.item(schemes.Count(Fraction(1), "prize"), code="B", maximum="2")],
        penalty=[samples.item(schemes.Count(Fraction(1), "scandal"), code="P", maximum="3")],
        cap=cap,
    )
    claims = {
        "1.1": Declaration({"points": "9.5"}, "d1"),
        "B": Declaration({"count": bonus}, "d2"),
        "P": Declaration({"count": penalty}, "d3"),
    }
    return row(scheme, AgencyState("a", declarations=claims))


def test_bonus_and_penalty_count_outside_the_tree_up_to_their_caps() -> None:
    both = extras(bonus="7", penalty="9")

    assert (both.bonus, both.penalty) == (Fraction(2), Fraction(3))
    assert both.total == out_of("8.5", "10")
    assert both.appraised == out_of("9.5", "10")
    assert both.pending == ("1.1", "B", "P")


def test_an_index_is_clipped_only_where_the_scheme_sets_a_cap() -> None:
    assert extras(bonus="1", penalty="0").index == 105
    assert extras(bonus="1", penalty="0", cap="100").index == 100
    assert extras(bonus="0", penalty="0", cap="100").index == 95


@pytest.mark.parametrize(
    ("claimed", "grade"),
    [("90", "A"), ("89.999", "B"), ("80", "B"), ("70", "C"), ("69.99", None)],
)
def test_a_grade_is_given_by_the_unrounded_index(claimed: str, grade: str | None) -> None:
    item = samples.manual("1.1", maximum="100", step="0.001")
    scheme = samples.scheme([item], grades={"C": "70", "A": "90", "B": "80"})

    assert row(scheme, samples.agency("a", {"1.1": claimed})).grade == grade
