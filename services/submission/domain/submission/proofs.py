"""Proving what was declared: evidence (tài liệu kiểm chứng), or an explanation (giải trình)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from services.submission.domain.submission import guards, scans
from services.submission.domain.submission.commands import (
    AttachEvidence,
    GiveExplanation,
    WithdrawEvidence,
)
from services.submission.domain.submission.state import Entry, Submission
from shared.events import submission as events
from shared.kernel.errors import Refused

FILE_BYTES_MAX = 20 * 1024 * 1024
SHEET_BYTES_MAX = 2 * 1024 * 1024 * 1024
"""So much all files come to that were ever attached to a sheet: each of them is kept."""
EVIDENCE_PER_ITEM_MAX = 20
EVIDENCE_PER_SHEET_MAX = 1_000
"""A lock names all evidence in one fact, which has to stay under its own limit."""

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "application/pdf": "pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
        "application/vnd.oasis.opendocument.text": "odt",
        "application/vnd.oasis.opendocument.spreadsheet": "ods",
        "image/png": "png",
        "image/jpeg": "jpeg",
    }
)
"""The kinds of files that are taken, and how their names end."""
EMPTY = "application/x-empty"
"""What a file is called in which there is nothing."""


def attach_evidence(command: AttachEvidence, submission: Submission) -> Sequence[events.Fact]:
    """Attach a file; after the lock a new name may be added, and no old one replaced."""
    guards.declared_item(command.situation, command.item)
    guards.require(against_type(command.file.media_type, command.found))
    assert 0 < command.file.size_bytes <= FILE_BYTES_MAX, "no other file was stored"
    entry = submission.entry(command.item)
    before = entry.evidence.get(command.evidence)
    if before and (before.document, before.file) == (command.document, command.file):
        return ()
    if before is None:
        guards.require(guards.against_adding(command.situation, submission, command.item))
        _require_room(entry, submission)
    else:
        guards.require(guards.against_drafting(command.situation, submission))
    _require_space(command.file, submission)
    attached = events.EvidenceAttached(
        cycle=command.situation.cycle.name,
        agency=command.situation.agency,
        item=command.item,
        evidence=command.evidence,
        document=command.document,
        file=command.file,
    )
    return (*scans.quarantine(command, submission), attached)


def withdraw_evidence(command: WithdrawEvidence, submission: Submission) -> Sequence[events.Fact]:
    """Detach evidence; where there is none of that name, nothing happens."""
    guards.declared_item(command.situation, command.item)
    evidence = submission.entry(command.item).evidence.get(command.evidence)
    if evidence is None:
        return ()
    guards.require(guards.against_drafting(command.situation, submission))
    guards.require_read(command.item, evidence.version, command.based_on)
    withdrawn = events.EvidenceWithdrawn(
        cycle=command.situation.cycle.name,
        agency=command.situation.agency,
        item=command.item,
        evidence=command.evidence,
    )
    return (withdrawn,)


def give_explanation(command: GiveExplanation, submission: Submission) -> Sequence[events.Fact]:
    """Explain an item; the last explanation counts."""
    guards.declared_item(command.situation, command.item)
    before = submission.entry(command.item).explanation
    if before and before.text == command.text:
        return ()
    guards.require(guards.against_adding(command.situation, submission, command.item))
    given = events.ExplanationGiven(
        cycle=command.situation.cycle.name,
        agency=command.situation.agency,
        item=command.item,
        text=command.text,
    )
    return (given,)


def against_type(declared: str | None, found: str) -> Refused | None:
    """A file is of a kind that is taken, by its content, and is what it is said to be, if it is."""
    if found == EMPTY:
        return Refused("file-empty")
    for media_type in (found, found if declared is None else declared):
        if media_type not in MEDIA_TYPES:
            known = ", ".join(MEDIA_TYPES.values())
            return Refused("file-type-forbidden", type=media_type, known=known)
    if declared in {None, found}:
        return None
    return Refused("file-type-differs", declared=declared or "", found=found)


def _require_room(entry: Entry, submission: Submission) -> None:
    if len(entry.evidence) >= EVIDENCE_PER_ITEM_MAX:
        raise Refused("evidence-too-many", maximum=str(EVIDENCE_PER_ITEM_MAX))
    if sum(len(e.evidence) for e in submission.entries.values()) >= EVIDENCE_PER_SHEET_MAX:
        raise Refused("evidence-too-many", maximum=str(EVIDENCE_PER_SHEET_MAX))


def _require_space(file: events.StoredFile, submission: Submission) -> None:
    """The same content again takes no space."""
    kept = {sha256: known.size_bytes for sha256, known in submission.files.items()}
    if sum({**kept, file.sha256: file.size_bytes}.values()) > SHEET_BYTES_MAX:
        raise Refused("sheet-full", maximum=str(SHEET_BYTES_MAX))
