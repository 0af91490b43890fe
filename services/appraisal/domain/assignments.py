"""Which council members appraise which criterion (phân công thẩm định theo chức năng).

A criterion of a tier is assigned to members by their function; assigning it again replaces them.
The agency that a member was registered with stays their own for the whole cycle.
A criterion of which a survey says everything needs nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from services.appraisal.domain.cycle import Cycle
from shared.events import appraisal as events
from shared.events.envelope import Recorded
from shared.kernel.actor import Actor
from shared.kernel.authority import require_somebody_else
from shared.kernel.decider import Decider
from shared.kernel.errors import Flaw, Missing, Refused

MEMBERS_MAX = 50


@dataclass(frozen=True, slots=True)
class AssignCriterion:
    """These members appraise a criterion of a tier from now on."""

    cycle: Cycle
    tier: str
    criterion: str
    members: tuple[events.Member, ...]
    by: Actor


Command = AssignCriterion


@dataclass(frozen=True, slots=True)
class Assignments:
    """The members of each assigned criterion, by tier and criterion; and all there ever were."""

    members: Mapping[tuple[str, str], tuple[events.Member, ...]] = field(default_factory=dict)
    registered: frozenset[events.Member] = frozenset()

    def is_assigned(self, member: str, tier: str, criterion: str) -> bool:
        """Whether the member appraises the criterion."""
        return any(known.id == member for known in self.members.get((tier, criterion), ()))

    def agencies_of(self, member: str) -> frozenset[str]:
        """Every agency that a member was ever registered with."""
        return frozenset(known.agency for known in self.registered if known.id == member)


def evolve(state: Assignments, recorded: Recorded) -> Assignments:
    """The next state: who was assigned last stays."""
    match recorded.data:
        case events.CriterionAssigned() as fact:
            place = (fact.tier, fact.criterion)
            members = {**state.members, place: fact.members}
            return replace(state, members=members, registered=state.registered.union(fact.members))
        case _:
            return state


def decide(command: Command, state: Assignments) -> Sequence[events.Fact]:
    """The facts that follow from a command."""
    match command:
        case AssignCriterion():
            return _assign_criterion(command, state)
        case _:
            assert_never(command)


def _assign_criterion(command: AssignCriterion, state: Assignments) -> Sequence[events.Fact]:
    command.cycle.require_running()
    command.cycle.require_scheme(command.tier)
    _require_appraisable(command)
    _require_members(command.members)
    _require_others(command, state)
    members = tuple(sorted(command.members, key=lambda member: member.id))
    if state.members.get((command.tier, command.criterion)) == members:
        return ()
    return (
        events.CriterionAssigned(
            cycle=command.cycle.code,
            tier=command.tier,
            criterion=command.criterion,
            members=members,
        ),
    )


def _require_appraisable(command: AssignCriterion) -> None:
    items = command.cycle.criteria(command.tier).get(command.criterion)
    if items is None:
        raise Missing("criterion-unknown", criterion=command.criterion, tier=command.tier)
    if all(item.part != "self" for item in items):
        raise Refused("criterion-is-surveyed", criterion=command.criterion)


def _require_others(command: AssignCriterion, state: Assignments) -> None:
    """Nobody gives themselves a criterion; what somebody else gave them they may leave so."""
    given = state.members.get((command.tier, command.criterion), ())
    for member in command.members:
        if member not in given:
            require_somebody_else(member.id, command.by)


def _require_members(members: Sequence[events.Member]) -> None:
    if not 1 <= len(members) <= MEMBERS_MAX:
        raise Refused("members-out-of-range", count=str(len(members)), maximum=str(MEMBERS_MAX))
    seen: set[str] = set()
    flaws = []
    for place, member in enumerate(members):
        if member.id in seen:
            flaws.append(Flaw(f"/members/{place}/id", "member-twice", {"member": member.id}))
        seen.add(member.id)
    if flaws:
        raise Refused("member-twice", flaws=flaws, **flaws[0].details)


decider = Decider(Assignments(), decide, evolve)
