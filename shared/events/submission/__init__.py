"""Facts of the submission service: the cycle with its rules, and what the agencies declare."""

from shared.events.submission.cycle import (
    Agency,
    AgencyAdded,
    AgencyWithdrawn,
    CycleOpened,
    CycleWithdrawn,
    DeadlineExtended,
    ImportedScore,
    ItemResultsImported,
    LegalAct,
    Mode,
    Phase,
    PhaseName,
    PublishedRow,
    SchemeAdopted,
    SchemeAmended,
)
from shared.events.submission.evidence import (
    Document,
    EvidenceAttached,
    EvidenceCleared,
    EvidenceCondemned,
    EvidenceQuarantined,
    EvidenceRead,
    EvidenceWithdrawn,
    ReadingJustified,
    StoredFile,
)
from shared.events.submission.sheet import (
    ExplanationGiven,
    LockedItem,
    ScoreSubmitted,
    ScoreWithdrawn,
    SubmissionLocked,
    SubmissionReopened,
)

__all__ = [
    "Agency",
    "AgencyAdded",
    "AgencyWithdrawn",
    "CycleOpened",
    "CycleWithdrawn",
    "DeadlineExtended",
    "Document",
    "EvidenceAttached",
    "EvidenceCleared",
    "EvidenceCondemned",
    "EvidenceQuarantined",
    "EvidenceRead",
    "EvidenceWithdrawn",
    "ExplanationGiven",
    "Fact",
    "ImportedScore",
    "ItemResultsImported",
    "LegalAct",
    "LockedItem",
    "Mode",
    "Phase",
    "PhaseName",
    "PublishedRow",
    "ReadingJustified",
    "SchemeAdopted",
    "SchemeAmended",
    "ScoreSubmitted",
    "ScoreWithdrawn",
    "StoredFile",
    "SubmissionLocked",
    "SubmissionReopened",
]

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
    | ReadingJustified
    | EvidenceRead
    | ExplanationGiven
    | SubmissionLocked
    | SubmissionReopened
)
