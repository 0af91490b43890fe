"""Opening a cycle, and what has to be true of its agencies, calendar and schemes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, get_args

from services.submission.domain.cycle.commands import OpenCycle
from services.submission.domain.cycle.state import Cycle, valid_in
from shared.events import submission as events
from shared.kernel import scheme_reader
from shared.kernel.calendar import PhaseName, against_time
from shared.kernel.errors import Flaw, Refused

AGENCIES_MAX = 500
TIERS_MAX = 10
PHASES: tuple[PhaseName, ...] = get_args(PhaseName)

# What has to be over before what begins; the survey runs beside the others.
_SEQUENCES: tuple[tuple[PhaseName, PhaseName], ...] = (
    ("self-scoring", "appraisal-1"),
    ("appraisal-1", "appraisal-2"),
)


def open_cycle(command: OpenCycle, cycle: Cycle) -> Sequence[events.Fact]:
    """The schemes first, then the opening, so that whoever hears of it can count at once."""
    opened = events.CycleOpened(
        cycle=command.cycle,
        year=command.year,
        mode=command.mode,
        decision=command.decision,
        agencies=command.agencies,
        calendar=command.calendar,
        copied_from=command.copied_from,
    )
    if cycle.status != "unopened":
        if cycle.opening == opened and cycle.adopted == command.schemes:
            return ()
        raise Refused("cycle-exists", cycle=command.cycle)
    flaws = (
        *_flaws_of_agencies(command),
        *_flaws_of_calendar(command.calendar),
        *_flaws_of_schemes(command.schemes),
    )
    if flaws:
        raise Refused("cycle-invalid", flaws=flaws, cycle=command.cycle)
    adopted = [
        events.SchemeAdopted(cycle=command.cycle, tier=tier, scheme=dict(command.schemes[tier]))
        for tier in sorted(command.schemes)
    ]
    return (*adopted, opened)


def copied(
    earlier: Cycle, year: int
) -> tuple[tuple[events.Agency, ...], Mapping[str, Mapping[str, Any]]]:
    """What a new cycle takes over: the agencies that exist in its year, the schemes in force."""
    agencies = tuple(agency for agency in earlier.participants() if valid_in(agency, year))
    return agencies, earlier.documents


def flaws_of_agency(
    agency: events.Agency, pointer: str, *, tiers: Collection[str], year: int
) -> Iterator[Flaw]:
    """What is wrong with one agency in a cycle of the year that has schemes for the tiers."""
    if agency.tier not in tiers:
        yield Flaw(f"{pointer}/tier", "tier-without-scheme", {"tier": agency.tier})
    if agency.valid_from and agency.valid_to and agency.valid_from > agency.valid_to:
        yield Flaw(f"{pointer}/valid_to", "validity-reversed", {"agency": agency.code})
    elif not valid_in(agency, year):
        details = {"agency": agency.code, "year": str(year)}
        yield Flaw(pointer, "agency-not-valid", details)


def flaws_of_scheme(tier: str, document: Mapping[str, Any], pointer: str) -> Iterator[Flaw]:
    """What is wrong with a scheme document for the tier."""
    try:
        scheme = scheme_reader.read(document)
    except Refused as refusal:
        for flaw in refusal.flaws:
            yield Flaw(f"{pointer}{flaw.pointer}", flaw.code, flaw.details)
        return
    if scheme.tier != tier:
        yield Flaw(f"{pointer}/tier", "scheme-of-another-tier", {"tier": tier})


def _flaws_of_agencies(command: OpenCycle) -> Iterator[Flaw]:
    if not 1 <= len(command.agencies) <= AGENCIES_MAX:
        yield Flaw("/agencies", "agencies-miscounted", {"maximum": str(AGENCIES_MAX)})
    seen: set[str] = set()
    for place, agency in enumerate(command.agencies):
        pointer = f"/agencies/{place}"
        if agency.code in seen:
            yield Flaw(f"{pointer}/code", "agency-repeated", {"agency": agency.code})
        seen.add(agency.code)
        yield from flaws_of_agency(agency, pointer, tiers=command.schemes, year=command.year)


def _flaws_of_schemes(schemes: Mapping[str, Mapping[str, Any]]) -> Iterator[Flaw]:
    if not 1 <= len(schemes) <= TIERS_MAX:
        yield Flaw("/schemes", "schemes-miscounted", {"maximum": str(TIERS_MAX)})
    for tier, document in schemes.items():
        yield from flaws_of_scheme(tier, document, f"/schemes/{tier}")


def _flaws_of_calendar(calendar: Sequence[events.Phase]) -> Iterator[Flaw]:
    by_name = {phase.name: phase for phase in calendar}
    for name in PHASES:
        if name not in by_name:
            yield Flaw("/calendar", "phase-missing", {"phase": name})
    if len(by_name) != len(calendar):
        yield Flaw("/calendar", "phase-repeated")
    for place, phase in enumerate(calendar):
        for end, instant in (("opens", phase.opens), ("closes", phase.closes)):
            refusal = against_time(instant)
            if refusal is not None:
                yield Flaw(f"/calendar/{place}/{end}", refusal.code, refusal.details)
        if phase.opens >= phase.closes:
            yield Flaw(f"/calendar/{place}/closes", "phase-reversed", {"phase": phase.name})
    yield from _flaws_of_order(by_name)


def _flaws_of_order(phases: Mapping[PhaseName, events.Phase]) -> Iterator[Flaw]:
    for before, after in _SEQUENCES:
        known = before in phases and after in phases
        if known and phases[before].closes > phases[after].opens:
            yield Flaw("/calendar", "phases-out-of-order", {"before": before, "after": after})
