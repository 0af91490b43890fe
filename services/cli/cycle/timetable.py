"""The calendar of a cycle as people write it (`?` marks what may be left out).

calendar:
  time_zone?: Asia/Ho_Chi_Minh
  phases:
    - {name: self-scoring, opens: 2021-11-15, closes: 2021-12-10}

All phases are there, each once, in any order. People write a phase's last day; the system keeps
the moment after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import get_args

from services.cli.cycle import values
from shared.kernel.calendar import VIETNAM, PhaseName, against_time
from shared.kernel.scheme_reader.field import Field, shown

PHASES: tuple[PhaseName, ...] = get_args(PhaseName)
ZONE = VIETNAM.tzname(None)

# What has to be over before what begins; the survey runs beside the others.
_SEQUENCES: Sequence[tuple[PhaseName, PhaseName]] = (
    ("self-scoring", "appraisal-1"),
    ("appraisal-1", "appraisal-2"),
)


@dataclass(frozen=True, slots=True)
class _Phase:
    """A phase by its first and its last day; None where a day could not be read."""

    field: Field
    name: PhaseName
    opens: date | None
    last: date | None


def read(top: Field) -> Sequence[Mapping[str, str]]:
    """The phases; what is wrong with them is noted."""
    top.open(["calendar"])
    calendar = top.at("calendar")
    calendar.open(["phases"], optional=["time_zone"])
    zone = calendar.at("time_zone")
    if zone.present and zone.value != ZONE:
        zone.flaw("calendar-zone-other", zone=shown(zone.value), known=ZONE)
    phases = [_phase(field) for field in calendar.at("phases").children()]
    _check_names(calendar.at("phases"), phases)
    _check_order(phases)
    return [
        {
            "name": phase.name,
            "opens": _midnight(phase.opens).isoformat(),
            "closes": _midnight(phase.last + timedelta(days=1)).isoformat(),
        }
        for phase in phases
        if phase.opens and phase.last
    ]


def _phase(field: Field) -> _Phase:
    field.open(["name", "opens", "closes"])
    name = field.at("name").one_of(PHASES, default=PHASES[0])
    opens, last = (values.day(field.at(end)) for end in ("opens", "closes"))
    if opens and last and last < opens:
        field.at("closes").flaw("phase-reversed", phase=shown(field.at("name").value))
    if last and against_time(_midnight(last) + timedelta(days=1)):
        field.at("closes").flaw("time-out-of-range")
    return _Phase(field, name, opens, last)


def _check_names(field: Field, phases: Sequence[_Phase]) -> None:
    seen: set[PhaseName] = set()
    for phase in phases:
        name = phase.field.at("name")
        if name.sound and phase.name in seen:
            name.flaw("phase-repeated")
        elif name.sound:
            seen.add(phase.name)
    if field.sound:
        for missing in (name for name in PHASES if name not in seen):
            field.flaw("phase-missing", phase=missing)


def _check_order(phases: Sequence[_Phase]) -> None:
    by_name = {phase.name: phase for phase in phases if phase.field.at("name").sound}
    for before, after in _SEQUENCES:
        if before not in by_name or after not in by_name:
            continue
        last, begins = by_name[before].last, by_name[after].opens
        if last and begins and last >= begins:
            opens = by_name[after].field.at("opens")
            opens.flaw("phases-out-of-order", before=before, after=after)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
