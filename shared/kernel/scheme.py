"""The scheme (bộ tiêu chí, thang điểm, cách tính): what is scored in a cycle, how, for how much.

A scheme belongs to one tier of agencies and one year. It is data: people write it as YAML, the log
carries it as canonical JSON, and nothing of it stands in code. This module holds its shape;
`shared.kernel.scheme_reader` turns a document into it and says, in words and with the path, what
is wrong with one that is not a scheme.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Literal

NoTask = Literal["full", "not-applicable"]
TieRule = Literal["competition", "dense", "ordinal"]
Part = Literal["self", "sipas", "officials"]

LOSS_ALONE_MAX = Fraction(1, 2)
"""What a scheme says that is silent, and the most that one may say."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a `choice`, and the points it gives."""

    code: str
    title: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """Fixed points per option; yes or no is the smallest."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Points per unit, capped by the item's maximum."""

    per_unit: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Band:
    """A band of a measured value, from `at_least` upwards, or a level called by its name.

    `share` is the part of the item's maximum that it gives, between 0 and 1.
    """

    code: str
    title: str
    share: Fraction
    at_least: Fraction | None


@dataclass(frozen=True, slots=True)
class Levels:
    """A share of the maximum, by the band of a value (all bands have `at_least`) or by a name.

    `minimum` and `maximum` are those of the value, where the scheme says that it has any.
    """

    bands: tuple[Band, ...]
    unit: str
    minimum: Fraction | None = None
    maximum: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """numerator / denominator x maximum, and nothing below `floor` (a share between 0 and 1)."""

    numerator: str
    denominator: str
    floor: Fraction


@dataclass(frozen=True, slots=True)
class Deduction:
    """The maximum less `per_breach` points for each breach, and never below 0."""

    per_breach: Fraction
    breach: str


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic over named inputs (`+ - * / min max if`, comparisons); parsed, never run as code.

    The result is kept between 0 and the item's maximum.
    """

    text: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """Points claimed by the agency, between 0 and the maximum, in multiples of `step`."""

    step: Fraction


@dataclass(frozen=True, slots=True)
class Addend:
    """One sub-condition of a `sum`: a rule with a maximum of its own."""

    code: str
    title: str
    maximum: Fraction
    rule: "DeclaredRule"


@dataclass(frozen=True, slots=True)
class Sum:
    """Several sub-conditions, each scored by its own rule, added up."""

    addends: tuple[Addend, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A respondent group (nhóm đối tượng), and its weight among those that answer for an item."""

    code: str
    title: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Survey:
    """Points from a questionnaire: maximum x mean of the shares of the valid answers.

    `shares` maps an option's code to a share between 0 and 1; None is "no opinion", which is not a
    valid answer. For SIPAS the shares are 1 (satisfied) and 0, so that the mean is
    satisfied answers / valid answers. `if_unanswered` says what an item without any valid answer
    is: "missing" keeps a publication back, "not-applicable" takes it out of the maximum.
    """

    part: Literal["sipas", "officials"]
    shares: Mapping[str, Fraction | None]
    groups: tuple[Group, ...]
    if_unanswered: Literal["missing", "not-applicable"]


DeclaredRule = Choice | Count | Levels | Ratio | Deduction | Formula | Manual | Sum
Rule = DeclaredRule | Survey


@dataclass(frozen=True, slots=True)
class Item:
    """A scored item (tiêu chí thành phần, or a tiêu chí without components).

    `except_for` names the agencies to which it does not apply. `no_task` says what "no task arose
    this year" gives, where an agency may say so. `evidence` is what has to prove it, in words; the
    empty text demands none.
    """

    code: str
    title: str
    maximum: Fraction
    rule: Rule
    evidence: str
    no_task: NoTask | None
    except_for: frozenset[str]

    @property
    def part(self) -> Part:
        return self.rule.part if isinstance(self.rule, Survey) else "self"

    def applies_to(self, agency: str) -> bool:
        return agency not in self.except_for


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion (tiêu chí) and its scored items: its components, or itself as the only one."""

    code: str
    title: str
    maximum: Fraction
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """An area (lĩnh vực) and its criteria."""

    code: str
    title: str
    maximum: Fraction
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (xếp loại) and the index, in per cent, from which it is given."""

    code: str
    title: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class Ties:
    """How a true tie of indices is broken, and how the agencies that stay tied are numbered.

    `chain` names columns to compare, higher first: `appraised`, `sipas`, `officials`, `self`,
    or `area:CODE`.
    """

    chain: tuple[str, ...]
    rule: TieRule


@dataclass(frozen=True)
class Scheme:
    """Everything that turns the facts about an agency of one tier into its index.

    `maximum` is the sum of the areas. `bonus` and `penalty` items stand outside the tree, their
    maximum is the yearly cap. `cap` clips the index (in per cent), where the scheme sets one.
    `loss_alone_max` is the share of a claim that one member of the council may take away alone.
    A `sample` is not an official scheme, and everything made with it says so. `source` says where
    the criteria and their points come from.
    """

    code: str
    title: str
    tier: str
    sample: bool
    maximum: Fraction
    areas: tuple[Area, ...]
    bonus: tuple[Item, ...]
    penalty: tuple[Item, ...]
    ties: Ties
    grades: tuple[Grade, ...]
    cap: Fraction | None
    source: str = ""
    loss_alone_max: Fraction = LOSS_ALONE_MAX

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every scored item by its code: the tree in its order, then bonus, then penalty."""
        return MappingProxyType({item.code: item for item in self._walk()})

    def _walk(self) -> Iterator[Item]:
        for area in self.areas:
            for criterion in area.criteria:
                yield from criterion.items
        yield from self.bonus
        yield from self.penalty
