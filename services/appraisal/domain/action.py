"""What takes two people: to take much away by a verdict, and to give an agency its sheet back.

The first proposes, a second member of the council agrees, and then it takes effect. A proposal
that something else has overtaken is void.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.appraisal.domain.sitting import (
    Sitting,
    is_own,
    require_changeable,
    require_locked,
    require_round,
    require_scanned,
    require_seat,
)
from services.appraisal.domain.stake import maximum_of
from services.appraisal.domain.state import Action, Appraisal
from shared.events import appraisal as events
from shared.events.envelope import Sealed
from shared.kernel import points
from shared.kernel.authority import require_second_person
from shared.kernel.errors import Missing, Refused


@dataclass(frozen=True, slots=True)
class ProposeReopening:
    """Propose to give the agency its sheet back until a time, for a reason."""

    sitting: Sitting
    because: Sealed
    until: datetime


@dataclass(frozen=True, slots=True)
class SecondAction:
    """Agree to what another member proposed."""

    sitting: Sitting
    action: str


def propose_reopening(command: ProposeReopening, state: Appraisal) -> Sequence[events.Fact]:
    """The proposal; it takes the place of an earlier one that is still open."""
    require_reopenable(command.sitting, state)
    _require_time_left(command)
    for action in state.open_actions.values():
        known = (action.proposed.kind, action.proposed.because, action.proposed.until)
        if known == ("reopen-submission", command.because, command.until):
            return ()
    return (
        events.ActionProposed(
            cycle=command.sitting.cycle.code,
            agency=command.sitting.agency,
            action=f"action-{state.version + 1}",
            kind="reopen-submission",
            because=command.because,
            until=command.until,
        ),
    )


def require_reopenable(sitting: Sitting, state: Appraisal) -> None:
    """The agency's sheet is before the council, and the council has time for it once more."""
    require_seat(sitting, state)
    require_locked(sitting)
    closes = sitting.cycle.closes("appraisal-2", sitting.agency)
    if closes is None or sitting.at >= closes:
        raise Refused("appraisal-round-closed", agency=sitting.agency)


def second_action(command: SecondAction, state: Appraisal) -> Sequence[events.Fact]:
    """The agreement, and in the same breath what it brings about."""
    sitting = command.sitting
    require_seat(sitting, state)
    action = state.actions.get(command.action)
    if action is None:
        raise Missing("action-unknown", action=command.action)
    if action.status == "seconded" and action.seconded_by == sitting.by.reference:
        return ()
    require_secondable(sitting, state, action)
    proposed = action.proposed
    seconded = events.ActionSeconded(
        cycle=proposed.cycle,
        agency=proposed.agency,
        action=proposed.action,
        kind=proposed.kind,
        because=proposed.because,
        until=proposed.until,
    )
    match proposed.kind:
        case "reject-score":
            return (seconded, _rejection(sitting, proposed))
        case "reopen-submission":
            return (seconded,)
        case _:
            assert_never(proposed.kind)


def require_secondable(sitting: Sitting, state: Appraisal, action: Action) -> None:
    """The action is open, by somebody else, and still speaks of what is before the council."""
    require_seat(sitting, state)
    if action.status != "open":
        raise Refused("action-closed", action=action.proposed.action)
    require_second_person(action.by, sitting.by.reference, action=action.proposed.action)
    if _is_orphaned(sitting, state, action):
        raise Refused("action-orphaned", action=action.proposed.action)
    match action.proposed.kind:
        case "reject-score":
            require_changeable(sitting, state)
            require_round(sitting)
            _require_unchanged(sitting, state, action.proposed)
            require_scanned(sitting, action.proposed.item)
        case "reopen-submission":
            require_locked(sitting)
            _require_in_future(sitting, action.proposed)
        case _:
            assert_never(action.proposed.kind)


def _is_orphaned(sitting: Sitting, state: Appraisal, action: Action) -> bool:
    """Whether who proposed it could not do so any more: a proposal goes with its member's duty."""
    if is_own(sitting, action.proposer):
        return True
    if not action.proposed.item:
        return False
    criterion = state.items[action.proposed.item].given.criterion
    return not sitting.assignments.is_assigned(action.proposer, state.tier, criterion)


def is_waiting(sitting: Sitting, state: Appraisal, action: Action) -> bool:
    """Whether somebody can still second it: its time has not passed, or a round is still to end."""
    if action.status != "open" or _is_orphaned(sitting, state, action):
        return False
    match action.proposed.kind:
        case "reject-score":
            ends = sitting.cycle.closes("appraisal-2", sitting.agency)
        case "reopen-submission":
            ends = action.proposed.until
        case _:
            assert_never(action.proposed.kind)
    return ends is None or sitting.at < ends


def _require_unchanged(sitting: Sitting, state: Appraisal, proposed: events.ActionProposed) -> None:
    """Evidence that was added since does not make a proposal void; what is gone does.

    So does an amendment that leaves no room for the points.
    """
    presented, examined = sitting.sheet.item(proposed.item), state.items[proposed.item]
    same = proposed.declaration == presented.declaration == examined.given.declaration
    fits = points.parse_exact(proposed.awarded) <= maximum_of(sitting, examined)
    if not (same and fits and set(proposed.evidence) <= set(presented.evidence)):
        raise Refused("action-void", action=proposed.action, item=proposed.item)


def _require_in_future(sitting: Sitting, proposed: events.ActionProposed) -> None:
    assert proposed.until is not None, "a reopening says until when"
    if proposed.until <= sitting.at:
        raise Refused("action-overtaken", action=proposed.action)


def _require_time_left(command: ProposeReopening) -> None:
    """The sheet comes back while the council can still decide on it."""
    closes = command.sitting.cycle.closes("appraisal-2", command.sitting.agency)
    assert closes is not None, "a sheet is reopened in a cycle with a second round"
    if not command.sitting.at < command.until < closes:
        raise Refused("reopening-out-of-time", latest=closes.isoformat())


def _rejection(sitting: Sitting, proposed: events.ActionProposed) -> events.ScoreRejected:
    return events.ScoreRejected(
        cycle=proposed.cycle,
        agency=proposed.agency,
        item=proposed.item,
        declaration=proposed.declaration,
        evidence=proposed.evidence,
        round=require_round(sitting),
        awarded=proposed.awarded,
        because=proposed.because,
        legal_basis=proposed.legal_basis,
    )
