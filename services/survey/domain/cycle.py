"""What the survey keeps of a cycle: who can be asked about, for which items, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel import scheme_reader
from shared.kernel.calendar import Calendar, Window
from shared.kernel.decider import Fold
from shared.kernel.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle (đợt đánh giá) as the survey knows it from the log."""

    name: str = ""
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar | None = None
    withdrawn: bool = False

    @property
    def running(self) -> bool:
        """Whether questionnaires can be adopted and answered in it."""
        return self.calendar is not None and not self.withdrawn

    def closes(self, announced: datetime) -> datetime:
        """When a questionnaire closes: as announced, or later if the deadline was extended."""
        if self.calendar is None:
            return announced
        extended = self.calendar.extensions.get(("survey", ""), announced)
        return max(announced, extended)

    def agencies_of(self, tier: str) -> frozenset[str]:
        """The agencies of a tier by their codes."""
        return frozenset(code for code, own in self.agencies.items() if own == tier)


def evolve(cycle: Cycle, recorded: Recorded) -> Cycle:
    """The next state; facts that the survey does not need change nothing."""
    match recorded.data:
        case events.SchemeAdopted() | events.SchemeAmended() as fact:
            schemes = {**cycle.schemes, fact.tier: scheme_reader.read(fact.scheme)}
            return replace(cycle, schemes=schemes)
        case events.CycleOpened() as fact:
            return _open(cycle, fact)
        case events.DeadlineExtended() as fact if cycle.calendar is not None:
            calendar = cycle.calendar.extended(fact.phase, fact.until, fact.agency or "")
            return replace(cycle, calendar=calendar)
        case events.AgencyAdded() as fact:
            agencies = {**cycle.agencies, fact.agency.code: fact.agency.tier}
            return replace(cycle, agencies=agencies)
        case events.AgencyWithdrawn() as fact:
            agencies = {code: t for code, t in cycle.agencies.items() if code != fact.agency}
            return replace(cycle, agencies=agencies)
        case events.CycleWithdrawn():
            return replace(cycle, withdrawn=True)
        case _:
            return cycle


def _open(cycle: Cycle, fact: events.CycleOpened) -> Cycle:
    return replace(
        cycle,
        name=fact.cycle,
        agencies={agency.code: agency.tier for agency in fact.agencies},
        calendar=Calendar(
            {phase.name: Window(phase.opens, phase.closes) for phase in fact.calendar}
        ),
    )


CYCLE = Fold(Cycle(), evolve)
