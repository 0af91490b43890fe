"""What `compute` answers: the table of a tier, down to every item of every agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Status = Literal[
    "undeclared",  # nothing was said: 0 points
    "pending",  # not yet (or no longer) decided: counts as declared, if it can, provisionally
    "recognised",
    "rejected",
    "surveyed",
    "unanswered",  # a survey item without a valid answer
    "imported",  # the points of a table published elsewhere
    "not-applicable",  # leaves the denominator
]


@dataclass(frozen=True, slots=True)
class Score:
    """Points out of a maximum; the index is their ratio in per cent, None where nothing applies."""

    points: Fraction
    maximum: Fraction

    @property
    def index(self) -> Fraction | None:
        return 100 * self.points / self.maximum if self.maximum else None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item of one agency: what was claimed, what counts, and the facts that both come from.

    `claimed` is the self-score by the rule; None for a survey item, and where nothing (or nothing
    that the scheme can score) was declared. `absent_groups` are the respondent groups without a
    valid answer, whose weight went to the others.
    """

    code: str
    status: Status
    claimed: Fraction | None
    score: Score
    facts: Sequence[str]
    absent_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion of one agency."""

    code: str
    score: Score
    items: tuple[ItemResult, ...]


@dataclass(frozen=True, slots=True)
class AreaResult:
    """One area of one agency."""

    code: str
    score: Score
    criteria: tuple[CriterionResult, ...]


@dataclass(frozen=True, slots=True)
class AgencyResult:
    """One row of the table.

    `claimed` and `appraised` are the sums over the self-scored items of the tree of what was
    claimed and of what counts (for a pending item: what was claimed); `sipas` and `officials` are
    the survey's two parts. An imported item was claimed by nobody and stays out of `claimed`.
    `total` is the tree + bonus - penalty over the applicable maximum of the tree; `index` is its
    index, clipped where the scheme sets a cap. `rank` is None for an agency that is not ranked or
    has no index. `extras` are the bonus items, then the penalty items. `pending` and `unanswered`
    name the items because of which the row is provisional.
    """

    agency: str
    ranked: bool
    claimed: Score
    appraised: Score
    sipas: Score
    officials: Score
    bonus: Fraction
    penalty: Fraction
    total: Score
    index: Fraction | None
    rank: int | None
    grade: str | None
    areas: tuple[AreaResult, ...]
    extras: tuple[ItemResult, ...]
    pending: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The result of a tier: ranked agencies by rank, then the unranked by code."""

    tier: str
    scheme: str
    rows: tuple[AgencyResult, ...]
