"""Files wait for a scanner, are cleared or condemned by what it says, and once for each sheet."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from services.submission.domain import submission
from services.submission.domain.submission import Submission, TakeScan
from services.submission.views import KEPT, QUARANTINE
from shared.events import submission as events
from shared.kernel.errors import Refused
from shared.kernel.quarantine import against_reading
from shared.kernel.view import Body
from shared.runtime.scan import ROUND_EVERY
from tests.support.small_cycle import recorded
from tests.support.small_submission import (
    AGENCY,
    CYCLE,
    DOCUMENT,
    FILE,
    LOCKED,
    PDF,
    REASON,
    SITUATION,
    at,
    attached,
    cycle_after,
    scored,
    sheet_after,
    situation,
)

ATTACH = submission.AttachEvidence(SITUATION, "1.1", "ke-hoach", DOCUMENT, FILE, PDF, waits=True)
WAITING = events.EvidenceQuarantined(cycle=CYCLE, agency=AGENCY, sha256=FILE.sha256)
CLEAN = TakeScan(SITUATION, FILE.sha256, "ClamAV 1.4.6", None)
CLEARED = events.EvidenceCleared(
    cycle=CYCLE, agency=AGENCY, sha256=FILE.sha256, scanner="ClamAV 1.4.6"
)
INFECTED = TakeScan(SITUATION, FILE.sha256, "ClamAV 1.4.6", "Eicar")
ROUNDS_END = at(1, 14, year=2022)
SIGNED = "ClamAV 1.4.6/{}/Mon Nov 15 2021"
LATE = replace(INFECTED, situation=situation(ROUNDS_END))
CONDEMNED = events.EvidenceCondemned(
    cycle=CYCLE, agency=AGENCY, sha256=FILE.sha256, scanner="ClamAV 1.4.6", finding="Eicar"
)


def withdrawn(item: str, evidence: str) -> events.EvidenceWithdrawn:
    return events.EvidenceWithdrawn(cycle=CYCLE, agency=AGENCY, item=item, evidence=evidence)


def test_a_file_waits_before_anybody_hears_of_the_evidence() -> None:
    assert submission.decide(ATTACH, Submission()) == (WAITING, attached())


def test_without_a_scanner_nothing_waits() -> None:
    assert submission.decide(replace(ATTACH, waits=False), Submission()) == (attached(),)


@pytest.mark.parametrize("said", [(), (CLEARED,)], ids=["waits", "cleared"])
def test_a_file_is_scanned_once_for_a_sheet(said: tuple[object, ...]) -> None:
    sheet = sheet_after(WAITING, attached(), *said)

    assert submission.decide(replace(ATTACH, item="1.2"), sheet) == (attached("1.2"),)


def test_a_file_that_was_attached_while_there_was_no_scanner_waits_when_it_comes_again() -> None:
    facts = submission.decide(replace(ATTACH, item="1.2"), sheet_after(attached()))

    assert facts == (WAITING, attached("1.2"))


def test_a_clean_file_is_cleared() -> None:
    assert submission.decide(CLEAN, sheet_after(WAITING, attached())) == (CLEARED,)


def test_a_condemned_file_is_withdrawn_wherever_it_is_attached_also_from_a_locked_sheet() -> None:
    sheet = sheet_after(WAITING, attached(), attached("1.2", "khac"), LOCKED)

    facts = submission.decide(INFECTED, sheet)

    assert facts == (CONDEMNED, withdrawn("1.1", "ke-hoach"), withdrawn("1.2", "khac"))


def test_other_evidence_stays_where_a_file_is_condemned() -> None:
    other = events.StoredFile(sha256="e" * 64, size_bytes=9, media_type=PDF)
    sheet = sheet_after(WAITING, attached(), attached("1.1", "khac", other))

    after = sheet_after(*(WAITING, attached(), attached("1.1", "khac", other)), CONDEMNED)

    assert submission.decide(INFECTED, sheet) == (CONDEMNED, withdrawn("1.1", "ke-hoach"))
    assert "khac" in after.entry("1.1").evidence


@pytest.mark.parametrize("scan", [CLEAN, INFECTED])
def test_of_what_was_condemned_and_of_what_nobody_brought_nothing_is_news(scan: TakeScan) -> None:
    condemned = sheet_after(WAITING, attached(), CONDEMNED, withdrawn("1.1", "ke-hoach"))

    assert submission.decide(scan, condemned) == ()
    assert submission.decide(scan, Submission()) == ()


def test_that_a_clean_file_is_clean_still_is_no_news() -> None:
    assert submission.decide(CLEAN, sheet_after(WAITING, attached(), CLEARED)) == ()


@pytest.mark.parametrize("said", [(), (WAITING, CLEARED)], ids=["unscanned", "cleared"])
def test_a_scanner_that_has_learned_condemns_what_it_cleared_or_never_saw(
    said: tuple[object, ...],
) -> None:
    sheet = sheet_after(attached(), *said, LOCKED)

    assert submission.decide(INFECTED, sheet) == (CONDEMNED, withdrawn("1.1", "ke-hoach"))


def test_what_is_found_when_no_day_is_left_takes_nothing_back_and_is_read_by_nobody() -> None:
    sheet = sheet_after(attached(), LOCKED)
    a_day_before = situation(ROUNDS_END - ROUND_EVERY)
    minutes_before = situation(ROUNDS_END - timedelta(minutes=5))

    in_time = submission.decide(replace(INFECTED, situation=a_day_before), sheet)
    nearly = submission.decide(replace(INFECTED, situation=minutes_before), sheet)
    late = submission.decide(LATE, sheet)
    after = sheet_after(attached(), LOCKED, *late)

    assert in_time == (CONDEMNED, withdrawn("1.1", "ke-hoach"))
    assert nearly == late == (CONDEMNED,)
    assert "ke-hoach" in after.entry("1.1").evidence
    refusal = against_reading(after.scan(FILE.sha256))
    assert refusal is not None
    assert refusal.code == "file-condemned"
    assert submission.decide(LATE, after) == ()


def test_what_stayed_is_withdrawn_when_it_is_found_again_and_the_council_has_time_again() -> None:
    more = events.DeadlineExtended(
        cycle=CYCLE, phase="appraisal-2", agency=AGENCY, until=at(2, 1, year=2022), **REASON
    )
    again = replace(LATE, situation=situation(ROUNDS_END, of=cycle_after(more)))
    sheet = sheet_after(attached(), LOCKED, CONDEMNED)

    assert submission.decide(again, sheet) == (withdrawn("1.1", "ke-hoach"),)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SIGNED.format(27_500), SIGNED.format(27_500)),
        (SIGNED.format(27_500), SIGNED.format(9_999)),
        (SIGNED.format(27_500), "ClamAV 1.4.6"),
        ("ClamAV 1.4.6", "another"),
    ],
)
def test_a_condemnation_is_not_lifted_by_what_knows_no_more(before: str, now: str) -> None:
    sheet = sheet_after(attached(), LOCKED, replace_scanner(CONDEMNED, before))

    assert submission.decide(replace(CLEAN, scanner=now), sheet) == ()


def test_a_condemnation_is_lifted_by_signatures_that_came_later() -> None:
    before, now = SIGNED.format(9_999), SIGNED.format(27_500)
    sheet = sheet_after(attached(), LOCKED, replace_scanner(CONDEMNED, before))

    lifted = submission.decide(replace(CLEAN, scanner=now), sheet)
    after = sheet_after(attached(), LOCKED, CONDEMNED, *lifted)

    assert lifted == (
        events.EvidenceCleared(cycle=CYCLE, agency=AGENCY, sha256=FILE.sha256, scanner=now),
    )
    assert against_reading(after.scan(FILE.sha256)) is None


@pytest.mark.parametrize("outdated", [SIGNED.format(9_999), "ClamAV 1.4.6"])
def test_an_outdated_scanner_finds_nothing_in_what_later_signatures_cleared(outdated: str) -> None:
    lifted = msgspec.structs.replace(CLEARED, scanner=SIGNED.format(27_500))
    sheet = sheet_after(attached(), LOCKED, CONDEMNED, lifted)

    found = submission.decide(replace(INFECTED, scanner=outdated), sheet)
    by_later = submission.decide(replace(INFECTED, scanner=SIGNED.format(27_501)), sheet)

    assert found == ()
    assert [type(fact) for fact in by_later] == [events.EvidenceCondemned, events.EvidenceWithdrawn]


def test_a_file_that_came_before_there_was_a_scanner_is_cleared_by_its_word() -> None:
    assert submission.decide(CLEAN, sheet_after(attached())) == (CLEARED,)


def test_the_list_of_all_files_names_each_once_and_keeps_what_was_withdrawn() -> None:
    other = events.StoredFile(sha256="e" * 64, size_bytes=9, media_type=PDF)
    facts = [attached(), attached("1.2"), attached("1.2", "khac", other), CONDEMNED]

    body: Body | None = None
    for version, fact in enumerate((*facts, withdrawn("1.1", "ke-hoach")), start=1):
        told = recorded(submission.stream(CYCLE, AGENCY), version, fact)
        for key in KEPT.keys(told):
            body = KEPT.apply(key, body, told)

    assert body == {"cycle": CYCLE, "agency": AGENCY, "kept": [FILE.sha256, "e" * 64]}


def test_a_condemned_file_does_not_come_back() -> None:
    sheet = sheet_after(WAITING, attached(), CONDEMNED, withdrawn("1.1", "ke-hoach"))

    with pytest.raises(Refused, match="file-condemned"):
        submission.decide(ATTACH, sheet)
    with pytest.raises(Refused, match="file-condemned"):
        submission.decide(replace(ATTACH, waits=False), sheet)


def test_a_sheet_whose_proof_waits_may_be_locked_and_one_whose_proof_was_condemned_not() -> None:
    waiting = sheet_after(scored(), WAITING, attached())
    condemned = sheet_after(scored(), WAITING, attached(), CONDEMNED, withdrawn("1.1", "ke-hoach"))

    assert submission.against_locking(situation(), waiting) is None
    refusal = submission.against_locking(situation(), condemned)
    assert refusal is not None
    assert [flaw.code for flaw in refusal.flaws] == ["proof-missing"]


def test_the_list_of_what_waits_keeps_its_order_and_ends() -> None:
    other = events.EvidenceQuarantined(cycle=CYCLE, agency=AGENCY, sha256="e" * 64)
    facts = [WAITING, attached(), other, CLEARED, replace_sha(CONDEMNED, "e" * 64)]
    lists = []

    body: Body | None = None
    for version, fact in enumerate(facts, start=1):
        told = recorded(submission.stream(CYCLE, AGENCY), version, fact)
        for key in QUARANTINE.keys(told):
            body = QUARANTINE.apply(key, body, told)
            lists.append(list(body["waiting"]) if body else [])

    mine, others = FILE.sha256, "e" * 64
    assert lists == [[mine], [mine, others], [others], []]
    assert body is None


def replace_scanner(fact: events.EvidenceCondemned, scanner: str) -> events.EvidenceCondemned:
    return events.EvidenceCondemned(
        cycle=fact.cycle,
        agency=fact.agency,
        sha256=fact.sha256,
        scanner=scanner,
        finding=fact.finding,
    )


def replace_sha(fact: events.EvidenceCondemned, sha256: str) -> events.EvidenceCondemned:
    return events.EvidenceCondemned(
        cycle=fact.cycle,
        agency=fact.agency,
        sha256=sha256,
        scanner=fact.scanner,
        finding=fact.finding,
    )
