"""What came out: the facts counted again, and everything that was said of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.count.bundle import Claim
from shared.count.replay import Count, Replay
from shared.events import submission
from shared.kernel.scheme import Scheme
from shared.verify.checkpoints import Kept
from shared.verify.fault import EXITS, HOLDS, UNPUBLISHED, Fault
from shared.verify.files import Files

Verdict = Literal["holds", "unpublished", "faulty"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A beginning of the ledger counted, with the names that held there."""

    count: Count
    roster: Mapping[str, submission.Agency]
    schemes: Mapping[str, Scheme]


@dataclass(frozen=True, slots=True)
class Anchored:
    """Up to which number entries are vouched for by somebody outside, and signed by the log."""

    outside: int
    signed: int


@dataclass(frozen=True, slots=True)
class Report:
    """What came out; faults stand by class, member and number.

    `result` is what was published last, counted again; else all of the facts. `files` are those of
    evidence, where some were given. `not_judged` are questionnaires of a former shape, whose
    batches could not be held against receipts and invitations.
    """

    cycle: str
    replay: Replay
    end: Count
    result: Counted
    claims: Sequence[Claim]
    checkpoints: Sequence[Kept]
    faults: Sequence[Fault]
    files: Files | None
    is_bundle: bool
    not_judged: Sequence[str]

    @property
    def differing(self) -> frozenset[int]:
        """The numbers of the claims that differ from the facts."""
        ours = (fault for fault in self.faults if fault.kind == "result" and not fault.member)
        return frozenset(fault.number for fault in ours)

    @property
    def published(self) -> Claim | None:
        """The newest publication; None if there is none."""
        publications = [claim for claim in self.claims if claim.revision is not None]
        return publications[-1] if publications else None

    @property
    def provisional(self) -> bool:
        """Whether `result` is anything else than what was published last, and holds."""
        published = self.published
        is_published = published is not None and self.result.count.basis == published.stated
        return bool(self.faults) or not is_published

    @property
    def anchored(self) -> Anchored:
        """What the checkpoints vouch for."""
        signed = [each for each in self.checkpoints if not (each.is_given or each.faults)]
        return Anchored(
            _largest(each for each in self.checkpoints if each.anchors), _largest(signed)
        )

    @property
    def classes(self) -> Sequence[str]:
        """The classes of faults, the gravest first."""
        return sorted({fault.kind for fault in self.faults}, key=lambda kind: EXITS[kind])

    @property
    def exit_code(self) -> int:
        """See `shared.verify.command`."""
        if self.faults:
            return EXITS[self.classes[0]]
        return HOLDS if self.published else UNPUBLISHED

    @property
    def verdict(self) -> Verdict:
        """The same in a word."""
        if self.faults:
            return "faulty"
        return "holds" if self.published else "unpublished"


def _largest(kept: Iterator[Kept] | Sequence[Kept]) -> int:
    return max((each.checkpoint.size for each in kept), default=0)
