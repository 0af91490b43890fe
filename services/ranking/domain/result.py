"""The result of a cycle (kết quả): approved by the council, published by decision, and corrected.

A result is nothing but a place in the ledger and a digest of the table counted up to it. The
council approves a digest that it has seen; what is published is what was approved, by another
person than approved it. A correction is a further revision with an approval of its own, and the
earlier ones stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from shared.count.hindrance import Hindrance
from shared.events import ranking as events
from shared.events import submission
from shared.events.envelope import Recorded, Sealed
from shared.kernel.authority import require_second_person
from shared.kernel.decider import Decider
from shared.kernel.errors import Flaw, Forbidden, Refused

HINDRANCES_TOLD_MAX = 100
"""How many hindrances one refusal lists; it says how many there are."""


@dataclass(frozen=True, slots=True)
class Present:
    """What can be approved or published at this moment, and what forbids it."""

    basis: events.Basis
    hindrances: tuple[Hindrance, ...]


@dataclass(frozen=True, slots=True)
class ApproveResult:
    """The council (Hội đồng) approves the table whose digest it has `seen`."""

    cycle: str
    seen: str
    present: Present


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The result is made public (công bố) for the first time: revision 1.

    `by` is the reference of who does it.
    """

    cycle: str
    by: str
    decision: submission.LegalAct
    present: Present


@dataclass(frozen=True, slots=True)
class CorrectResult:
    """A published result is replaced as the next revision: by another, or by another decision.

    The decision is another where the one that was published had a wrong number or date.
    """

    cycle: str
    by: str
    revision: int
    decision: submission.LegalAct
    because: Sealed
    present: Present


Command = ApproveResult | PublishResult | CorrectResult


@dataclass(frozen=True, slots=True)
class Approval:
    """What the council approved, and who said so for it, by reference."""

    basis: events.Basis
    by: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One revision of the public result."""

    revision: int
    basis: events.Basis
    decision: submission.LegalAct
    because: Sealed | None
    fact: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """Every revision that was published, in order, and what was approved since the last one."""

    approved: Approval | None = None
    publications: tuple[Publication, ...] = ()


def evolve(state: Result, recorded: Recorded) -> Result:
    """Fold one fact of a result."""
    fact: events.ResultFact = recorded.data
    match fact:
        case events.ResultApproved(basis=basis):
            return replace(state, approved=Approval(basis, recorded.context.actor or ""))
        case events.ResultPublished():
            return _with_publication(state, recorded, None)
        case events.ResultCorrected(because=because):
            return _with_publication(state, recorded, because)
        case _:
            assert_never(fact)


def decide(command: Command, state: Result) -> Sequence[events.ResultFact]:
    """Decide on a command."""
    match command:
        case ApproveResult():
            return _approve_result(command, state)
        case PublishResult():
            return _publish_result(command, state)
        case CorrectResult():
            return _correct_result(command, state)
        case _:
            assert_never(command)


def why_not_approve(state: Result, present: Present) -> str | None:
    """The code that forbids an approval now; None if it is possible."""
    if _is_approved(state, present):
        return "result-approved-already"
    return "result-hindered" if present.hindrances else None


def why_not_publish(state: Result, present: Present, by: str) -> str | None:
    """The code that forbids somebody to publish or correct now; None if it is possible."""
    try:
        _require_approval(state, present, by)
    except (Forbidden, Refused) as problem:
        return problem.code
    return None


def actions(state: Result, present: Present, by: str) -> Mapping[str, str | None]:
    """What somebody can do now, and the code that forbids what they cannot."""
    publishing = why_not_publish(state, present, by)
    published = bool(state.publications)
    return {
        "approve-result": why_not_approve(state, present),
        "publish-result": "result-published-already" if published else publishing,
        "correct-result": publishing if published else "result-not-published",
    }


def _approve_result(command: ApproveResult, state: Result) -> Sequence[events.ResultFact]:
    present = command.present
    if command.seen != present.basis.digest:
        raise Refused("table-changed", seen=command.seen, present=present.basis.digest)
    if _is_approved(state, present):
        return ()
    _require_no_hindrance(present)
    return [events.ResultApproved(cycle=command.cycle, basis=present.basis)]


def _publish_result(command: PublishResult, state: Result) -> Sequence[events.ResultFact]:
    if state.publications:
        return _said_again(state.publications[0], command.decision, None)
    _require_approval(state, command.present, command.by)
    return [
        events.ResultPublished(
            cycle=command.cycle,
            revision=1,
            basis=command.present.basis,
            decision=command.decision,
        )
    ]


def _correct_result(command: CorrectResult, state: Result) -> Sequence[events.ResultFact]:
    revision, last = command.revision, len(state.publications)
    if revision <= last:
        return _said_again(state.publications[revision - 1], command.decision, command.because)
    if revision != last + 1 or not last:
        raise Refused("revision-out-of-order", revision=str(revision), next=str(last + 1))
    before = state.publications[-1]
    if (before.basis.digest, before.decision) == (command.present.basis.digest, command.decision):
        raise Refused("table-unchanged")
    _require_approval(state, command.present, command.by)
    return [
        events.ResultCorrected(
            cycle=command.cycle,
            revision=revision,
            basis=command.present.basis,
            decision=command.decision,
            because=command.because,
        )
    ]


def _said_again(
    published: Publication, decision: submission.LegalAct, because: Sealed | None
) -> Sequence[events.ResultFact]:
    if (published.decision, published.because) != (decision, because):
        raise Refused(
            "revision-published",
            revision=str(published.revision),
            decision=published.decision.number,
        )
    return ()


def _require_approval(state: Result, present: Present, by: str) -> None:
    """The table is as it was approved since the last publication, by another person."""
    _require_no_hindrance(present)
    if state.approved is None:
        raise Refused("result-not-approved")
    if not _is_approved(state, present):
        raise Refused("approval-outdated")
    require_second_person(state.approved.by, by, action="approve-result")


def _require_no_hindrance(present: Present) -> None:
    if present.hindrances:
        told = present.hindrances[:HINDRANCES_TOLD_MAX]
        flaws = [Flaw("", hindrance.code, hindrance.details) for hindrance in told]
        raise Refused("result-hindered", flaws=flaws, count=str(len(present.hindrances)))


def _is_approved(state: Result, present: Present) -> bool:
    return state.approved is not None and state.approved.basis.digest == present.basis.digest


def _with_publication(state: Result, recorded: Recorded, because: Sealed | None) -> Result:
    fact = recorded.data
    publication = Publication(
        fact.revision, fact.basis, fact.decision, because, recorded.id, recorded.context.at
    )
    return replace(state, approved=None, publications=(*state.publications, publication))


decider = Decider(initial=Result(), decide=decide, evolve=evolve)
