"""What a scanner says of the files of a sheet: of each that waits in quarantine, and later again.

What is condemned is withdrawn in the same breath, as the agency itself could have done: whoever
reads the log needs to know no more. It is not where the council has no round left, or hardly any.
What rests on it would fall by the word of one program, and nobody could decide in time: so nobody
reads the file, and what was decided stands until the council has time again.
"""

from collections.abc import Sequence
from datetime import timedelta

from services.submission.domain.submission.commands import AttachEvidence, TakeScan
from services.submission.domain.submission.state import Submission
from shared.events import submission as events

TIME_TO_DECIDE = timedelta(days=1)
"""So much of the last round has to be left where evidence is withdrawn; files are scanned daily."""


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
    """Clear a file, or condemn it and withdraw it, whether it waits or is looked at once more.

    One that was condemned is cleared by signatures that came later. Where it stayed attached it is
    withdrawn when it is found again, once there is time to decide. A finding that is no news in a
    file that is cleared withdraws nothing.
    """
    if command.sha256 not in submission.files:
        return ()
    scan, is_clean = submission.scan(command.sha256), command.finding is None
    said = (_said(command),) if scan.is_news(command.scanner, clean=is_clean) else ()
    is_condemned = not is_clean and (bool(said) or scan.standing == "condemned")
    return (*said, *_withdrawals(command, submission)) if is_condemned else said


def _said(command: TakeScan) -> events.EvidenceCleared | events.EvidenceCondemned:
    if command.finding is None:
        return events.EvidenceCleared(
            cycle=command.situation.cycle.name,
            agency=command.situation.agency,
            sha256=command.sha256,
            scanner=command.scanner,
        )
    return events.EvidenceCondemned(
        cycle=command.situation.cycle.name,
        agency=command.situation.agency,
        sha256=command.sha256,
        scanner=command.scanner,
        finding=command.finding,
    )


def _withdrawals(command: TakeScan, submission: Submission) -> Sequence[events.EvidenceWithdrawn]:
    situation = command.situation
    closes = situation.cycle.calendar.closes("appraisal-2", situation.agency)
    if closes - situation.at < TIME_TO_DECIDE:
        return ()
    return [
        events.EvidenceWithdrawn(
            cycle=situation.cycle.name, agency=situation.agency, item=item, evidence=name
        )
        for item, entry in submission.entries.items()
        for name, evidence in entry.evidence.items()
        if evidence.file.sha256 == command.sha256
    ]
