"""Flags about time: what happened after it was over, and rules that moved meanwhile.

People's acts are judged by their own times, on the clock by which the calendar was kept: the
ledger hears of them later.
"""

from collections.abc import Iterator
from datetime import datetime

from shared.count.flags.flag import Raised, Subject
from shared.count.flags.known import Known
from shared.count.flags.told import Told
from shared.events import submission
from shared.kernel.calendar import local

SAID = (
    submission.ScoreSubmitted,
    submission.ScoreWithdrawn,
    submission.EvidenceAttached,
    submission.EvidenceWithdrawn,
    submission.ExplanationGiven,
)
"""What an agency says of an item."""


def changed_after_deadline(known: Known, told: Told) -> Iterator[Raised]:
    """An agency changed an item when self-scoring was over for it, by the change's own time.

    To add evidence or an explanation where the council asked, or rejected the item at first, is no
    such change: that is what the time after the lock is for. A reopened sheet is one, and the flag
    names the reopening.
    """
    fact = told.data
    if known.is_past("self-scoring", told.at, fact.agency) and not _was_asked_for(known, told):
        reopened = known.agency(fact.agency).reopened
        closes = known.closes("self-scoring", fact.agency)
        yield Raised(
            subject=Subject(agency=fact.agency, item=fact.item),
            facts=(*((reopened.ref,) if reopened else ()), told.ref),
            since=told.number,
            details={"at": local(told.at), "closes": _local(closes)},
        )


def extended_late(known: Known, told: Told) -> Iterator[Raised]:
    """A deadline was moved when it had passed, by the extension's own time."""
    fact = told.data
    if known.is_past(fact.phase, told.at, fact.agency or ""):
        closes = known.closes(fact.phase, fact.agency or "")
        yield Raised(
            subject=Subject(agency=fact.agency or "", by=told.by),
            facts=(told.ref,),
            since=told.number,
            details={
                "phase": fact.phase,
                "closes": _local(closes),
                "at": local(told.at),
                "until": local(fact.until),
            },
        )


def amended_late(known: Known, told: Told) -> Iterator[Raised]:
    """The rules of a tier changed when self-scoring was over, by the amendment's own time."""
    if known.is_past("self-scoring", told.at):
        yield Raised(
            subject=Subject(tier=told.data.tier, by=told.by),
            facts=(told.ref,),
            since=told.number,
            details={"at": local(told.at), "closes": _local(known.closes("self-scoring"))},
        )


def _was_asked_for(known: Known, told: Told) -> bool:
    """Whether the council let the agency add this."""
    fact, item = told.data, known.item(told.data.agency, told.data.item)
    match fact:
        case submission.ExplanationGiven():
            adds = True
        case submission.EvidenceAttached():
            adds = fact.evidence not in item.evidence
        case _:
            adds = False
    explaining = item.rejected and known.is_open("explanation", told.at, fact.agency)
    return adds and (told.at < item.answer_until or explaining)


def _local(instant: datetime | None) -> str:
    assert instant is not None, "what has passed has a time"
    return local(instant)
