"""An agency's appraisal (thẩm định): opened by its lock, decided item by item, approved as a whole.

What the agency changes after its lock is due again, and a changed item takes the approval with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, assert_never

from services.appraisal.domain.action import (
    ProposeReopening,
    SecondAction,
    is_waiting,
    propose_reopening,
    second_action,
)
from services.appraisal.domain.sheet import Presented, Sheet
from services.appraisal.domain.sitting import (
    Sitting,
    require_asking,
    require_assigned,
    require_changeable,
    require_seat,
)
from services.appraisal.domain.state import Appraisal, Examined, evolve
from services.appraisal.domain.verdict import Decide, DecideTogether, decide_verdicts
from shared.events import appraisal as events
from shared.events.envelope import Sealed
from shared.events.submission import LegalAct, LockedItem
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused

ITEMS_NAMED_MAX = 20


@dataclass(frozen=True, slots=True)
class OpenAppraisal:
    """An agency's sheet was locked; `sheet` is what it presents by now."""

    cycle: str
    agency: str
    tier: str
    submission: str
    items: tuple[LockedItem, ...]
    sheet: Sheet = field(default_factory=Sheet)


@dataclass(frozen=True, slots=True)
class NoteChange:
    """The agency changed an item; `sheet` is what it presents by now."""

    cycle: str
    agency: str
    item: str
    sheet: Sheet = field(default_factory=Sheet)


@dataclass(frozen=True, slots=True)
class RequestExplanation:
    """Ask the agency to explain an item, or to prove it better, until a time."""

    sitting: Sitting
    item: str
    question: Sealed
    until: datetime


@dataclass(frozen=True, slots=True)
class ApproveAppraisal:
    """The council closes the agency by a decision."""

    sitting: Sitting
    decision: LegalAct


Command = (
    OpenAppraisal
    | NoteChange
    | Decide
    | DecideTogether
    | RequestExplanation
    | ProposeReopening
    | SecondAction
    | ApproveAppraisal
)


def decide(command: Command, state: Appraisal) -> Sequence[events.Fact]:
    """The facts that follow from a command."""
    match command:
        case OpenAppraisal():
            return _open_appraisal(command, state)
        case NoteChange():
            return _note_change(command, state)
        case Decide() | DecideTogether():
            return decide_verdicts(command, state)
        case RequestExplanation():
            return _request_explanation(command, state)
        case ProposeReopening():
            return propose_reopening(command, state)
        case SecondAction():
            return second_action(command, state)
        case ApproveAppraisal():
            return _approve_appraisal(command, state)
        case _:
            assert_never(command)


def _open_appraisal(command: OpenAppraisal, state: Appraisal) -> Sequence[events.Fact]:
    """The first lock opens; a later one makes due what was changed in between."""
    if not state.opened:
        return (
            events.AppraisalOpened(
                cycle=command.cycle,
                agency=command.agency,
                tier=command.tier,
                submission=command.submission,
                items=command.items,
            ),
        )
    due = (_due(command, state, given) for given in command.items)
    return tuple(fact for fact in due if fact)


def _note_change(command: NoteChange, state: Appraisal) -> Sequence[events.Fact]:
    if command.item not in state.items:
        return ()
    due = _due(command, state, state.items[command.item].given)
    return (due,) if due else ()


def _due(
    command: OpenAppraisal | NoteChange, state: Appraisal, given: LockedItem
) -> events.ReappraisalDue | None:
    """What is declared anew is due again, and so is what lost evidence that the council saw."""
    presented = command.sheet.item(given.item)
    examined = state.items.get(given.item)
    if examined is None or examined.given.declaration != presented.declaration:
        return _reappraisal(command, given, presented, "declaration-changed")
    if not _seen(state, examined) <= set(presented.evidence):
        return _reappraisal(command, given, presented, "evidence-withdrawn")
    return None


def _seen(state: Appraisal, examined: Examined) -> set[str]:
    """The evidence on which a decision or an open proposal rests."""
    decided = examined.decision.evidence if examined.decision else ()
    proposal = state.actions.get(examined.proposal)
    return {*decided, *(proposal.proposed.evidence if proposal else ())}


def _reappraisal(
    command: OpenAppraisal | NoteChange,
    given: LockedItem,
    presented: Presented,
    cause: Literal["declaration-changed", "evidence-withdrawn"],
) -> events.ReappraisalDue:
    item = LockedItem(
        item=given.item,
        criterion=given.criterion,
        maximum=given.maximum,
        points=presented.points,
        declaration=presented.declaration,
        evidence=presented.evidence,
        explanation=presented.explanation,
    )
    return events.ReappraisalDue(cycle=command.cycle, agency=command.agency, item=item, cause=cause)


def _request_explanation(command: RequestExplanation, state: Appraisal) -> Sequence[events.Fact]:
    sitting = command.sitting
    require_seat(sitting, state)
    examined = require_assigned(sitting, state, command.item)
    asked = examined.request
    if asked and (asked.question, asked.until) == (command.question, command.until):
        return ()
    require_changeable(sitting, state)
    require_asking(sitting)
    closes = sitting.cycle.closes("explanation", sitting.agency)
    assert closes is not None, "who may ask has a time to answer in"
    if not sitting.at < command.until <= closes:
        raise Refused("explanation-out-of-time", latest=closes.isoformat())
    return (
        events.ExplanationRequested(
            cycle=sitting.cycle.code,
            agency=sitting.agency,
            item=command.item,
            question=command.question,
            until=command.until,
        ),
    )


def _approve_appraisal(command: ApproveAppraisal, state: Appraisal) -> Sequence[events.Fact]:
    require_seat(command.sitting, state)
    if state.approved and state.approved.decision == command.decision:
        return ()
    require_approvable(command.sitting, state)
    return (
        events.AppraisalApproved(
            cycle=command.sitting.cycle.code,
            agency=command.sitting.agency,
            decision=command.decision,
        ),
    )


def require_approvable(sitting: Sitting, state: Appraisal) -> None:
    """Every item that applies is decided, and nothing waits for a second person.

    What nobody can second any more does not wait; the approval closes it.
    """
    require_seat(sitting, state)
    require_changeable(sitting, state)
    applicable = sitting.cycle.applicable(sitting.agency)
    undecided = [code for code, examined in state.items.items() if not examined.decision]
    pending = [code for code in undecided if code in applicable]
    if pending:
        raise Refused(
            "items-pending", count=str(len(pending)), items=", ".join(pending[:ITEMS_NAMED_MAX])
        )
    waiting = [code for code, action in state.actions.items() if is_waiting(sitting, state, action)]
    if waiting:
        raise Refused("actions-open", actions=", ".join(waiting))


decider = Decider(Appraisal(), decide, evolve)
