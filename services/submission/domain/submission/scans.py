"""What a scanner says of the files of a sheet: of each that waits in quarantine, and later again.

What is condemned is withdrawn in the same breath, as the agency itself could have done: whoever
reads the log needs to know no more.
"""

from collections.abc import Sequence

from services.submission.domain.submission.commands import AttachEvidence, TakeScan
from services.submission.domain.submission.state import Submission
from shared.events import submission as events


def quarantine(command: AttachEvidence, submission: Submission) -> Sequence[events.Fact]:
    """Let a file wait that is to be attached, unless it does or was cleared on this sheet.

    It has to be recorded first: whoever hears of evidence has heard that its file waits. Raises
    `Refused` where it was condemned.
    """
    if not submission.scan(command.file.sha256).has_to_wait(scans=command.waits):
        return ()
    quarantined = events.EvidenceQuarantined(
        cycle=command.situation.cycle.name,
        agency=command.situation.agency,
        sha256=command.file.sha256,
    )
    return (quarantined,)


def take_scan(command: TakeScan, submission: Submission) -> Sequence[events.Fact]:
    """Clear a file, or condemn it and withdraw it, whether it waits or is looked at once more."""
    scan, is_clean = submission.scan(command.sha256), command.finding is None
    if command.sha256 not in submission.files or not scan.is_news(clean=is_clean):
        return ()
    if command.finding is None:
        cleared = events.EvidenceCleared(
            cycle=command.cycle,
            agency=command.agency,
            sha256=command.sha256,
            scanner=command.scanner,
        )
        return (cleared,)
    condemned = events.EvidenceCondemned(
        cycle=command.cycle,
        agency=command.agency,
        sha256=command.sha256,
        scanner=command.scanner,
        finding=command.finding,
    )
    return (condemned, *_withdrawals(command, submission))


def _withdrawals(command: TakeScan, submission: Submission) -> Sequence[events.EvidenceWithdrawn]:
    return [
        events.EvidenceWithdrawn(
            cycle=command.cycle, agency=command.agency, item=item, evidence=name
        )
        for item, entry in submission.entries.items()
        for name, evidence in entry.evidence.items()
        if evidence.file.sha256 == command.sha256
    ]
