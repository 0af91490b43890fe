"""Flags about an agency's sheet: what became of it behind a lock, a decision or an approval.

Which of two facts stands first says the ledger; where they are of two services, the second must
not be earlier by its own time either.
"""

from collections.abc import Iterator, Mapping

from shared.count.flags.flag import Raised, Subject
from shared.count.flags.known import Known, Locked, Moment
from shared.count.flags.limits import MAXIMUM_ITEMS_MIN
from shared.count.flags.told import Ref, Told
from shared.events import submission
from shared.kernel import points
from shared.kernel.calendar import local
from shared.kernel.points import exact
from shared.kernel.scheme import Scheme


def evidence_replaced(known: Known, told: Told) -> Iterator[Raised]:
    """Evidence that the council saw when it decided was withdrawn, or another took its name."""
    fact = told.data
    item = known.item(fact.agency, fact.item)
    seen, decided = item.evidence.get(fact.evidence), item.decided
    if seen is None or decided is None:
        return
    if seen.id in decided.evidence and told.at >= decided.at:
        yield Raised(
            subject=Subject(agency=fact.agency, item=fact.item),
            facts=(seen, decided.ref, told.ref),
            since=told.number,
            details={"evidence": fact.evidence, "at": local(told.at)},
        )


def raised_after_reopening(known: Known, told: Told) -> Iterator[Raised]:
    """More is claimed for an item than when the sheet was locked before, and then reopened.

    Locks are compared, so that what was tried in between does not count. A reopening while
    self-scoring ran (by its own time) is no more than a longer draft.
    """
    fact, agency = told.data, known.agency(told.data.agency)
    before, reopened = agency.locked, agency.reopened
    if before is None or reopened is None:
        return
    if known.is_past("self-scoring", reopened.at, fact.agency):
        for given in fact.items:
            yield from _raised(known, told, given, (before, reopened))


def _raised(
    known: Known, told: Told, given: submission.LockedItem, since: tuple[Locked, Moment]
) -> Iterator[Raised]:
    locked, reopened = since
    before, after = locked.points.get(given.item), points.found(given.points)
    if before is None or after is None or after <= before:
        return
    declared = known.item(told.data.agency, given.item).declaration
    yield Raised(
        subject=Subject(agency=told.data.agency, item=given.item),
        facts=(locked.ref, reopened.ref, *((declared,) if declared else ()), told.ref),
        since=told.number,
        details={"before": exact(before), "after": exact(after)},
    )


def reopened_after_approval(known: Known, told: Told) -> Iterator[Raised]:
    """A sheet was opened again when the council had approved the agency's appraisal."""
    fact = told.data
    approved = known.agency(fact.agency).approved
    if approved is not None and told.at >= approved.at:
        yield Raised(
            subject=Subject(agency=fact.agency, by=told.by),
            facts=(approved.ref, told.ref),
            since=told.number,
            details={"approved": local(approved.at), "until": local(fact.until)},
        )


def all_at_maximum(known: Known, told: Told) -> Iterator[Raised]:
    """A sheet was locked that claims the maximum of every item of the tree.

    What does not apply to the agency, or takes itself out of the maximum, is no item here; bonus
    and penalties are none either. Nothing is said where the scheme cannot be read.
    """
    fact = told.data
    scheme = known.schemes.get(fact.tier)
    if scheme is None:
        return
    extras = {item.code for item in (*scheme.bonus, *scheme.penalty)}
    claims = {
        given.item: _is_at_maximum(given)
        for given in fact.items
        if given.item not in extras and not _leaves_maximum(known, scheme, told, given.item)
    }
    if all(claims.values()) and len(claims) >= MAXIMUM_ITEMS_MIN:
        yield Raised(
            subject=Subject(agency=fact.agency),
            facts=_with_declarations(known, told, claims),
            since=told.number,
            details={"items": str(len(claims))},
        )


def _is_at_maximum(given: submission.LockedItem) -> bool:
    claimed = points.found(given.points)
    return claimed is not None and claimed == points.found(given.maximum)


def _leaves_maximum(known: Known, scheme: Scheme, told: Told, code: str) -> bool:
    item = scheme.items.get(code)
    takes_out = item is not None and item.no_task == "not-applicable"
    return takes_out and known.item(told.data.agency, code).no_task


def _with_declarations(known: Known, told: Told, claims: Mapping[str, bool]) -> tuple[Ref, ...]:
    declared = (known.item(told.data.agency, code).declaration for code in claims)
    return (told.ref, *sorted(ref for ref in declared if ref is not None))
