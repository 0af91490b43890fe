"""What came out: the facts counted again, and everything that was claimed of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.count.replay import Count, Replay
from shared.events import codec, ranking, submission
from shared.events.envelope import cycle_of
from shared.kernel.scheme import Scheme
from shared.verify.fault import Fault, edits

HOLDS, FAULTY, UNUSABLE, UNPUBLISHED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact that says what a beginning of the ledger comes to.

    Of a publication, `due` is the revision that had to be next, and `approved` the digest that was
    approved last before it.
    """

    fact: str
    kind: str
    revision: int | None
    stated: ranking.Basis
    number: int
    due: int
    approved: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A beginning of the ledger counted, with the names that held there."""

    count: Count
    roster: Mapping[str, submission.Agency]
    schemes: Mapping[str, Scheme]


@dataclass(frozen=True, slots=True)
class Report:
    """What came out."""

    cycle: str
    replay: Replay
    claims: Sequence[Claim]
    counts: Mapping[int, Counted]
    edits: Sequence[Fault]

    def faults(self) -> Sequence[Fault]:
        """Every fault: of the file, of the place of facts, and of what is claimed."""
        found = [Fault(fault.number, fault.fact, fault.code) for fault in self.replay.faults]
        claimed = [fault for claim in self.claims for fault in self.differences(claim)]
        return [*self.edits, *found, *claimed]

    def differences(self, claim: Claim) -> Iterator[Fault]:
        """Where a claim differs from the facts."""
        position = {"position": str(claim.stated.position)}
        if not 0 < claim.stated.position < claim.number:
            yield _fault(claim, "position-impossible", position)
            return
        counted = self.counts[claim.stated.position].count
        stated, found = claim.stated, counted.basis
        if found.root != stated.root:
            roots = {"stated": stated.root, "found": found.root}
            yield _fault(claim, "root-differs", position | roots)
        if found.digest != stated.digest:
            digests = {"stated": stated.digest, "found": found.digest}
            yield _fault(claim, "digest-differs", position | digests)
        if claim.revision is not None:
            yield from _trespasses(claim, counted)

    @property
    def published(self) -> Claim | None:
        """The newest publication; None if there is none."""
        publications = [claim for claim in self.claims if claim.revision is not None]
        return publications[-1] if publications else None

    @property
    def result(self) -> Counted:
        """What was last published, counted again; else all of the facts."""
        published = self.published
        position = published.stated.position if published else self.replay.size
        return self.counts.get(position, self.counts[self.replay.size])

    @property
    def provisional(self) -> bool:
        """Whether `result` is anything else than what was published last, and holds."""
        published = self.published
        is_published = published is not None and self.result.count.basis == published.stated
        return bool(self.faults()) or not is_published

    @property
    def exit_code(self) -> int:
        """See `shared.verify.command`."""
        if self.faults():
            return FAULTY
        return HOLDS if self.published else UNPUBLISHED


def verify(entries: Sequence[bytes]) -> Report:
    """Count the entries of one ledger, at its end and wherever something is claimed of it."""
    claims = list(_claims(entries))
    wanted = {claim.stated.position for claim in claims} | {len(entries)}
    cycle = _cycle(entries)
    replay, counts = Replay(cycle), {}
    for entry in entries:
        replay.take(entry)
        if replay.size in wanted:
            state = replay.state
            counts[replay.size] = Counted(replay.count(), dict(state.roster), dict(state.schemes))
    return Report(cycle, replay, claims, counts, list(edits(entries)))


def _trespasses(claim: Claim, counted: Count) -> Iterator[Fault]:
    """Why a publication was not permitted when it was made."""
    if claim.revision != claim.due:
        revisions = {"stated": str(claim.revision), "due": str(claim.due)}
        yield _fault(claim, "revision-out-of-order", revisions)
    if claim.approved != claim.stated.digest:
        approved = {"published": claim.stated.digest, "approved": claim.approved or "-"}
        yield _fault(claim, "approval-missing", approved)
    for hindrance in counted.hindrances:
        if hindrance.code == "ledger-damaged":
            continue  # The damage is among the faults of the replay.
        because = " ".join([hindrance.code, *hindrance.details.values()])
        yield _fault(claim, "hindered", {"because": because})


def _fault(claim: Claim, code: str, details: Mapping[str, str]) -> Fault:
    return Fault(claim.number, claim.fact, code, details)


def _claims(entries: Sequence[bytes]) -> Iterator[Claim]:
    due, approved = 1, ""
    for number, entry in enumerate(entries, start=1):
        try:
            if not codec.head(entry).stream.startswith("result/"):
                continue
            recorded = codec.decode(entry)
        except codec.Unreadable:
            continue  # It is among the faults of the replay.
        fact: ranking.Fact = recorded.data
        revision = None if isinstance(fact, ranking.ResultApproved) else fact.revision
        yield Claim(recorded.id, recorded.type, revision, fact.basis, number, due, approved)
        if revision is None:
            approved = fact.basis.digest
        else:
            due = revision + 1


def _cycle(entries: Sequence[bytes]) -> str:
    """The cycle of the first entry that names one; every other has to agree."""
    for entry in entries:
        try:
            return cycle_of(codec.head(entry).stream)
        except codec.Unreadable:
            continue
    return ""
