"""What forbids a publication: each hindrance alone, in a cycle that has no other."""

from collections.abc import Sequence

from shared.count.hindrance import Hindrance
from shared.events import appraisal, submission
from shared.events.codec import Stored
from tests.support import asked
from tests.support.counted import AGENCY, APPRAISAL, SUBMISSION, replayed
from tests.support.small_cycle import ADOPTED, CYCLE, OPENED_AT
from tests.support.told import DECISION, SEALED, Teller, approve, ask, declare, whole_cycle


def after(*more: tuple[str, object]) -> tuple[Hindrance, ...]:
    teller = whole()
    for stream, fact in more:
        teller.tell(stream, fact)
    return hindrances(teller.told)


def whole() -> Teller:
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    return teller


def hindrances(told: Sequence[Stored]) -> tuple[Hindrance, ...]:
    return replayed(told).count().hindrances


def test_a_whole_cycle_can_be_published() -> None:
    assert hindrances(whole_cycle()) == ()


def test_a_cycle_that_is_not_open_cannot() -> None:
    assert hindrances(()) == (Hindrance("cycle-not-open"),)


def test_a_withdrawn_cycle_cannot() -> None:
    withdrawn = submission.CycleWithdrawn(cycle=CYCLE, decision=DECISION, because=SEALED)

    assert after((f"cycle/{CYCLE}", withdrawn)) == (Hindrance("cycle-without-result"),)


def test_a_tier_without_a_scheme_hinders() -> None:
    agency = submission.Agency(code="an-phu", name="An Phú", tier="district", ranked=True)
    added = submission.AgencyAdded(cycle=CYCLE, agency=agency, decision=DECISION, because=SEALED)
    approved = appraisal.AppraisalApproved(cycle=CYCLE, agency="an-phu", decision=DECISION)

    found = after((f"cycle/{CYCLE}", added), (f"appraisal/{CYCLE}/an-phu", approved))

    assert found == (Hindrance("scheme-missing", tier="district"),)


def test_a_pending_item_hinders() -> None:
    teller = whole()

    declare(teller, AGENCY, "2")

    assert hindrances(teller.told) == (Hindrance("item-pending", agency=AGENCY, item="1.1"),)


def test_an_item_without_a_valid_answer_hinders() -> None:
    excluded = asked.excluded("leaders", 1, 0, 2, 4)

    found = after((f"survey/{CYCLE}/leaders", excluded))

    assert {(each.code, each.item) for each in found} == {("item-unanswered", "1.2")}


def test_an_agency_that_has_to_be_approved_again_hinders() -> None:
    reopened = submission.LockedItem(
        item="9.9",
        criterion="9.9",
        maximum="1",
        points="1",
        declaration="",
        evidence=(),
        explanation="",
    )
    due = appraisal.ReappraisalDue(
        cycle=CYCLE, agency=AGENCY, item=reopened, cause="declaration-changed"
    )

    assert after((APPRAISAL, due)) == (Hindrance("agency-unapproved", agency=AGENCY),)


def test_a_sheet_that_is_open_again_hinders_until_it_is_locked() -> None:
    opened = submission.SubmissionReopened(
        cycle=CYCLE, agency=AGENCY, until=OPENED_AT, because=SEALED
    )
    locked = submission.SubmissionLocked(
        cycle=CYCLE, agency=AGENCY, tier="department", locked_by="agency", items=()
    )

    assert after((SUBMISSION, opened)) == (Hindrance("submission-reopened", agency=AGENCY),)
    assert after((SUBMISSION, opened), (SUBMISSION, locked)) == ()


def test_a_questionnaire_that_takes_answers_hinders() -> None:
    teller = whole()

    ask(teller, "late", "1.2", "ab")

    assert hindrances(teller.told) == (Hindrance("questionnaire-open", questionnaire="late"),)


IMPORTED = ("1.1", "1.2", "9.1")


def imported(items: Sequence[str]) -> Teller:
    """A past cycle of one agency, of which a published table tells these items."""
    teller = Teller()
    teller.tell(f"cycle/{CYCLE}", ADOPTED)
    agency = submission.Agency(code=AGENCY, name="Sở Y tế", tier="department", ranked=True)
    opened = submission.CycleOpened(
        cycle=CYCLE, year=2012, mode="trial", decision=DECISION, agencies=(agency,), calendar=()
    )
    teller.tell(f"cycle/{CYCLE}", opened)
    scores = tuple(submission.ImportedScore(agency=AGENCY, item=item, points="1") for item in items)
    teller.tell(
        f"cycle/{CYCLE}",
        submission.ItemResultsImported(cycle=CYCLE, source="Bảng", scores=scores, published=()),
    )
    return teller


def test_an_agency_known_from_a_published_table_needs_no_approval() -> None:
    assert hindrances(imported(IMPORTED).told) == ()


def test_an_agency_of_which_a_published_table_tells_a_part_needs_one() -> None:
    found = hindrances(imported(IMPORTED[1:]).told)

    assert found == (Hindrance("agency-unapproved", agency=AGENCY),)


def test_a_table_cannot_take_the_place_of_what_was_decided_nor_of_the_approval() -> None:
    teller = whole()
    reopened = [stored for stored in teller.told if "Approved" not in stored.type]
    before = replayed(reopened).count()
    scores = tuple(
        submission.ImportedScore(agency=AGENCY, item=item, points="0") for item in ("1.1",)
    )
    fact = submission.ItemResultsImported(cycle=CYCLE, source="B", scores=scores, published=())

    stored = teller.tell(f"cycle/{CYCLE}", fact)
    after = replayed([*reopened, stored]).count()

    assert (after.basis.digest, after.hindrances) == (before.basis.digest, before.hindrances)
    assert Hindrance("agency-unapproved", agency=AGENCY) in after.hindrances


def test_a_recognised_score_that_is_withdrawn_hinders_before_the_council_reacts() -> None:
    withdrawn = submission.ScoreWithdrawn(cycle=CYCLE, agency=AGENCY, item="1.1")

    found = after((SUBMISSION, withdrawn))

    assert found == (Hindrance("item-pending", agency=AGENCY, item="1.1"),)


def test_an_agency_that_comes_back_in_another_tier_is_not_approved_in_it() -> None:
    appraised = appraisal.AppraisalOpened(
        cycle=CYCLE, agency=AGENCY, tier="department", submission=f"{SUBMISSION}@3", items=()
    )
    left = submission.AgencyWithdrawn(cycle=CYCLE, agency=AGENCY, decision=DECISION, because=SEALED)
    scheme = submission.SchemeAdopted(
        cycle=CYCLE, tier="district", scheme={**ADOPTED.scheme, "tier": "district"}
    )
    back = {
        tier: submission.AgencyAdded(
            cycle=CYCLE,
            agency=submission.Agency(code=AGENCY, name="Sở Y tế", tier=tier, ranked=True),
            decision=DECISION,
            because=SEALED,
        )
        for tier in ("department", "district")
    }
    cycle = f"cycle/{CYCLE}"

    same = after((APPRAISAL, appraised), (cycle, left), (cycle, back["department"]))
    other = after((APPRAISAL, appraised), (cycle, left), (cycle, scheme), (cycle, back["district"]))

    assert same == ()
    assert Hindrance("agency-unapproved", agency=AGENCY) in other


def test_what_a_table_said_of_an_agency_goes_when_it_comes_back_in_another_tier() -> None:
    teller = imported(IMPORTED)
    agency = submission.Agency(code=AGENCY, name="Sở Y tế", tier="district", ranked=True)
    left = submission.AgencyWithdrawn(cycle=CYCLE, agency=AGENCY, decision=DECISION, because=SEALED)
    back = submission.AgencyAdded(cycle=CYCLE, agency=agency, decision=DECISION, because=SEALED)

    teller.tell(f"cycle/{CYCLE}", left)
    teller.tell(f"cycle/{CYCLE}", back)

    assert replayed(teller.told).state.agencies[AGENCY].imported == {}


def test_every_agency_needs_an_approval_of_its_own() -> None:
    unapproved = [stored for stored in whole_cycle() if "Approved" not in stored.type]
    teller = Teller()
    for stored in unapproved:
        teller.repeat(stored)

    approve(teller, AGENCY)

    assert hindrances(teller.told) == (Hindrance("agency-unapproved", agency="so-noi-vu"),)


def test_a_hindrance_says_only_what_it_concerns() -> None:
    pending = Hindrance("item-pending", agency=AGENCY, item="1.1")

    assert pending.details == {"agency": AGENCY, "item": "1.1"}
