"""What there is to know about a table after its check: findings, about rows and about tiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.cli.results.columns import Basis
from services.cli.results.entries import Entry
from services.cli.results.ranks import Standing
from shared.kernel.scheme import Scheme

Kind = Literal["difference", "limit", "remark"]
"""A `limit` is where the table lacks what a check needs, so that nothing agrees or fails."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know, by a stable code; `details` are what its sentence speaks of."""

    code: str
    kind: Kind
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Computed:
    """What the system has counted for an agency."""

    points: Fraction
    index: Fraction | None
    rank: int | None
    grade: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a table that is about one tier.

    `whole` is how many agencies the whole table has, where that is known; `partial` says that rows
    were left out, known how many or not.
    """

    tier: str
    scheme: Scheme
    basis: Basis
    entries: Sequence[Entry]
    whole: int | None
    partial: bool


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row with what was found about it."""

    entry: Entry
    computed: Computed
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TierReport:
    """One tier: its rows by computed rank, and what was found about it as a whole."""

    part: Part
    rows: tuple[RowReport, ...]
    findings: tuple[Finding, ...]

    def count(self, kind: Kind) -> int:
        """How many findings are of a kind."""
        of_rows = [finding for row in self.rows for finding in row.findings]
        return sum(finding.kind == kind for finding in (*of_rows, *self.findings))
