"""What the council keeps of a cycle: its agencies, its schemes and its calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Literal

from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel import scheme_reader
from shared.kernel.calendar import Calendar, PhaseName, Window
from shared.kernel.decider import Fold
from shared.kernel.errors import Missing, Refused
from shared.kernel.scheme import Item, Scheme

Round = Literal[1, 2]
Section = Literal["tree", "bonus", "penalty"]


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle (đợt đánh giá) as the council knows it from the log; `agencies` maps to tiers.

    The tiers in `unreadable` have another scheme by now than the last that could be read.
    """

    code: str = ""
    withdrawn: bool = False
    agencies: Mapping[str, str] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    calendar: Calendar = field(default_factory=Calendar)

    def require_running(self) -> None:
        """Raise unless the council can work in this cycle."""
        if self.withdrawn:
            raise Refused("cycle-withdrawn", cycle=self.code)

    def require_agency(self, agency: str) -> None:
        """Raise unless the agency takes part in the cycle now."""
        if agency not in self.agencies:
            raise Missing("agency-not-in-cycle", agency=agency, cycle=self.code)

    def require_scheme(self, tier: str) -> None:
        """Raise where the tier's present scheme cannot be read: nothing is decided by an old one.

        A log outlives releases, and a later one may be stricter with schemes.
        """
        if tier in self.unreadable:
            raise Refused("scheme-unreadable", tier=tier)

    def criteria(self, tier: str) -> Mapping[str, tuple[Item, ...]]:
        """The items of each criterion of a tier; what stands outside the tree is its own one."""
        if tier not in self.schemes:
            raise Missing("tier-unknown", tier=tier)
        scheme = self.schemes[tier]
        tree = {
            criterion.code: criterion.items for area in scheme.areas for criterion in area.criteria
        }
        return tree | {item.code: (item,) for item in (*scheme.bonus, *scheme.penalty)}

    def applicable(self, agency: str) -> Mapping[str, Item]:
        """The items that apply to an agency by the present scheme of its tier."""
        tier = self.agencies.get(agency, "")
        items = self.schemes[tier].items if tier in self.schemes else {}
        return {code: item for code, item in items.items() if item.applies_to(agency)}

    def section(self, agency: str, item: str) -> Section:
        """Where the present scheme has an item; one that it no longer has was in the tree."""
        scheme = self.schemes.get(self.agencies.get(agency, ""))
        if scheme and any(extra.code == item for extra in scheme.bonus):
            return "bonus"
        if scheme and any(extra.code == item for extra in scheme.penalty):
            return "penalty"
        return "tree"

    def loss_alone_max(self, agency: str) -> Fraction:
        """The share of a claim that one member may take away alone, by the present scheme."""
        return self.schemes[self.agencies[agency]].loss_alone_max

    def is_open(self, phase: PhaseName, at: datetime, agency: str) -> bool:
        """Whether the calendar has the phase, and it runs for the agency."""
        return phase in self.calendar.phases and self.calendar.is_open(phase, at, agency)

    def closes(self, phase: PhaseName, agency: str) -> datetime | None:
        """When the phase ends for the agency; None where the calendar has no such phase."""
        if phase not in self.calendar.phases:
            return None
        return self.calendar.closes(phase, agency)

    def round_at(self, at: datetime, agency: str) -> Round | None:
        """The round of appraisal that runs; the second, where both do."""
        if self.is_open("appraisal-2", at, agency):
            return 2
        return 1 if self.is_open("appraisal-1", at, agency) else None


def evolve(cycle: Cycle, recorded: Recorded) -> Cycle:
    """The next state; facts that the council does not need change nothing."""
    match recorded.data:
        case events.SchemeAdopted() | events.SchemeAmended() as fact:
            return _adopt(cycle, fact)
        case events.CycleOpened() as fact:
            agencies = {agency.code: agency.tier for agency in fact.agencies}
            phases = {phase.name: Window(phase.opens, phase.closes) for phase in fact.calendar}
            return replace(cycle, code=fact.cycle, agencies=agencies, calendar=Calendar(phases))
        case events.DeadlineExtended() as fact:
            calendar = cycle.calendar.extended(fact.phase, fact.until, fact.agency or "")
            return replace(cycle, calendar=calendar)
        case events.AgencyAdded(agency=added):
            return replace(cycle, agencies={**cycle.agencies, added.code: added.tier})
        case events.AgencyWithdrawn(agency=gone):
            staying = {code: tier for code, tier in cycle.agencies.items() if code != gone}
            return replace(cycle, agencies=staying)
        case events.CycleWithdrawn():
            return replace(cycle, withdrawn=True)
        case _:
            return cycle


def _adopt(cycle: Cycle, fact: events.SchemeAdopted | events.SchemeAmended) -> Cycle:
    try:
        scheme = scheme_reader.read(fact.scheme)
    except Refused:
        return replace(cycle, unreadable=cycle.unreadable | {fact.tier})
    schemes = {**cycle.schemes, fact.tier: scheme}
    return replace(cycle, schemes=schemes, unreadable=cycle.unreadable - {fact.tier})


CYCLE = Fold(Cycle(), evolve)
