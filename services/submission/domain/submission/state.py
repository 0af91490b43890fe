"""An agency's sheet as its facts tell it: the last word on every item."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shared.events import submission as events
from shared.events.envelope import Recorded, Sealed
from shared.kernel.actor import hands_in
from shared.kernel.quarantine import QUARANTINED, UNSCANNED, Scan, cleared_by, condemned_by

Status = Literal["draft", "locked", "reopened"]


@dataclass(frozen=True, slots=True)
class Score:
    """A declaration (điểm tự đánh giá) in force, and its fact."""

    inputs: Mapping[str, str]
    points: str
    fact: str
    version: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence (tài liệu kiểm chứng) that is attached now, and its fact."""

    document: events.Document
    file: events.StoredFile
    fact: str
    version: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The last explanation (giải trình) of an item, and its fact."""

    text: Sealed
    fact: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything said of one item; evidence by its name."""

    score: Score | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    explanation: Explanation | None = None


NOTHING_SAID = Entry()


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that was ever attached; `number` is that of the document that it was attached as.

    `items` are all those that it was ever attached to.
    """

    number: str
    media_type: str
    size_bytes: int
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Submission:
    """An agency's sheet.

    `until` is the end of a reopening; `locked_by` and `locked_at` tell of the last lock. `files`
    holds every file that was ever attached, by its content, and `scans` what came of them. `hands`
    are the people who ever acted for the agency.
    """

    status: Status = "draft"
    entries: Mapping[str, Entry] = field(default_factory=dict)
    until: datetime | None = None
    locked_by: Literal["agency", "deadline"] | None = None
    locked_at: datetime | None = None
    files: Mapping[str, KnownFile] = field(default_factory=dict)
    scans: Mapping[str, Scan] = field(default_factory=dict)
    hands: frozenset[str] = frozenset()
    version: int = 0

    def entry(self, item: str) -> Entry:
        """What was said of an item."""
        return self.entries.get(item, NOTHING_SAID)

    def scan(self, sha256: str) -> Scan:
        """What came of a file, as far as a scanner was asked."""
        return self.scans.get(sha256, UNSCANNED)

    def has_file(self, sha256: str) -> bool:
        """Whether a file is attached to the sheet now."""
        return any(
            evidence.file.sha256 == sha256
            for entry in self.entries.values()
            for evidence in entry.evidence.values()
        )


def evolve(submission: Submission, recorded: Recorded) -> Submission:
    """The sheet after a fact."""
    hands = submission.hands | hands_in(recorded.context.actor)
    submission = replace(submission, hands=hands, version=recorded.version)
    match recorded.data:
        case events.SubmissionLocked() as fact:
            return replace(
                submission,
                status="locked",
                until=None,
                locked_by=fact.locked_by,
                locked_at=recorded.context.at,
            )
        case events.SubmissionReopened() as fact:
            return replace(submission, status="reopened", until=fact.until)
        case (
            events.ScoreSubmitted()
            | events.ScoreWithdrawn()
            | events.EvidenceAttached()
            | events.EvidenceWithdrawn()
            | events.ExplanationGiven()
        ) as fact:
            entry = _entry(submission.entry(fact.item), recorded)
            entries = {**submission.entries, fact.item: entry}
            return replace(submission, entries=entries, files=_files(submission, fact))
        case events.EvidenceQuarantined() as fact:
            return _scanned(submission, fact.sha256, QUARANTINED)
        case events.EvidenceCleared() as fact:
            return _scanned(submission, fact.sha256, cleared_by(fact.scanner))
        case events.EvidenceCondemned() as fact:
            return _scanned(submission, fact.sha256, condemned_by(fact.scanner, fact.finding))
        case _:
            return submission


def _files(submission: Submission, fact: events.Fact) -> Mapping[str, KnownFile]:
    if not isinstance(fact, events.EvidenceAttached):
        return submission.files
    before = submission.files.get(fact.file.sha256)
    items = (before.items if before else frozenset()) | {fact.item}
    file = KnownFile(fact.document.number, fact.file.media_type, fact.file.size_bytes, items)
    return {**submission.files, fact.file.sha256: file}


def _scanned(submission: Submission, sha256: str, scan: Scan) -> Submission:
    return replace(submission, scans={**submission.scans, sha256: scan})


def _entry(entry: Entry, recorded: Recorded) -> Entry:
    match recorded.data:
        case events.ScoreSubmitted() as fact:
            score = Score(fact.inputs, fact.points, recorded.id, recorded.version)
            return replace(entry, score=score)
        case events.ScoreWithdrawn():
            return replace(entry, score=None)
        case events.EvidenceAttached() as fact:
            attached = Evidence(fact.document, fact.file, recorded.id, recorded.version)
            return replace(entry, evidence={**entry.evidence, fact.evidence: attached})
        case events.EvidenceWithdrawn() as fact:
            kept = {name: e for name, e in entry.evidence.items() if name != fact.evidence}
            return replace(entry, evidence=kept)
        case events.ExplanationGiven() as fact:
            return replace(entry, explanation=Explanation(fact.text, recorded.id))
        case _:
            return entry
