"""Evidence and explanations: while the agency drafts, and after the lock where the council asks."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.submission.domain import submission
from services.submission.domain.council import Council
from services.submission.domain.submission import Submission
from services.submission.domain.submission.proofs import (
    EVIDENCE_PER_ITEM_MAX,
    EVIDENCE_PER_SHEET_MAX,
    FILE_BYTES_MAX,
    SHEET_BYTES_MAX,
)
from shared.events import appraisal as appraisal_events
from shared.events import codec
from shared.events import submission as events
from shared.events.envelope import Context, Sealed
from shared.kernel.errors import Refused
from tests.support.small_submission import (
    AGENCY,
    CYCLE,
    DOCUMENT,
    EXPLAINING,
    FILE,
    LOCKED,
    OPENED,
    PDF,
    SITUATION,
    at,
    attached,
    council_after,
    explained,
    sheet_after,
    situation,
)

EMPTY = Submission()
ATTACH = submission.AttachEvidence(SITUATION, "1.1", "ke-hoach", DOCUMENT, FILE, PDF)
DETACH = submission.WithdrawEvidence(SITUATION, "1.1", "ke-hoach", based_on=1)
EXPLAIN = submission.GiveExplanation(SITUATION, "1.1", Sealed("key", "text"))
SEALED = Sealed("key", "?")
ASKED = appraisal_events.ExplanationRequested(
    cycle=CYCLE, agency=AGENCY, item="1.1", question=SEALED, until=at(12, 20)
)
DECIDED: dict[str, Any] = {
    "cycle": CYCLE,
    "agency": AGENCY,
    "item": "1.1",
    "declaration": "",
    "evidence": (),
    "awarded": "0",
}
RECOGNISED = appraisal_events.ScoreRecognised(**DECIDED, round=1)
REJECTED = appraisal_events.ScoreRejected(**DECIDED, round=1, because=SEALED, legal_basis="")
REJECTED_AGAIN = appraisal_events.ScoreRejected(**DECIDED, round=2, because=SEALED, legal_basis="")
APPROVED = appraisal_events.AppraisalApproved(
    cycle=CYCLE, agency=AGENCY, decision=events.LegalAct(number="1", on=DOCUMENT.on)
)


# --- Evidence


def test_evidence_is_attached() -> None:
    facts = submission.decide(ATTACH, EMPTY)

    assert facts == (attached(),)


def test_attaching_the_same_again_is_no_news() -> None:
    facts = submission.decide(ATTACH, sheet_after(attached()))

    assert facts == ()


def test_the_same_name_again_replaces_while_the_agency_drafts() -> None:
    other = replace(ATTACH, document=replace_section("Mục III"))

    facts = submission.decide(other, sheet_after(attached()))

    assert len(facts) == 1
    assert len(sheet_after(attached(), *facts).entry("1.1").evidence) == 1


def replace_section(section: str) -> events.Document:
    return events.Document(
        number=DOCUMENT.number, on=DOCUMENT.on, issuer=DOCUMENT.issuer, section=section
    )


@pytest.mark.parametrize(
    ("declared", "found", "code"),
    [
        ("application/x-msdownload", PDF, "file-type-forbidden"),
        ("", PDF, "file-type-forbidden"),
        (PDF, "text/html", "file-type-forbidden"),
        ("text/html", "text/html", "file-type-forbidden"),
        ("image/png", PDF, "file-type-differs"),
        (PDF, "application/x-empty", "file-empty"),
    ],
)
def test_a_file_that_proves_nothing_is_refused(declared: str, found: str, code: str) -> None:
    file = events.StoredFile(sha256=FILE.sha256, size_bytes=9, media_type=declared)

    with pytest.raises(Refused, match=code):
        submission.decide(replace(ATTACH, file=file, found=found), EMPTY)


def test_a_file_that_says_nothing_of_itself_is_what_its_content_is() -> None:
    assert submission.against_type(None, PDF) is None


def test_files_come_to_so_much_and_no_more_however_often_they_are_replaced() -> None:
    large = [
        attached(file=replace_content(f"{place:064x}", FILE_BYTES_MAX))
        for place in range(SHEET_BYTES_MAX // FILE_BYTES_MAX)
    ]
    sheet = sheet_after(*large)
    known = replace(ATTACH, item="1.2", file=replace_content(f"{0:064x}", FILE_BYTES_MAX))
    other = replace(ATTACH, item="1.2", file=replace_content("f" * 64, FILE_BYTES_MAX))

    assert len(submission.decide(known, sheet)) == 1
    with pytest.raises(Refused, match="sheet-full"):
        submission.decide(other, sheet)


def replace_content(sha256: str, size_bytes: int) -> events.StoredFile:
    return events.StoredFile(sha256=sha256, size_bytes=size_bytes, media_type=PDF)


def test_evidence_of_an_unknown_item_is_refused() -> None:
    with pytest.raises(Refused, match="item-unknown"):
        submission.decide(replace(ATTACH, item="7.7"), EMPTY)


def test_an_item_takes_so_much_evidence_and_no_more() -> None:
    full = [attached(evidence=f"e{place}") for place in range(EVIDENCE_PER_ITEM_MAX)]

    with pytest.raises(Refused, match="evidence-too-many"):
        submission.decide(ATTACH, sheet_after(*full))


def test_a_sheet_takes_so_much_evidence_and_no_more() -> None:
    full = [
        attached(f"x{place // EVIDENCE_PER_ITEM_MAX}", f"e{place % EVIDENCE_PER_ITEM_MAX}")
        for place in range(EVIDENCE_PER_SHEET_MAX)
    ]

    with pytest.raises(Refused, match="evidence-too-many"):
        submission.decide(ATTACH, sheet_after(*full))


def test_evidence_is_withdrawn() -> None:
    facts = submission.decide(DETACH, sheet_after(attached()))

    assert facts == (
        events.EvidenceWithdrawn(cycle=CYCLE, agency=AGENCY, item="1.1", evidence="ke-hoach"),
    )


def test_withdrawing_evidence_that_is_not_there_is_no_news() -> None:
    facts = submission.decide(DETACH, EMPTY)

    assert facts == ()


# --- Explanations


def test_an_item_is_explained() -> None:
    facts = submission.decide(EXPLAIN, EMPTY)

    assert facts == (explained(),)


def test_explaining_the_same_again_is_no_news() -> None:
    facts = submission.decide(EXPLAIN, sheet_after(explained()))

    assert facts == ()


def test_a_surveyed_item_is_not_explained() -> None:
    with pytest.raises(Refused, match="item-is-surveyed"):
        submission.decide(replace(EXPLAIN, item="9.1"), EMPTY)


# --- After the lock


@pytest.mark.parametrize("command", [ATTACH, EXPLAIN])
def test_nothing_is_added_after_the_lock(command: submission.Command) -> None:
    with pytest.raises(Refused, match="submission-locked"):
        submission.decide(command, sheet_after(LOCKED))


@pytest.mark.parametrize("command", [ATTACH, EXPLAIN])
@pytest.mark.parametrize(
    ("when", "council"),
    [
        (at(12, 19), council_after(ASKED)),
        (EXPLAINING, council_after(REJECTED)),
        (EXPLAINING, council_after(RECOGNISED, REJECTED)),
    ],
    ids=["asked", "rejected", "rejected-after-all"],
)
def test_what_the_council_asks_for_is_added(
    command: submission.AttachEvidence | submission.GiveExplanation,
    when: datetime,
    council: Council,
) -> None:
    where = replace(SITUATION, at=when, council=council)

    facts = submission.decide(replace(command, situation=where), sheet_after(LOCKED))

    assert len(facts) == 1


@pytest.mark.parametrize(
    ("when", "council"),
    [
        (at(12, 20), council_after(ASKED)),
        (at(12, 19), council_after(ASKED, RECOGNISED)),
        (at(12, 19), council_after(REJECTED)),
        (EXPLAINING, council_after(REJECTED, REJECTED_AGAIN)),
        (EXPLAINING, council_after(REJECTED, RECOGNISED)),
        (EXPLAINING, council_after(REJECTED, ASKED, APPROVED)),
    ],
    ids=["too-late", "settled", "too-early", "final", "recognised", "approved"],
)
def test_and_nothing_else(when: datetime, council: Council) -> None:
    where = replace(SITUATION, at=when, council=council)

    with pytest.raises(Refused, match="submission-locked"):
        submission.decide(replace(EXPLAIN, situation=where), sheet_after(LOCKED))


def test_a_question_about_one_item_opens_no_other() -> None:
    where = situation(at(12, 19), council=council_after(ASKED))

    with pytest.raises(Refused, match="submission-locked"):
        submission.decide(replace(EXPLAIN, situation=where, item="1.2"), sheet_after(LOCKED))


def test_what_the_council_has_seen_is_neither_replaced_nor_withdrawn() -> None:
    where = situation(at(12, 19), council=council_after(ASKED))
    other = replace(ATTACH, situation=where, document=replace_section("Mục III"))

    for command in (other, replace(DETACH, situation=where)):
        with pytest.raises(Refused, match="submission-locked"):
            submission.decide(command, sheet_after(attached(), LOCKED))


# --- Limits


def test_the_fullest_sheet_fits_into_one_lock() -> None:
    stream = submission.stream("c" * 64, "a" * 64)
    evidence = tuple(f"{stream}@{10_000 + place}" for place in range(EVIDENCE_PER_SHEET_MAX))
    bare = events.LockedItem(
        item="1" * 32,
        criterion="1" * 32,
        maximum="10.25",
        points="10.25",
        declaration=evidence[0],
        evidence=(),
        explanation=evidence[0],
    )
    full = events.LockedItem(
        **{field: getattr(bare, field) for field in bare.__struct_fields__} | {"evidence": evidence}
    )
    locked = events.SubmissionLocked(
        cycle="c" * 64,
        agency="a" * 64,
        tier="t" * 64,
        locked_by="agency",
        items=(full, *[bare] * 150),
    )

    stored = codec.encode(stream, 20_000, Context(OPENED), locked)

    assert len(stored.body) <= codec.FACT_BYTES_MAX
