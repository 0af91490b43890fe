"""Facts of the submission service: the cycle with its rules, and what the agencies declare."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from shared.events.envelope import Sealed

PhaseName = Literal["self-scoring", "explanation", "appraisal-1", "appraisal-2", "survey"]
Mode = Literal["trial", "production"]


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """An agency (cơ quan, đơn vị) as a cycle knows it; codes outlive names and mergers."""

    code: str
    name: str
    tier: str
    ranked: bool
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A phase of the calendar, from `opens` until just before `closes`."""

    name: PhaseName
    opens: datetime
    closes: datetime


class LegalAct(msgspec.Struct, frozen=True, kw_only=True):
    """The decision (quyết định) by which something official happens."""

    number: str
    on: date


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence (tài liệu kiểm chứng); `section` is the place that proves the score."""

    number: str
    on: date
    issuer: str
    section: str


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file by its content: SHA-256 in hex, size in bytes, media type."""

    sha256: str
    size_bytes: int
    media_type: str


class SchemeAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """A tier's scheme (bộ tiêu chí), whole: the log alone must suffice to count."""

    cycle: str
    tier: str
    scheme: dict[str, Any]


class SchemeAmended(msgspec.Struct, frozen=True, kw_only=True):
    """A tier's scheme replaced by another, whole, while the cycle runs."""

    cycle: str
    tier: str
    scheme: dict[str, Any]
    decision: LegalAct
    because: Sealed


class CycleOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A cycle (đợt đánh giá) begins, after the schemes of its tiers were adopted."""

    cycle: str
    year: int
    mode: Mode
    decision: LegalAct
    agencies: tuple[Agency, ...]
    calendar: tuple[Phase, ...]
    copied_from: str | None = None


class CycleWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """The cycle ends without a result; nothing more is accepted for it."""

    cycle: str
    decision: LegalAct
    because: Sealed


class DeadlineExtended(msgspec.Struct, frozen=True, kw_only=True):
    """A phase closes later, for one agency or (None) for all."""

    cycle: str
    phase: PhaseName
    agency: str | None
    until: datetime
    decision: LegalAct
    because: Sealed


class AgencyAdded(msgspec.Struct, frozen=True, kw_only=True):
    """An agency joins a running cycle."""

    cycle: str
    agency: Agency
    decision: LegalAct
    because: Sealed


class AgencyWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """An agency leaves a running cycle: it has no row in the result any more."""

    cycle: str
    agency: str
    decision: LegalAct
    because: Sealed


class ImportedScore(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of a published table; `points` is None where the item did not apply."""

    agency: str
    item: str
    points: str | None


class PublishedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a table published elsewhere says of an agency's result, to compare with.

    `total` and `grade` came later, and are written only where the table has them.
    """

    agency: str
    index: str | None
    rank: int | None
    total: str | None = None
    grade: str | None = None


class ItemResultsImported(msgspec.Struct, frozen=True, kw_only=True):
    """Results of a past year, taken from a published table with its source."""

    cycle: str
    source: str
    scores: tuple[ImportedScore, ...]
    published: tuple[PublishedRow, ...]


class ScoreSubmitted(msgspec.Struct, frozen=True, kw_only=True):
    """An agency declared an item (điểm tự đánh giá).

    `points` is what the rule gave for `inputs` when it was declared, and what the agency saw; an
    index is counted from the inputs.
    """

    cycle: str
    agency: str
    item: str
    inputs: dict[str, str]
    points: str


class ScoreWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """An agency took a declaration back: the item is undeclared again."""

    cycle: str
    agency: str
    item: str


class EvidenceAttached(msgspec.Struct, frozen=True, kw_only=True):
    """A document was attached to prove an item; the same name again replaces it."""

    cycle: str
    agency: str
    item: str
    evidence: str
    document: Document
    file: StoredFile


class EvidenceWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence does not prove the item any more; its file stays."""

    cycle: str
    agency: str
    item: str
    evidence: str


class EvidenceQuarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A file has to be scanned; until then nobody reads it, or decides on the evidence it makes."""

    cycle: str
    agency: str
    sha256: str


class EvidenceCleared(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner, named with its version, found nothing in a file that waited for it."""

    cycle: str
    agency: str
    sha256: str
    scanner: str


class EvidenceCondemned(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner found something in a file, which it names; the evidence made of it is withdrawn."""

    cycle: str
    agency: str
    sha256: str
    scanner: str
    finding: str


class ExplanationGiven(msgspec.Struct, frozen=True, kw_only=True):
    """An agency explained (giải trình) an item, in place of evidence or on request."""

    cycle: str
    agency: str
    item: str
    text: Sealed


class LockedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item as it was locked: ids of the facts that the council will judge.

    `declaration` and `explanation` are empty where there is none.
    """

    item: str
    criterion: str
    maximum: str
    points: str
    declaration: str
    evidence: tuple[str, ...]
    explanation: str


class SubmissionLocked(msgspec.Struct, frozen=True, kw_only=True):
    """The agency's sheet is closed (chốt điểm), by the agency or by the system at the deadline.

    `items` is every self-scored item that applies to the agency, declared or not.
    """

    cycle: str
    agency: str
    tier: str
    locked_by: Literal["agency", "deadline"]
    items: tuple[LockedItem, ...]


class SubmissionReopened(msgspec.Struct, frozen=True, kw_only=True):
    """A superior opened the sheet again, until a time."""

    cycle: str
    agency: str
    until: datetime
    because: Sealed


Fact = (
    SchemeAdopted
    | SchemeAmended
    | CycleOpened
    | CycleWithdrawn
    | DeadlineExtended
    | AgencyAdded
    | AgencyWithdrawn
    | ItemResultsImported
    | ScoreSubmitted
    | ScoreWithdrawn
    | EvidenceAttached
    | EvidenceWithdrawn
    | EvidenceQuarantined
    | EvidenceCleared
    | EvidenceCondemned
    | ExplanationGiven
    | SubmissionLocked
    | SubmissionReopened
)
