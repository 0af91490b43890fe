"""Flags about explanations (giải trình): asked for and never given, or given and never heard.

Any evidence or explanation that comes after a question answers it, and so does a new declaration.
Whether the time to answer is over is said on the calendar's clock: by the own time of what settled
the question, or by the latest own time in the log.
"""

from collections.abc import Iterator
from datetime import datetime

from shared.count.flags.flag import Raised, Subject
from shared.count.flags.known import ItemKnown, Known, Requested
from shared.count.flags.told import Ref, Told
from shared.events import appraisal
from shared.kernel.calendar import local


def unanswered(known: Known, told: Told) -> Iterator[Raised]:
    """A question was settled, or asked anew, when its time was over and no answer had come."""
    for item, requested in _settled(known, told):
        if told.at >= requested.until:
            yield _unanswered(told.data.agency, item, requested, told.ref)


def still_unanswered(known: Known) -> Iterator[Raised]:
    """A question whose time is over by the log's own clock, and that nothing has answered yet."""
    for code, agency in known.agencies.items():
        for item, said in agency.items.items():
            if said.requested is not None and said.requested.until <= known.reached:
                yield _unanswered(code, item, said.requested)


def decided_before_answer(known: Known, told: Told) -> Iterator[Raised]:
    """The council decided, or approved, while the agency still had time to answer, and had not."""
    if isinstance(told.data, appraisal.ExplanationRequested):
        return  # To ask again is not to decide.
    for item, requested in _settled(known, told):
        if told.at < requested.until:
            yield Raised(
                subject=Subject(agency=told.data.agency, item=item),
                facts=(requested.ref, told.ref),
                since=told.number,
                details={"at": local(told.at), "until": local(requested.until)},
            )


def never_heard(known: Known, told: Told) -> Iterator[Raised]:
    """An agency answered a rejection, and the council approved without deciding once more.

    The answer stands behind the decision and before the approval, by ledger and by own times.
    """
    agency = told.data.agency
    for code, item in known.agency(agency).items.items():
        heard = _last_heard(item, told.at)
        if heard is not None:
            yield Raised(
                subject=Subject(agency=agency, item=code),
                facts=(*heard, told.ref),
                since=told.number,
            )


def _last_heard(item: ItemKnown, approved_at: datetime) -> tuple[Ref, Ref] | None:
    """The rejection, and what the agency said to it in vain."""
    decided, spoken = item.decided, item.spoken
    if decided is None or spoken is None or decided.recognised:
        return None
    if spoken.ref > decided.ref and decided.at <= spoken.at <= approved_at:
        return decided.ref, spoken.ref
    return None


def _settled(known: Known, told: Told) -> Iterator[tuple[str, Requested]]:
    """The questions that this fact leaves behind: of one item, or of all that is approved."""
    agency = told.data.agency
    if isinstance(told.data, appraisal.AppraisalApproved):
        items = known.agency(agency).items
    else:
        items = {told.data.item: known.item(agency, told.data.item)}
    for code, item in items.items():
        if item.requested is not None:
            yield code, item.requested


def _unanswered(agency: str, item: str, requested: Requested, *settled: Ref) -> Raised:
    return Raised(
        subject=Subject(agency=agency, item=item),
        facts=(requested.ref, *settled),
        since=requested.ref.number,
        details={"until": local(requested.until), "by_asked": requested.by or "-"},
    )
