"""Cycles: the list of them, and one of them whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.submission.domain.cycle import Cycle, against_importing
from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel import authority, points
from shared.kernel.actor import Actor
from shared.kernel.calendar import VIETNAM, PhaseName, Window, in_zone
from shared.kernel.scheme import Scheme
from shared.kernel.view import Body, View


def iso(instant: datetime) -> str:
    """A time as documents hold it: on the clocks of those who read them."""
    return in_zone(instant, VIETNAM).isoformat()


def _keys(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case events.CycleOpened() | events.CycleWithdrawn() as fact:
            return (fact.cycle,)
        case events.AgencyAdded() | events.AgencyWithdrawn() as fact:
            return (fact.cycle,)
        case _:
            return ()


def _apply(_key: str, body: Body | None, recorded: Recorded) -> Body | None:
    match recorded.data:
        case events.CycleOpened() as fact:
            return {
                "cycle": fact.cycle,
                "year": fact.year,
                "mode": fact.mode,
                "status": "open",
                "decision": _decision(fact.decision),
                "copied_from": fact.copied_from,
                "opened_at": iso(recorded.context.at),
                "agencies": sorted(agency.code for agency in fact.agencies),
            }
        case events.CycleWithdrawn():
            return {**(body or {}), "status": "withdrawn"}
        case events.AgencyAdded() as fact:
            known = (body or {}).get("agencies", ())
            return {**(body or {}), "agencies": sorted({*known, fact.agency.code})}
        case events.AgencyWithdrawn() as fact:
            known = (body or {}).get("agencies", ())
            return {**(body or {}), "agencies": sorted({*known} - {fact.agency})}
        case _:
            return body


_ACTIONS = (
    "amend-scheme",
    "withdraw-cycle",
    "extend-deadline",
    "change-agencies",
    "import-results",
)

CYCLES: View[Recorded] = View("submission_cycles", 1, _keys, _apply)


def whole(cycle: Cycle, reader: Actor) -> dict[str, Any]:
    """A cycle with its agencies, its calendar as it is in force, and its schemes in short."""
    assert cycle.opening is not None, "the cycle was opened"
    assert cycle.opened_at is not None, "the cycle was opened"
    return {
        "cycle": cycle.name,
        "year": cycle.opening.year,
        "mode": cycle.opening.mode,
        "status": cycle.status,
        "decision": _decision(cycle.opening.decision),
        "copied_from": cycle.opening.copied_from,
        "opened_at": iso(cycle.opened_at),
        "agencies": [_agency(agency, cycle) for agency in cycle.agencies.values()],
        "calendar": [_phase(name, window, cycle) for name, window in cycle.calendar.phases.items()],
        "schemes": {tier: _scheme(scheme) for tier, scheme in cycle.schemes.items()},
        "imported_from": sorted(cycle.sources),
        "version": cycle.version,
        "actions": {action: _against(action, cycle, reader) for action in _ACTIONS},
    }


def _against(action: str, cycle: Cycle, reader: Actor) -> str | None:
    forbidden = authority.may(reader, action)
    if forbidden or cycle.status == "withdrawn":
        return forbidden or "cycle-withdrawn"
    refusal = against_importing(cycle) if action == "import-results" else None
    return refusal.code if refusal else None


def _decision(decision: events.LegalAct) -> dict[str, str]:
    return {"number": decision.number, "on": decision.on.isoformat()}


def _agency(agency: events.Agency, cycle: Cycle) -> dict[str, Any]:
    return {
        "code": agency.code,
        "name": agency.name,
        "tier": agency.tier,
        "ranked": agency.ranked,
        "valid_from": agency.valid_from.isoformat() if agency.valid_from else None,
        "valid_to": agency.valid_to.isoformat() if agency.valid_to else None,
        "predecessors": list(agency.predecessors),
        "withdrawn": agency.code in cycle.withdrawn,
        "self_scoring_closes": iso(cycle.calendar.closes("self-scoring", agency.code)),
    }


def _phase(name: PhaseName, window: Window, cycle: Cycle) -> dict[str, Any]:
    extensions = {
        whose: iso(until)
        for (phase, whose), until in cycle.calendar.extensions.items()
        if phase == name and whose
    }
    return {
        "name": name,
        "opens": iso(window.opens),
        "announced_to_close": iso(window.closes),
        "closes": iso(cycle.calendar.closes(name)),
        "extensions": extensions,
    }


def _scheme(scheme: Scheme) -> dict[str, Any]:
    return {
        "code": scheme.code,
        "title": scheme.title,
        "sample": scheme.sample,
        "maximum": points.exact(scheme.maximum),
        "items": len(scheme.items),
    }
