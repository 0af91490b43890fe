"""Watch: which sheets of a cycle the calendar may still close or open again.

The clock is asked every second, and cycles of past years are many: of those in which nothing can
happen any more, nothing is loaded.
"""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel.view import Body, View


def watched(body: Body | None) -> Sequence[str]:
    """The agencies whose sheets have to be looked at."""
    return body["watched"] if body else ()


def _keys(recorded: Recorded) -> Sequence[str]:
    category, _, place = recorded.stream.partition("/")
    return (place.partition("/")[0],) if category in {"cycle", "submission"} else ()


def _apply(  # noqa: C901 - one case for each fact, and nothing else
    _key: str, body: Body | None, recorded: Recorded
) -> Body | None:
    match recorded.data:
        case events.CycleOpened() as fact:
            return _opened(fact, recorded.context.at)
        case events.CycleWithdrawn():
            return None
        case _ if body is None:
            return None
        case events.AgencyAdded() as fact:
            return _body(watched={*body["watched"], fact.agency.code}, closed={*body["closed"]})
        case events.AgencyWithdrawn(agency=agency):
            return _without(body, {agency})
        case events.ItemResultsImported() as fact:
            return _without(body, {score.agency for score in fact.scores})
        case events.DeadlineExtended(phase="self-scoring") as fact:
            again = {*body["closed"]} & ({fact.agency} if fact.agency else {*body["closed"]})
            return _body(watched={*body["watched"], *again}, closed={*body["closed"]} - again)
        case events.SubmissionLocked() as fact:
            rest = _without(body, {fact.agency})
            closed = {fact.agency} if fact.locked_by == "deadline" else set()
            return _body(watched={*rest["watched"]}, closed={*rest["closed"], *closed})
        case events.SubmissionReopened() as fact:
            rest = _without(body, {fact.agency})
            return _body(watched={*rest["watched"], fact.agency}, closed={*rest["closed"]})
        case _:
            return body


def _opened(fact: events.CycleOpened, at: datetime) -> Body:
    """In a cycle of a past year nothing is to be closed, unless somebody is given more time."""
    agencies = {agency.code for agency in fact.agencies}
    running = any(phase.name == "self-scoring" and at < phase.closes for phase in fact.calendar)
    return _body(watched=agencies if running else set(), closed=set() if running else agencies)


def _without(body: Body, agencies: Set[str]) -> Body:
    return _body(watched={*body["watched"]} - agencies, closed={*body["closed"]} - agencies)


def _body(*, watched: Set[str], closed: Set[str]) -> dict[str, Any]:
    """`closed` are the sheets that an extension puts under watch again."""
    return {"watched": sorted(watched), "closed": sorted(closed)}


WATCH: View[Recorded] = View("submission_watch", 1, _keys, _apply)
