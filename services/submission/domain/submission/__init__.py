"""The submission: what one agency declares and proves in a cycle, until it is locked.

One stream, `submission/{cycle}/{agency}`. A draft may change while self-scoring is open; after the
lock (chốt điểm) only what the council asks for is added, unless a superior reopens the sheet.
"""

from collections.abc import Sequence
from typing import assert_never

from services.submission.domain.submission import locks, proofs, scans, scores
from services.submission.domain.submission.commands import (
    AttachEvidence,
    Command,
    GiveExplanation,
    Lock,
    LockOverdue,
    Reopen,
    ReopenExtended,
    Situation,
    SubmitScore,
    SubmitScores,
    TakeScan,
    WithdrawEvidence,
    WithdrawScore,
)
from services.submission.domain.submission.guards import (
    against_adding,
    against_drafting,
    against_storing,
    against_taking_part,
    require,
)
from services.submission.domain.submission.locks import (
    against_locking,
    against_reopening,
    is_cut_short,
    is_overdue,
    lacks_proof,
    unproved,
)
from services.submission.domain.submission.proofs import (
    FILE_BYTES_MAX,
    MEDIA_TYPES,
    against_type,
)
from services.submission.domain.submission.state import Entry, Submission, evolve
from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel.decider import Decider

__all__ = [
    "FILE_BYTES_MAX",
    "MEDIA_TYPES",
    "AttachEvidence",
    "Command",
    "Entry",
    "GiveExplanation",
    "Lock",
    "LockOverdue",
    "Reopen",
    "ReopenExtended",
    "Situation",
    "Submission",
    "SubmitScore",
    "SubmitScores",
    "TakeScan",
    "WithdrawEvidence",
    "WithdrawScore",
    "against_adding",
    "against_drafting",
    "against_locking",
    "against_reopening",
    "against_storing",
    "against_taking_part",
    "against_type",
    "decide",
    "decider",
    "evolve",
    "is_cut_short",
    "is_overdue",
    "lacks_proof",
    "require",
    "stream",
    "unproved",
]


def decide(  # noqa: C901, PLR0912 - one case for each command, and nothing else
    command: Command, submission: Submission
) -> Sequence[events.Fact]:
    """The facts that follow from a command."""
    match command:
        case SubmitScore():
            return scores.submit_score(command, submission)
        case SubmitScores():
            return scores.submit_scores(command, submission)
        case WithdrawScore():
            return scores.withdraw_score(command, submission)
        case AttachEvidence():
            return proofs.attach_evidence(command, submission)
        case WithdrawEvidence():
            return proofs.withdraw_evidence(command, submission)
        case TakeScan():
            return scans.take_scan(command, submission)
        case GiveExplanation():
            return proofs.give_explanation(command, submission)
        case Lock():
            return locks.lock(command, submission)
        case LockOverdue():
            return locks.lock_overdue(command, submission)
        case ReopenExtended():
            return locks.reopen_extended(command, submission)
        case Reopen():
            return locks.reopen(command, submission)
        case _:
            assert_never(command)


def stream(cycle: str, agency: str) -> str:
    """The stream of an agency's submission."""
    return f"submission/{cycle}/{agency}"


decider: Decider[Command, Submission, Recorded] = Decider(Submission(), decide, evolve)
