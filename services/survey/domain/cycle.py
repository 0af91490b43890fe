"""What the survey keeps of a cycle: who can be asked about, for which items, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel import scheme_reader
from shared.kernel.calendar import Calendar, Window
from shared.kernel.decider import Fold
from shared.kernel.errors import Refused
from shared.kernel.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle (đợt đánh giá) as the survey knows it from the log.

    `agencies` says the tier of each agency, `names` what each is called or was, both by its code.
    """

    name: str = ""
    mode: events.Mode | None = None
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar | None = None
    withdrawn: bool = False

    @property
    def is_trial(self) -> bool:
        """Whether nothing of it is official."""
        return self.mode == "trial"

    @property
    def running(self) -> bool:
        """Whether questionnaires can be adopted and answered in it."""
        return self.calendar is not None and not self.withdrawn

    def closes(self, announced: datetime) -> datetime:
        """When a questionnaire closes: as announced; with the phase, if it was to last as long."""
        if self.calendar is None:
            return announced
        if announced < self.calendar.phases["survey"].closes:
            return announced
        return max(announced, self.calendar.closes("survey"))

    def agencies_of(self, tier: str) -> frozenset[str]:
        """The agencies of a tier by their codes."""
        return frozenset(code for code, own in self.agencies.items() if own == tier)


def evolve(cycle: Cycle, recorded: Recorded) -> Cycle:
    """The next state; facts that the survey does not need change nothing."""
    match recorded.data:
        case events.SchemeAdopted() | events.SchemeAmended() as fact:
            return replace(cycle, schemes=_with_scheme(cycle, fact.tier, fact.scheme))
        case events.CycleOpened() as fact:
            return _open(cycle, fact)
        case events.DeadlineExtended() as fact if cycle.calendar is not None:
            calendar = cycle.calendar.extended(fact.phase, fact.until, fact.agency or "")
            return replace(cycle, calendar=calendar)
        case events.AgencyAdded() as fact:
            agencies = {**cycle.agencies, fact.agency.code: fact.agency.tier}
            names = {**cycle.names, fact.agency.code: fact.agency.name}
            return replace(cycle, agencies=agencies, names=names)
        case events.AgencyWithdrawn() as fact:
            agencies = {code: t for code, t in cycle.agencies.items() if code != fact.agency}
            return replace(cycle, agencies=agencies)
        case events.CycleWithdrawn():
            return replace(cycle, withdrawn=True)
        case _:
            return cycle


def _with_scheme(cycle: Cycle, tier: str, document: Mapping[str, Any]) -> Mapping[str, Scheme]:
    """A scheme that this version cannot read leaves its tier without one; a fold never refuses."""
    try:
        return {**cycle.schemes, tier: scheme_reader.read(document)}
    except Refused:
        return {code: scheme for code, scheme in cycle.schemes.items() if code != tier}


def _open(cycle: Cycle, fact: events.CycleOpened) -> Cycle:
    return replace(
        cycle,
        name=fact.cycle,
        mode=fact.mode,
        agencies={agency.code: agency.tier for agency in fact.agencies},
        names={agency.code: agency.name for agency in fact.agencies},
        calendar=Calendar(
            {phase.name: Window(phase.opens, phase.closes) for phase in fact.calendar}
        ),
    )


CYCLE = Fold(Cycle(), evolve)
