"""The index: from a scheme and the last word on every item, to points, index, rank and grade.

`compute(scheme, state)` is a pure function. All arithmetic is exact; nothing is rounded here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Status = Literal[
    "undeclared",  # nothing was said: 0 points
    "pending",  # declared, and not yet (or no longer) decided: counts as declared, provisionally
    "recognised",
    "rejected",
    "surveyed",
    "unanswered",  # a survey item without a valid answer
    "imported",  # the points of a table published elsewhere
    "not-applicable",  # leaves the denominator
]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an agency last declared for an item, and the fact that says so."""

    inputs: Mapping[str, str]
    fact: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the council last decided; `awarded` is None where it recognised the self-score.

    It stands as long as `declaration` is the item's last declaration and every evidence that it
    saw (the ids of facts) is still attached.
    """

    awarded: Fraction | None
    declaration: str
    evidence: tuple[str, ...]
    fact: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Points of an item from a published table; None where it did not apply to the agency."""

    points: Fraction | None
    fact: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each option was chosen, and the facts that were counted for it."""

    counts: Mapping[str, int]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgencyState:
    """The last word on everything that is known of one agency.

    Keys are item codes; of `tallies` (item code, respondent group). `evidence` holds the ids of
    the facts by which evidence is attached now.
    """

    code: str
    ranked: bool = True
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    evidence: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    imported: Mapping[str, Imported] = field(default_factory=dict)
    tallies: Mapping[tuple[str, str], Tally] = field(default_factory=dict)


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

    `claimed` is the self-score by the rule; None for a survey item and where nothing was declared.
    `absent_groups` are the respondent groups without a valid answer, whose weight went to others.
    """

    code: str
    status: Status
    claimed: Fraction | None
    score: Score
    facts: tuple[str, ...]
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

    `claimed` and `appraised` are the sums over the self-scored items of what was claimed and of
    what counts (for a pending item: what was claimed); `sipas` and `officials` are the survey's two parts.
    `total` is the tree + bonus - penalty over the applicable maximum of the tree.
    `rank` is None for an agency that is not ranked. `pending` and `unanswered` name the items
    because of which the row is provisional.
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
