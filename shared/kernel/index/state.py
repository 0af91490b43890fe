"""What the index is computed from: the last word on everything that is known of an agency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an agency last declared for an item, and the fact that says so."""

    inputs: Mapping[str, str]
    fact: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the council last decided: the points that it `awarded`, or `recognised` as claimed.

    It stands as long as `declaration` is the item's last declaration, every evidence that it saw
    (the ids of facts) is still attached, and the present scheme gives a recognised claim the same
    points, or has room for those of a rejected one.
    """

    awarded: Fraction
    recognised: bool
    declaration: str
    evidence: tuple[str, ...]
    fact: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Points of an item from a published table; None where it did not apply to the agency.

    They count where nothing was declared or decided.
    """

    points: Fraction | None
    fact: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each option was chosen, and the facts that were counted for it."""

    counts: Mapping[str, int]
    facts: Sequence[str]


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
