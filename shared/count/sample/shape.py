"""What is drawn from, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from shared.kernel.scheme import Grade, Group, TieRule

Kind = tuple[tuple[int, int, int], ...]
"""What an answer is worth: by the place of an item its shares added up, and how many are valid.

Shares are counted in whole units of the sample: there are many answers, and fractions are slow.
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of one respondent group about one agency, and how often each kind of them was given.

    No others of the cycle have the same name. `whole` says that they are whole responses.
    """

    name: str
    group: str
    whole: bool
    kinds: Mapping[Kind, int]

    @property
    def count(self) -> int:
        """How many answers there are, and are drawn."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """An item that is surveyed; `leaves` says that it leaves the maximum where nobody answers."""

    code: str
    maximum: Fraction
    groups: tuple[Group, ...]
    leaves: bool


@dataclass(frozen=True, slots=True)
class Contender:
    """One agency: what stays as it is, and the answers that `items` (by their places) hang on.

    `points` out of `maximum`, and the `columns` by which ties are broken, are without those items.
    """

    agency: str
    ranked: bool
    points: Fraction
    maximum: Fraction
    columns: tuple[Fraction, ...]
    items: tuple[int, ...]
    answers: tuple[Answers, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A tier as it is ranked, with its agencies by their codes.

    So many `units` are a whole share. `columns` names by their places the items that count in each
    column by which ties are broken.
    """

    units: int
    asked: tuple[Asked, ...]
    columns: tuple[frozenset[int], ...]
    rule: TieRule
    grades: tuple[Grade, ...]
    cap: Fraction | None
    contenders: tuple[Contender, ...]

    @property
    def kinds(self) -> int:
        """How many kinds of answers there are: what one round of drawing costs."""
        return sum(len(each.kinds) for one in self.contenders for each in one.answers)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How often everything is drawn, and the seed that all chance comes from."""

    seed: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Rounds:
    """What came of all rounds, counted.

    `ranks` says for each agency in how many rounds it had each rank, and `grades` each grade (""
    is none). `above` says in how many rounds one agency stood above another: by the index, and
    where that is equal by the chain for ties. `generator` names where the chance came from.
    """

    rounds: int
    ranks: Mapping[str, Mapping[int, int]]
    grades: Mapping[str, Mapping[str, int]]
    above: Mapping[tuple[str, str], int]
    generator: str


Resample = Callable[[Sample, Drawing], Rounds]
"""Draws, counts each round as the scheme does, and says what came of it; equal for equal seeds."""
