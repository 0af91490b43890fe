"""The calendar of a cycle: when its phases open and close, and for whom one closes later.

A phase lasts from `opens` until just before `closes`. An extension moves the end of a phase, for
everybody or for one agency, and only ever to a later time, so that the order in which extensions
arrive does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Literal

from shared.kernel.errors import Refused

PhaseName = Literal["self-scoring", "explanation", "appraisal-1", "appraisal-2", "survey"]

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""The zone of every calendar; Vietnam has kept UTC+7 without summer time since 1975."""

LOCAL = "%H:%M %d/%m/%Y"
"""How a sentence quotes a time."""

YEARS = range(1900, 2200)
"""The years that a calendar may speak of."""


@dataclass(frozen=True, slots=True)
class Window:
    """A phase as it was announced."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The phases, and the extensions by phase and agency; the agency "" stands for all."""

    phases: Mapping[PhaseName, Window] = field(default_factory=dict)
    extensions: Mapping[tuple[PhaseName, str], datetime] = field(default_factory=dict)

    def opens(self, phase: PhaseName) -> datetime:
        """When the phase begins, for everybody."""
        return self.phases[phase].opens

    def closes(self, phase: PhaseName, agency: str = "") -> datetime:
        """When the phase ends for an agency, or for those without an extension of their own."""
        announced = self.phases[phase].closes
        return max(announced, *(self._extension(phase, whose, announced) for whose in ("", agency)))

    def is_open(self, phase: PhaseName, at: datetime, agency: str = "") -> bool:
        """Whether the phase runs for the agency at that time."""
        return self.opens(phase) <= at < self.closes(phase, agency)

    def extended(self, phase: PhaseName, until: datetime, agency: str = "") -> "Calendar":
        """The calendar after an extension; one to an earlier time changes nothing."""
        latest = max(until, self._extension(phase, agency, until))
        return replace(self, extensions={**self.extensions, (phase, agency): latest})

    def _extension(self, phase: PhaseName, agency: str, otherwise: datetime) -> datetime:
        return self.extensions.get((phase, agency), otherwise)


def against_time(instant: datetime) -> Refused | None:
    """A time is one that somebody may plan for."""
    return None if instant.year in YEARS else Refused("time-out-of-range")


def in_zone(instant: datetime, zone: tzinfo) -> datetime:
    """The same time on other clocks.

    One so near the ends of what Python knows that it has no equal there stays on its own.
    """
    try:
        return instant.astimezone(zone)
    except OverflowError:
        return instant


def local(instant: datetime) -> str:
    """A time as a sentence quotes it: on the clocks of Vietnam, to the minute."""
    return in_zone(instant, VIETNAM).strftime(LOCAL)
