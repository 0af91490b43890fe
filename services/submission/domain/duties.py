"""What submission keeps of the council's assignments: who has a duty to read which evidence.

A copy, folded from the stream `assignment/{cycle}` in the inbox.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from services.submission.domain.cycle import Cycle
from shared.events import appraisal as events
from shared.events.envelope import Recorded
from shared.kernel.actor import Actor
from shared.kernel.decider import Fold
from shared.kernel.scheme import Item, Scheme

Criterion = tuple[str, str]
"""A criterion (tiêu chí) of a tier, by both codes."""


@dataclass(frozen=True, slots=True)
class Duties:
    """The fact that assigned each criterion, with its members, and everybody's own agencies."""

    assigned: Mapping[Criterion, tuple[str, frozenset[str]]] = field(default_factory=dict)
    registered: frozenset[events.Member] = frozenset()

    def of(
        self,
        by: Actor,
        agency: str,
        criteria: Collection[Criterion],
        *,
        hands: Collection[str],
    ) -> str:
        """The fact that makes one of the criteria the caller's duty; empty where none does.

        Nobody has a duty to judge an agency of their own, and `hands` are who acted for this one.
        """
        homes = {by.agency, *(each.agency for each in self.registered if each.id == by.id)}
        if by.role != "council" or agency in homes or by.id in hands:
            return ""
        known = (self.assigned.get(criterion, ("", ())) for criterion in sorted(criteria))
        return next((fact for fact, members in known if by.id in members), "")


def criteria_of(cycle: Cycle, agency: str, items: Collection[str]) -> frozenset[Criterion]:
    """The criteria of an agency's items, as far as its scheme has them today."""
    if not cycle.is_readable(agency):
        return frozenset()
    scheme = cycle.scheme_of(agency)
    known = (scheme.items[code] for code in items if code in scheme.items)
    return frozenset((scheme.tier, criterion_of(item, scheme)) for item in known)


def criterion_of(item: Item, scheme: Scheme) -> str:
    """The criterion that holds the item; what stands outside the tree is its own."""
    for area in scheme.areas:
        for criterion in area.criteria:
            if item in criterion.items:
                return criterion.code
    return item.code


def stream(cycle: str) -> str:
    """The appraisal's stream about who appraises what."""
    return f"assignment/{cycle}"


def _evolve(duties: Duties, recorded: Recorded) -> Duties:
    match recorded.data:
        case events.CriterionAssigned() as fact:
            members = frozenset(member.id for member in fact.members)
            place = (fact.tier, fact.criterion)
            assigned = {**duties.assigned, place: (recorded.id, members)}
            registered = duties.registered.union(fact.members)
            return replace(duties, assigned=assigned, registered=registered)
        case _:
            return duties


fold = Fold(Duties(), _evolve)
