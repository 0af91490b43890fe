"""Facts of a cycle: its rules, its agencies and its calendar."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from shared.events.envelope import Sealed

PhaseName = Literal["self-scoring", "explanation", "appraisal-1", "appraisal-2", "survey"]
Mode = Literal["trial", "production"]


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """An agency (cơ quan, đơn vị) as a cycle knows it; codes outlive names and mergers."""

    code: str
    name: str
    tier: str
    ranked: bool
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A phase of the calendar, from `opens` until just before `closes`."""

    name: PhaseName
    opens: datetime
    closes: datetime


class LegalAct(msgspec.Struct, frozen=True, kw_only=True):
    """The decision (quyết định) by which something official happens."""

    number: str
    on: date


class SchemeAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """A tier's scheme (bộ tiêu chí), whole: the log alone must suffice to count."""

    cycle: str
    tier: str
    scheme: dict[str, Any]


class SchemeAmended(msgspec.Struct, frozen=True, kw_only=True):
    """A tier's scheme replaced by another, whole, while the cycle runs."""

    cycle: str
    tier: str
    scheme: dict[str, Any]
    decision: LegalAct
    because: Sealed


class CycleOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A cycle (đợt đánh giá) begins, after the schemes of its tiers were adopted."""

    cycle: str
    year: int
    mode: Mode
    decision: LegalAct
    agencies: tuple[Agency, ...]
    calendar: tuple[Phase, ...]
    copied_from: str | None = None


class CycleWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """The cycle ends without a result; nothing more is accepted for it."""

    cycle: str
    decision: LegalAct
    because: Sealed


class DeadlineExtended(msgspec.Struct, frozen=True, kw_only=True):
    """A phase closes later, for one agency or (None) for all."""

    cycle: str
    phase: PhaseName
    agency: str | None
    until: datetime
    decision: LegalAct
    because: Sealed


class AgencyAdded(msgspec.Struct, frozen=True, kw_only=True):
    """An agency joins a running cycle."""

    cycle: str
    agency: Agency
    decision: LegalAct
    because: Sealed


class AgencyWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """An agency leaves a running cycle: it has no row in the result any more."""

    cycle: str
    agency: str
    decision: LegalAct
    because: Sealed


class ImportedScore(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of a published table; `points` is None where the item did not apply."""

    agency: str
    item: str
    points: str | None


class PublishedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a table published elsewhere says of an agency's result, to compare with.

    `total` and `grade` came later, and are written only where the table has them.
    """

    agency: str
    index: str | None
    rank: int | None
    total: str | None = None
    grade: str | None = None


class ItemResultsImported(msgspec.Struct, frozen=True, kw_only=True):
    """Results of a past year, taken from a published table with its source."""

    cycle: str
    source: str
    scores: tuple[ImportedScore, ...]
    published: tuple[PublishedRow, ...]
