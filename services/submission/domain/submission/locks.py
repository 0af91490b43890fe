"""Closing a sheet (chốt điểm), by the agency or at the deadline, and opening it again."""

from collections.abc import Iterator, Sequence
from typing import Literal

from services.submission.domain.duties import criterion_of
from services.submission.domain.submission import guards
from services.submission.domain.submission.commands import (
    Lock,
    LockOverdue,
    Reopen,
    ReopenExtended,
    Situation,
)
from services.submission.domain.submission.state import Entry, Score, Submission
from shared.events import submission as events
from shared.kernel import points, rules
from shared.kernel.calendar import against_time, local
from shared.kernel.errors import Flaw, Refused
from shared.kernel.scheme import Item, Scheme


def lock(command: Lock, submission: Submission) -> Sequence[events.Fact]:
    """Close the sheet, once everything that has to be proved is."""
    guards.require(guards.against_taking_part(command.situation))
    if submission.status == "locked":
        return ()
    guards.require(against_locking(command.situation, submission))
    return (_locked(command.situation, submission, "agency"),)


def lock_overdue(command: LockOverdue, submission: Submission) -> Sequence[events.Fact]:
    """Close the sheet as it is, if its time is over; until then nothing happens."""
    if not is_overdue(command.situation, submission):
        return ()
    return (_locked(command.situation, submission, "deadline"),)


def reopen_extended(command: ReopenExtended, submission: Submission) -> Sequence[events.Fact]:
    """Open a sheet again that the system closed before more time was given; or nothing happens."""
    situation = command.situation
    extension = situation.cycle.extension_of(situation.agency)
    if extension is None or not is_cut_short(situation, submission):
        return ()
    reopened = events.SubmissionReopened(
        cycle=situation.cycle.name,
        agency=situation.agency,
        until=extension.until,
        because=extension.because,
    )
    return (reopened,)


def reopen(command: Reopen, submission: Submission) -> Sequence[events.Fact]:
    """Open a locked sheet again, or give a reopened one another end."""
    situation = command.situation
    guards.require(guards.against_taking_part(situation))
    if submission.status == "reopened" and submission.until == command.until:
        return ()
    if submission.status == "draft":
        raise Refused("submission-not-locked", agency=situation.agency)
    if not command.seconded:
        guards.require(_against_reopening_alone(situation))
    guards.require(against_time(command.until))
    if command.until <= situation.at:
        raise Refused("until-in-the-past", until=local(command.until))
    reopened = events.SubmissionReopened(
        cycle=situation.cycle.name,
        agency=situation.agency,
        until=command.until,
        because=command.because,
    )
    return (reopened,)


def against_locking(situation: Situation, submission: Submission) -> Refused | None:
    """The agency may lock its sheet now."""
    refusal = guards.against_drafting(situation, submission)
    if refusal is not None:
        return refusal
    flaws = [
        Flaw(f"/items/{item.code}", "proof-missing", {"item": item.code, "wanted": item.evidence})
        for item in unproved(situation, submission)
    ]
    return Refused("submission-incomplete", flaws=flaws) if flaws else None


def against_reopening(situation: Situation, submission: Submission) -> Refused | None:
    """A superior may reopen the sheet now."""
    refusal = guards.against_taking_part(situation)
    if refusal is None and submission.status == "draft":
        return Refused("submission-not-locked", agency=situation.agency)
    return refusal or _against_reopening_alone(situation)


def _against_reopening_alone(situation: Situation) -> Refused | None:
    """What the council has approved is opened again by two of its members alone."""
    if situation.council.approved:
        return Refused("reopening-takes-council", agency=situation.agency)
    return None


def unproved(situation: Situation, submission: Submission) -> Iterator[Item]:
    """The items that claim something, have to be proved, and have neither evidence nor explanation.

    What is not declared claims nothing, and needs no proof.
    """
    for item in situation.cycle.declared_items(situation.agency):
        if lacks_proof(item, submission.entry(item.code)):
            yield item


def lacks_proof(item: Item, entry: Entry) -> bool:
    """Whether the item claims something that neither evidence nor an explanation supports.

    To leave the maximum is as good as points for the index, and is claimed like them.
    """
    if entry.score is None or entry.evidence or entry.explanation or not item.evidence:
        return False
    return points.parse_exact(entry.score.points) > 0 or _leaves_maximum(item, entry.score)


def _leaves_maximum(item: Item, score: Score) -> bool:
    try:
        return not rules.evaluate(item, score.inputs).applicable
    except Refused:
        return False  # An amended rule wants other inputs: this declaration counts for nothing.


def is_overdue(situation: Situation, submission: Submission) -> bool:
    """Whether the system has to lock: the deadline, or the end of the reopening, has passed.

    A cycle of a past year, opened after its deadline to hold imported results, locks nothing. Nor
    is an agency that was added after the deadline locked before a deadline that was set for it.
    """
    if guards.against_taking_part(situation) is not None:
        return False
    match submission.status:
        case "locked":
            return False
        case "reopened":
            return situation.at >= guards.reopened_until(situation, submission)
        case "draft":
            closes = situation.cycle.calendar.closes("self-scoring", situation.agency)
            return situation.cycle.scored_since(situation.agency) < closes <= situation.at


def is_cut_short(situation: Situation, submission: Submission) -> bool:
    """Whether the system locked a sheet to which an extension gives more time.

    An extension is one person's word, and takes nothing back that the council has approved.
    """
    if guards.against_taking_part(situation) is not None or situation.council.approved:
        return False
    if (submission.status, submission.locked_by) != ("locked", "deadline"):
        return False
    extension = situation.cycle.extension_of(situation.agency)
    return extension is not None and situation.at < extension.until


def _locked(
    situation: Situation, submission: Submission, locked_by: Literal["agency", "deadline"]
) -> events.SubmissionLocked:
    scheme = situation.cycle.scheme_of(situation.agency)
    return events.SubmissionLocked(
        cycle=situation.cycle.name,
        agency=situation.agency,
        tier=scheme.tier,
        locked_by=locked_by,
        items=tuple(
            _locked_item(item, scheme, submission)
            for item in situation.cycle.declared_items(situation.agency)
        ),
    )


def _locked_item(item: Item, scheme: Scheme, submission: Submission) -> events.LockedItem:
    entry = submission.entry(item.code)
    return events.LockedItem(
        item=item.code,
        criterion=criterion_of(item, scheme),
        maximum=points.exact(item.maximum),
        points=entry.score.points if entry.score else "0",
        declaration=entry.score.fact if entry.score else "",
        evidence=tuple(evidence.fact for evidence in entry.evidence.values()),
        explanation=entry.explanation.fact if entry.explanation else "",
    )
