"""Flags about who decides: too fast, alone, or on their own agency."""

from collections.abc import Iterator
from datetime import timedelta

from shared.count.flags import runs
from shared.count.flags.flag import Raised, Subject
from shared.count.flags.known import Known
from shared.count.flags.limits import ONE_HAND_ITEMS_MIN, RUN_DECISIONS_MIN, SECONDED_S_MIN
from shared.count.flags.told import COUNCIL, Told, is_decision
from shared.events import appraisal


def decided_in_seconds(known: Known, told: Told) -> Iterator[Raised]:
    """One member decided many items, each within seconds of the one before, by their own times.

    What the member sent first, in one request, is left out: it may have been read for hours
    before. What follows on its heels can only have been read before as well.
    """
    if not told.by or not is_decision(told.data):
        return
    run = runs.after(known.runs.get(told.by), told)
    if run.behind >= RUN_DECISIONS_MIN:
        yield Raised(
            subject=Subject(by=told.by),
            facts=(*run.facts, told.ref),
            since=run.since,
            details={
                "decisions": str(run.decisions),
                "behind": str(run.behind),
                "seconds": str(run.seconds),
            },
        )


def seconded_at_once(known: Known, told: Told) -> Iterator[Raised]:
    """A second person agreed so soon after the first, by their own times, that none can examine."""
    fact = told.data
    proposed = known.proposed(fact.agency, fact.action)
    if proposed is None:
        return
    took = told.at - proposed.at
    if took < timedelta(seconds=SECONDED_S_MIN):
        yield Raised(
            subject=Subject(agency=fact.agency, item=proposed.item, by=told.by),
            facts=(proposed.ref, told.ref),
            since=told.number,
            details={"seconds": str(max(took // timedelta(seconds=1), 0)), "action": fact.kind},
        )


def acted_on_own_agency(known: Known, told: Told) -> Iterator[Raised]:
    """A member acted for the council on an agency with which the member is registered.

    The registration may stand before the act or behind it: where somebody belongs does not change
    by being written down late.
    """
    if isinstance(told.data, appraisal.CriterionAssigned):
        yield from _registered_late(known, told)
        return
    agency = told.data.agency
    registered = known.registered.get(told.by, {}).get(agency)
    if registered is not None:
        yield Raised(Subject(agency=agency, by=told.by), (registered, told.ref), told.number)


def _registered_late(known: Known, told: Told) -> Iterator[Raised]:
    for member in told.data.members:
        by = COUNCIL + member.id
        acted = known.hands.get(by, {}).get(member.agency)
        if acted is not None and member.agency not in known.registered.get(by, {}):
            subject = Subject(agency=member.agency, by=by)
            yield Raised(subject, (acted, told.ref), told.number)


def decided_by_one(known: Known, told: Told) -> Iterator[Raised]:
    """One member alone decided every item of an agency, and approved the whole as well.

    What took a second person was not decided by one.
    """
    agency = told.data.agency
    decisions = [item.decided for item in known.agency(agency).items.values() if item.decided]
    alone = all(each.by == told.by and not each.together for each in decisions)
    if told.by and alone and len(decisions) >= ONE_HAND_ITEMS_MIN:
        yield Raised(
            subject=Subject(agency=agency, by=told.by),
            facts=(*sorted(each.ref for each in decisions), told.ref),
            since=told.number,
            details={"items": str(len(decisions))},
        )
