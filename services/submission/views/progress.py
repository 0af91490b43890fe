"""Progress: how far each agency of a cycle has come, and who has not begun."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from services.submission.domain.cycle import Cycle
from services.submission.domain.submission import Submission
from services.submission.domain.submission.state import Status
from services.submission.views.cycles import iso
from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel import points
from shared.kernel.view import Body, View

_NOT_BEGUN: Body = {
    "status": "not-begun",
    "declared": [],
    "until": None,
    "locked_at": None,
    "locked_by": None,
}

_STATUS: Mapping[str, Status] = MappingProxyType(
    {"not-begun": "draft", "draft": "draft", "locked": "locked", "reopened": "reopened"}
)


def key(cycle: str, agency: str = "") -> str:
    """The id of an agency's document; without an agency, what the ids of a cycle begin with."""
    return f"{cycle}/{agency}"


def _keys(recorded: Recorded) -> Sequence[str]:
    category, _, place = recorded.stream.partition("/")
    return (place,) if category == "submission" else ()


def _apply(_key: str, body: Body | None, recorded: Recorded) -> Body | None:
    before = body or {**_NOT_BEGUN, "status": "draft"}
    changed = {**before, "changed_at": iso(recorded.context.at)}
    match recorded.data:
        case events.EvidenceCleared() | events.EvidenceCondemned():
            return before  # The agency changed nothing.
        case events.ScoreSubmitted() as fact:
            return {**changed, "declared": sorted({*before["declared"], fact.item})}
        case events.ScoreWithdrawn() as fact:
            return {**changed, "declared": sorted({*before["declared"]} - {fact.item})}
        case events.SubmissionLocked() as fact:
            lock = {"locked_at": iso(recorded.context.at), "locked_by": fact.locked_by}
            return {**changed, "status": "locked", "until": None, **lock}
        case events.SubmissionReopened() as fact:
            return {**changed, "status": "reopened", "until": iso(fact.until)}
        case _:
            return changed


PROGRESS: View[Recorded] = View("submission_progress", 2, _keys, _apply)


def outline(body: Body | None) -> Submission:
    """As much of a sheet as its document tells: whether it is open, until when, who closed it."""
    known = body or _NOT_BEGUN
    until = datetime.fromisoformat(known["until"]) if known["until"] else None
    return Submission(status=_STATUS[known["status"]], until=until, locked_by=known["locked_by"])


def of_cycle(
    cycle: Cycle, documents: Mapping[str, Body], *, only: str | None = None
) -> dict[str, Any]:
    """Every agency that takes part, or only one of them, with its share of declared items."""
    rows = [
        _row(cycle, agency, documents.get(key(cycle.name, agency.code), _NOT_BEGUN))
        for agency in cycle.participants()
        if only is None or agency.code == only
    ]
    return {
        "cycle": cycle.name,
        "agencies": rows,
        "not_begun": [row["agency"] for row in rows if row["status"] == "not-begun"],
        "locked": [row["agency"] for row in rows if row["status"] == "locked"],
    }


def _row(cycle: Cycle, agency: events.Agency, body: Body) -> dict[str, Any]:
    readable = cycle.is_readable(agency.code)
    wanted = [item.code for item in cycle.declared_items(agency.code)] if readable else []
    declared = len({*wanted}.intersection(body["declared"]))
    share = Fraction(100 * declared, len(wanted)) if wanted else Fraction(100)
    return {
        "agency": agency.code,
        "name": agency.name,
        "tier": agency.tier,
        "status": body["status"],
        "items": len(wanted),
        "declared": declared,
        "percent": points.shown(share),
        "closes": iso(cycle.calendar.closes("self-scoring", agency.code)),
        "reopened_until": body["until"],
        "locked_at": body["locked_at"],
    }
