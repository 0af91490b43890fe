"""What can be asked of a cycle. Free text arrives sealed; `at` is the time of asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.events import submission as events
from shared.events.envelope import Sealed
from shared.kernel.calendar import PhaseName


@dataclass(frozen=True, slots=True)
class OpenCycle:
    """Open a cycle with the scheme document of each tier."""

    cycle: str
    year: int
    mode: events.Mode
    decision: events.LegalAct
    agencies: tuple[events.Agency, ...]
    calendar: tuple[events.Phase, ...]
    schemes: Mapping[str, Mapping[str, Any]]
    copied_from: str | None = None


@dataclass(frozen=True, slots=True)
class AmendScheme:
    """Replace a tier's scheme while the cycle runs."""

    tier: str
    scheme: Mapping[str, Any]
    decision: events.LegalAct
    because: Sealed


@dataclass(frozen=True, slots=True)
class WithdrawCycle:
    """End the cycle without a result."""

    decision: events.LegalAct
    because: Sealed


@dataclass(frozen=True, slots=True)
class ExtendDeadline:
    """Let a phase close later, for one agency or (None) for all."""

    phase: PhaseName
    agency: str | None
    until: datetime
    decision: events.LegalAct
    because: Sealed
    at: datetime


@dataclass(frozen=True, slots=True)
class AddAgency:
    """Let an agency join, or come back."""

    agency: events.Agency
    decision: events.LegalAct
    because: Sealed


@dataclass(frozen=True, slots=True)
class WithdrawAgency:
    """Let an agency leave."""

    agency: str
    decision: events.LegalAct
    because: Sealed


@dataclass(frozen=True, slots=True)
class ImportItemResults:
    """Take over a table that was published elsewhere: cells, and what it says of whole rows."""

    source: str
    scores: tuple[events.ImportedScore, ...]
    published: tuple[events.PublishedRow, ...]


Command = (
    OpenCycle
    | AmendScheme
    | WithdrawCycle
    | ExtendDeadline
    | AddAgency
    | WithdrawAgency
    | ImportItemResults
)
