"""What stands against a change of a sheet: nothing, or the refusal that says why.

The same functions refuse commands and tell a reader which actions are possible now.
"""

from datetime import datetime

from services.submission.domain.submission.commands import Situation
from services.submission.domain.submission.state import Submission
from shared.kernel.calendar import local
from shared.kernel.errors import Refused, Stale
from shared.kernel.scheme import Item


def against_taking_part(situation: Situation) -> Refused | None:
    """The agency has a sheet in a running cycle."""
    cycle, agency = situation.cycle, situation.agency
    if agency not in cycle.agencies:
        return Refused("agency-not-in-cycle", agency=agency, cycle=cycle.name)
    if cycle.status == "withdrawn":
        return Refused("cycle-withdrawn", cycle=cycle.name)
    if agency in cycle.withdrawn:
        return Refused("agency-withdrawn", agency=agency, cycle=cycle.name)
    if cycle.is_imported(agency):
        return Refused("results-imported", agency=agency, cycle=cycle.name)
    if not cycle.is_readable(agency):
        tier = cycle.agencies[agency].tier
        return Refused("scheme-unreadable", tier=tier)
    return None


def against_drafting(situation: Situation, submission: Submission) -> Refused | None:
    """The agency may change anything on its sheet now."""
    refusal = against_taking_part(situation)
    if refusal is not None:
        return refusal
    match submission.status:
        case "locked":
            return Refused("submission-locked", agency=situation.agency)
        case "reopened":
            return _against_reopened(situation, submission)
        case "draft":
            return _against_draft(situation)


def against_adding(situation: Situation, submission: Submission, item: str) -> Refused | None:
    """The agency may add evidence or an explanation to an item now.

    While it drafts; and after the lock where the council has asked for it, or has rejected the
    item in its first round and the explanation phase runs.
    """
    refusal = against_drafting(situation, submission)
    if refusal is None or refusal.code != "submission-locked":
        return refusal
    asked_until = situation.council.questions.get(item)
    if asked_until is not None and situation.at < asked_until:
        return None
    calendar = situation.cycle.calendar
    explaining = calendar.is_open("explanation", situation.at, situation.agency)
    if item in situation.council.rejected and explaining:
        return None
    return refusal


def against_storing(situation: Situation, submission: Submission) -> Refused | None:
    """The agency may bring a file now, since there is an item to which it may add evidence."""
    refusal = against_drafting(situation, submission)
    asked = {*situation.council.questions, *situation.council.rejected}
    if any(against_adding(situation, submission, item) is None for item in asked):
        return None
    return refusal


def require(refusal: Refused | None) -> None:
    """Raise what stands against it, if anything does."""
    if refusal is not None:
        raise refusal


def require_read(item: str, current: int | None, based_on: int | None) -> None:
    """Whoever changes what has a version has read that one, and nothing where there is none."""
    if based_on == current:
        return
    if based_on is None:
        raise Stale("version-required", item=item, current=str(current))
    if current is None:
        raise Stale("version-of-nothing", item=item)
    raise Stale("version-stale", item=item, current=str(current))


def declared_item(situation: Situation, code: str) -> Item:
    """The item by its code, if the agency is one to declare it."""
    require(against_taking_part(situation))
    item = situation.cycle.scheme_of(situation.agency).items.get(code)
    if item is None:
        raise Refused("item-unknown", item=code)
    if item.part != "self":
        raise Refused("item-is-surveyed", item=code)
    if not item.applies_to(situation.agency):
        raise Refused("item-not-applicable", item=code, agency=situation.agency)
    return item


def reopened_until(situation: Situation, submission: Submission) -> datetime:
    """When a reopening ends: as it was said, but not before self-scoring does for the agency."""
    assert submission.until is not None, "a reopening has an end"
    return max(submission.until, situation.cycle.calendar.closes("self-scoring", situation.agency))


def _against_reopened(situation: Situation, submission: Submission) -> Refused | None:
    closes = reopened_until(situation, submission)
    if situation.at < closes:
        return None
    return Refused("reopening-over", until=local(closes))


def _against_draft(situation: Situation) -> Refused | None:
    calendar = situation.cycle.calendar
    opens = calendar.opens("self-scoring")
    if situation.at < opens:
        return Refused("self-scoring-not-open", opens=local(opens))
    closes = calendar.closes("self-scoring", situation.agency)
    if situation.at >= closes:
        return Refused("self-scoring-closed", closes=local(closes))
    return None
