"""An agency's appraisal as its facts left it: what was given, decided, asked and proposed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from shared.events import appraisal as events
from shared.events.envelope import Recorded
from shared.events.submission import LockedItem

Decision = events.ScoreRecognised | events.ScoreRejected


@dataclass(frozen=True, slots=True)
class Examined:
    """An item before the council; it is pending while it has no decision.

    `version` is that of the last fact about the item, `proposal` names the open action that would
    take away more than one member may. What was asked about it is settled by a decision.
    """

    given: LockedItem
    version: int
    decision: Decision | None = None
    proposal: str = ""
    request: events.ExplanationRequested | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something that takes two people; `void` once something else took its place."""

    proposed: events.ActionProposed
    by: str
    status: Literal["open", "seconded", "void"] = "open"
    seconded_by: str = ""

    @property
    def proposer(self) -> str:
        """The id of who proposed it."""
        return self.by.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The appraisal (thẩm định) of an agency's sheet; `version` counts the facts of its stream."""

    version: int = 0
    tier: str = ""
    items: Mapping[str, Examined] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    approved: events.AppraisalApproved | None = None

    @property
    def opened(self) -> bool:
        """Whether the council ever had the agency's locked sheet before it."""
        return self.version > 0

    @property
    def open_actions(self) -> Mapping[str, Action]:
        """What waits for a second person."""
        return {code: action for code, action in self.actions.items() if action.status == "open"}


def evolve(state: Appraisal, recorded: Recorded) -> Appraisal:
    """The next state; it never refuses."""
    before = replace(state, version=recorded.version)
    match recorded.data:
        case events.AppraisalOpened() as fact:
            items = {given.item: Examined(given, recorded.version) for given in fact.items}
            return replace(before, tier=fact.tier, items=items)
        case events.ReappraisalDue() as fact:
            return _withdraw_decision(before, fact)
        case events.ScoreRecognised() | events.ScoreRejected() as fact:
            voided = _void(before, fact.item)
            return _put(voided, replace(voided.items[fact.item], decision=fact, request=None))
        case events.ExplanationRequested() as fact:
            return _put(before, replace(before.items[fact.item], request=fact))
        case events.ActionProposed() as fact:
            return _propose(before, fact, recorded.context.actor or "")
        case events.ActionSeconded() as fact:
            return _second(before, fact, recorded.context.actor or "")
        case events.AppraisalApproved() as fact:
            return _approve(before, fact)
        case _:
            return before


def _withdraw_decision(state: Appraisal, fact: events.ReappraisalDue) -> Appraisal:
    without = _void(state, fact.item.item)
    known = without.items.get(fact.item.item)
    request = known.request if known else None
    again = Examined(fact.item, state.version, request=request)
    return replace(_put(without, again), approved=None)


def _approve(state: Appraisal, fact: events.AppraisalApproved) -> Appraisal:
    """The approval closes what nobody seconded; the items stay as they were decided."""
    closed = {code: replace(action, status="void") for code, action in state.open_actions.items()}
    items = {code: replace(examined, proposal="") for code, examined in state.items.items()}
    return replace(state, items=items, actions={**state.actions, **closed}, approved=fact)


def _propose(state: Appraisal, fact: events.ActionProposed, by: str) -> Appraisal:
    voided = _void(state, fact.item)
    proposed = replace(voided, actions={**voided.actions, fact.action: Action(fact, by)})
    if not fact.item:
        return proposed
    return _put(proposed, replace(proposed.items[fact.item], proposal=fact.action))


def _second(state: Appraisal, fact: events.ActionSeconded, by: str) -> Appraisal:
    action = replace(state.actions[fact.action], status="seconded", seconded_by=by)
    seconded = replace(state, actions={**state.actions, fact.action: action})
    item = seconded.items.get(action.proposed.item)
    return _put(seconded, replace(item, proposal="")) if item else seconded


def _void(state: Appraisal, item: str) -> Appraisal:
    """Close open actions on an item; those on the agency as a whole have the empty item."""
    actions = {
        code: replace(action, status="void")
        for code, action in state.open_actions.items()
        if action.proposed.item == item
    }
    voided = replace(state, actions={**state.actions, **actions})
    known = voided.items.get(item)
    return _put(voided, replace(known, proposal="")) if known else voided


def _put(state: Appraisal, examined: Examined) -> Appraisal:
    now = replace(examined, version=state.version)
    return replace(state, items={**state.items, now.given.item: now})
