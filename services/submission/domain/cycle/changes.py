"""What may change while a cycle runs: its schemes, deadlines and agencies, and its own end."""

from collections.abc import Sequence

from services.submission.domain.cycle.commands import (
    AddAgency,
    AmendScheme,
    ExtendDeadline,
    WithdrawAgency,
    WithdrawCycle,
)
from services.submission.domain.cycle.opening import (
    AGENCIES_MAX,
    flaws_of_agency,
    flaws_of_scheme,
)
from services.submission.domain.cycle.state import Cycle
from shared.events import submission as events
from shared.kernel.calendar import PhaseName, against_time, local
from shared.kernel.errors import Missing, Refused

PHASES_FOR_ALL: frozenset[PhaseName] = frozenset({"survey"})
"""The phases that end for everybody at once: those who answer a survey answer it as one."""


def amend_scheme(command: AmendScheme, cycle: Cycle) -> Sequence[events.Fact]:
    """Replace the scheme of a tier that has one."""
    if command.tier not in cycle.documents:
        raise Missing("tier-unknown", tier=command.tier)
    if cycle.documents[command.tier] == command.scheme:
        return ()
    require_open(cycle)
    flaws = tuple(flaws_of_scheme(command.tier, command.scheme, "/scheme"))
    if flaws:
        raise Refused("scheme-invalid", flaws=flaws)
    amended = events.SchemeAmended(
        cycle=cycle.name,
        tier=command.tier,
        scheme=dict(command.scheme),
        decision=command.decision,
        because=command.because,
    )
    return (amended,)


def withdraw_cycle(command: WithdrawCycle, cycle: Cycle) -> Sequence[events.Fact]:
    """End the cycle; there is no way back."""
    if cycle.status == "withdrawn":
        return ()
    withdrawn = events.CycleWithdrawn(
        cycle=cycle.name, decision=command.decision, because=command.because
    )
    return (withdrawn,)


def extend_deadline(command: ExtendDeadline, cycle: Cycle) -> Sequence[events.Fact]:
    """Move the end of a phase to a later time that has not come yet."""
    require_open(cycle)
    whose = command.agency or ""
    if whose and not cycle.takes_part(whose):
        raise Refused("agency-not-in-cycle", agency=whose, cycle=cycle.name)
    if cycle.calendar.extensions.get((command.phase, whose)) == command.until:
        return ()
    if whose and command.phase in PHASES_FOR_ALL:
        raise Refused("extension-without-effect", phase=command.phase)
    refusal = against_time(command.until)
    if refusal is not None:
        raise refusal
    closes = cycle.calendar.closes(command.phase, whose)
    if command.until <= closes:
        raise Refused("deadline-not-later", phase=command.phase, closes=local(closes))
    if command.until <= command.at:
        raise Refused("deadline-in-the-past", until=local(command.until))
    extended = events.DeadlineExtended(
        cycle=cycle.name,
        phase=command.phase,
        agency=command.agency,
        until=command.until,
        decision=command.decision,
        because=command.because,
    )
    return (extended,)


def add_agency(command: AddAgency, cycle: Cycle) -> Sequence[events.Fact]:
    """Let an agency join; one that was withdrawn may come back."""
    agency = command.agency
    if cycle.takes_part(agency.code):
        if cycle.agencies[agency.code] == agency:
            return ()
        raise Refused("agency-exists", agency=agency.code, cycle=cycle.name)
    require_open(cycle)
    assert cycle.opening is not None, "an open cycle was opened"
    flaws = tuple(flaws_of_agency(agency, "", tiers=cycle.documents, year=cycle.opening.year))
    if flaws:
        raise Refused("agency-invalid", flaws=flaws, agency=agency.code)
    if len(cycle.agencies) >= AGENCIES_MAX:
        raise Refused("agencies-miscounted", maximum=str(AGENCIES_MAX))
    added = events.AgencyAdded(
        cycle=cycle.name, agency=agency, decision=command.decision, because=command.because
    )
    return (added,)


def withdraw_agency(command: WithdrawAgency, cycle: Cycle) -> Sequence[events.Fact]:
    """Let an agency leave; what it declared stays in the log and counts no more."""
    if command.agency not in cycle.agencies:
        raise Missing("agency-not-in-cycle", agency=command.agency, cycle=cycle.name)
    if command.agency in cycle.withdrawn:
        return ()
    require_open(cycle)
    withdrawn = events.AgencyWithdrawn(
        cycle=cycle.name,
        agency=command.agency,
        decision=command.decision,
        because=command.because,
    )
    return (withdrawn,)


def require_open(cycle: Cycle) -> None:
    """Refuse every change of a cycle that is over."""
    if cycle.status == "withdrawn":
        raise Refused("cycle-withdrawn", cycle=cycle.name)
