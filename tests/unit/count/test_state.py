"""What each fact changes in the count."""

import pytest

from shared.count.fold import FOLDS, UNCOUNTED
from shared.count.hindrance import Hindrance
from shared.count.state import Note
from shared.events import appraisal, submission
from shared.events.codec import TYPES
from tests.support.counted import (
    AGENCY,
    APPRAISAL,
    SUBMISSION,
    item,
    noted,
    opened,
    replayed,
    rows,
)
from tests.support.small_cycle import ADOPTED, CYCLE
from tests.support.told import (
    DECISION,
    DOCUMENT,
    FILE,
    SEALED,
    amended,
    approve,
    declare,
    recognise,
)

ITEM = {"cycle": CYCLE, "agency": AGENCY, "item": "1.1"}


def due() -> appraisal.ReappraisalDue:
    locked = submission.LockedItem(
        item="1.1",
        criterion="1.1",
        maximum="4",
        points="3.25",
        declaration=f"{SUBMISSION}@3",
        evidence=(),
        explanation="",
    )
    return appraisal.ReappraisalDue(
        cycle=CYCLE, agency=AGENCY, item=locked, cause="declaration-changed"
    )


def test_every_fact_is_counted_or_known_to_change_no_number() -> None:
    assert {*FOLDS, *UNCOUNTED} == set(TYPES.values())
    assert not FOLDS.keys() & UNCOUNTED


def test_a_declaration_is_pending_until_it_is_decided() -> None:
    teller = opened()

    declare(teller, AGENCY)
    pending = item(teller, "1.1").status
    recognise(teller, AGENCY)

    assert (pending, item(teller, "1.1").status) == ("pending", "recognised")


def test_a_new_declaration_puts_the_decision_out_of_force() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)

    declare(teller, AGENCY, "3.5")

    assert item(teller, "1.1").status == "pending"


def test_a_withdrawn_declaration_leaves_nothing_declared() -> None:
    teller = opened()
    declare(teller, AGENCY)

    teller.tell(SUBMISSION, submission.ScoreWithdrawn(**ITEM))

    assert item(teller, "1.1").status == "undeclared"


def test_what_was_decided_and_withdrawn_is_pending_until_the_council_has_reacted() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)

    teller.tell(SUBMISSION, submission.ScoreWithdrawn(**ITEM))
    before = item(teller, "1.1").status
    teller.tell(APPRAISAL, due())

    assert (before, item(teller, "1.1").status) == ("pending", "undeclared")


@pytest.mark.parametrize("replaced", [False, True])
def test_a_decision_falls_with_the_evidence_that_it_saw(replaced: bool) -> None:  # noqa: FBT001 - a parameter of the test
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)

    if replaced:
        attached = submission.EvidenceAttached(
            **ITEM, evidence="ke-hoach", document=DOCUMENT, file=FILE
        )
        teller.tell(SUBMISSION, attached)
    else:
        teller.tell(SUBMISSION, submission.EvidenceWithdrawn(**ITEM, evidence="ke-hoach"))

    assert item(teller, "1.1").status == "pending"


def test_added_evidence_leaves_the_decision_in_force() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)

    teller.tell(
        SUBMISSION,
        submission.EvidenceAttached(**ITEM, evidence="them", document=DOCUMENT, file=FILE),
    )

    assert item(teller, "1.1").status == "recognised"


def test_a_rejected_score_counts_what_was_awarded() -> None:
    teller = opened()
    declared = declare(teller, AGENCY)

    rejected = appraisal.ScoreRejected(
        **ITEM,
        declaration=declared.id,
        evidence=(),
        round=1,
        awarded="1.5",
        because=SEALED,
        legal_basis="Điều 5",
    )
    teller.tell(APPRAISAL, rejected)

    result = item(teller, "1.1")
    assert (result.status, str(result.score.points)) == ("rejected", "3/2")


def test_a_reappraisal_makes_the_item_pending_and_takes_the_approval_back() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    approve(teller, AGENCY)

    teller.tell(APPRAISAL, due())

    assert item(teller, "1.1").status == "pending"
    assert replayed(teller.told).state.agencies[AGENCY].approved == ""


def test_a_decision_after_the_approval_waits_for_another_approval() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    approve(teller, AGENCY)

    recognise(teller, AGENCY)

    assert replayed(teller.told).state.agencies[AGENCY].approved == ""


def test_the_exact_text_of_what_a_rule_gave_is_read_as_it_was_recognised() -> None:
    teller = opened()
    declared = declare(teller, AGENCY)
    recognised = appraisal.ScoreRecognised(
        **ITEM, declaration=declared.id, evidence=(), round=1, awarded="250/3"
    )

    teller.tell(APPRAISAL, recognised)

    assert replayed(teller.told).state.agencies[AGENCY].decisions["1.1"].awarded * 3 == 250


def test_a_withdrawn_agency_has_no_row_and_is_no_riddle() -> None:
    teller = opened()
    declare(teller, AGENCY)

    teller.tell(
        f"cycle/{CYCLE}",
        submission.AgencyWithdrawn(cycle=CYCLE, agency=AGENCY, decision=DECISION, because=SEALED),
    )

    assert AGENCY not in rows(teller)
    assert noted(teller) == []


def test_an_added_agency_has_what_was_said_of_it_before() -> None:
    teller = opened()
    declare(teller, "so-moi", "2")

    added = submission.Agency(code="so-moi", name="Sở Mới", tier="department", ranked=False)
    teller.tell(
        f"cycle/{CYCLE}",
        submission.AgencyAdded(cycle=CYCLE, agency=added, decision=DECISION, because=SEALED),
    )

    assert rows(teller)["so-moi"].total.points == 2


def test_an_amended_scheme_counts_for_what_was_declared_before() -> None:
    teller = opened()
    declare(teller, AGENCY)
    amended = {**ADOPTED.scheme, "scheme": "amended"}

    teller.tell(
        f"cycle/{CYCLE}",
        submission.SchemeAmended(
            cycle=CYCLE, tier="department", scheme=amended, decision=DECISION, because=SEALED
        ),
    )

    [table] = replayed(teller.told).count().tables
    assert table.scheme == "amended"


@pytest.mark.parametrize(
    ("rule", "maximum"),
    [
        ({"type": "count", "per_unit": "1", "unit": "văn bản"}, "4"),
        ({"type": "manual", "step": "1"}, "4"),
        ({"type": "manual", "step": "0.25"}, "3"),
    ],
)
def test_a_decided_item_is_pending_where_an_amendment_refuses_what_was_declared(
    rule: dict[str, str], maximum: str
) -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    approve(teller, AGENCY)

    teller.tell(f"cycle/{CYCLE}", amended(rule, maximum))

    result = item(teller, "1.1")
    assert (result.status, str(result.score.points)) == ("pending", "0")
    pending = Hindrance("item-pending", agency=AGENCY, item="1.1")
    assert pending in replayed(teller.told).count().hindrances


def test_a_decision_stands_where_an_amendment_gives_the_declaration_the_same_points() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)

    teller.tell(f"cycle/{CYCLE}", amended({"type": "manual", "step": "0.05"}, "4"))

    assert item(teller, "1.1").status == "recognised"


def test_a_scheme_that_cannot_be_read_leaves_its_tier_without_one() -> None:
    teller = opened()

    teller.tell(
        f"cycle/{CYCLE}", submission.SchemeAdopted(cycle=CYCLE, tier="department", scheme={})
    )

    assert replayed(teller.told).count().tables == ()
    assert noted(teller) == [Note("scheme-unreadable", f"cycle/{CYCLE}@3")]


def test_imported_points_stand_for_the_item() -> None:
    teller = opened()

    scores = (
        submission.ImportedScore(agency=AGENCY, item="1.1", points="3"),
        submission.ImportedScore(agency=AGENCY, item="9.1", points=None),
    )
    teller.tell(
        f"cycle/{CYCLE}",
        submission.ItemResultsImported(cycle=CYCLE, source="Bảng 2", scores=scores, published=()),
    )

    assert [item(teller, code).status for code in ("1.1", "9.1")] == ["imported", "not-applicable"]


def test_a_scheme_and_an_agency_are_there_by_a_fact() -> None:
    teller = opened()
    added = submission.Agency(code="so-moi", name="Sở mới", tier="department", ranked=True)
    teller.tell(f"cycle/{CYCLE}", amended({"type": "manual", "step": "1"}, "3"))
    for fact in (
        submission.AgencyAdded(cycle=CYCLE, agency=added, decision=DECISION, because=SEALED),
        submission.AgencyWithdrawn(
            cycle=CYCLE, agency="so-noi-vu", decision=DECISION, because=SEALED
        ),
    ):
        teller.tell(f"cycle/{CYCLE}", fact)

    state = replayed(teller.told).state

    assert state.adopted == {"department": f"cycle/{CYCLE}@3"}
    assert state.admitted == {AGENCY: f"cycle/{CYCLE}@2", "so-moi": f"cycle/{CYCLE}@4"}
