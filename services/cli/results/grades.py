"""Published grades (xếp loại), and what they say about where one grade ends and the next begins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.cli.results.columns import PERCENT
from services.cli.results.entries import Entry
from services.cli.results.finding import Computed, Finding, Part
from shared.kernel import points
from shared.kernel.scheme import Grade, Scheme


@dataclass(frozen=True, slots=True)
class Bound:
    """A grade was given down to `until`, and not at `above`; where between is unknown.

    `threshold` is where the scheme has it, in the same unit.
    """

    title: str
    above: Fraction
    until: Fraction
    threshold: Fraction

    @property
    def holds(self) -> bool:
        """Whether the scheme's threshold is possible."""
        return self.above < self.threshold <= self.until


def of_row(part: Part, entry: Entry, computed: Computed) -> Iterator[Finding]:
    """Whether the published grade is the computed one."""
    published = entry.published.grade
    if published is None or not part.scheme.grades:
        return
    details = {"published": published, "computed": computed.grade or "-"}
    if _position(part.scheme, published) is None:
        yield Finding("grade-unknown", "limit", details)
    elif _position(part.scheme, published) != _position(part.scheme, computed.grade):
        yield Finding("grade-differs", "difference", details)


def of_tier(part: Part, computed: Mapping[str, Computed]) -> Iterator[Finding]:
    """Between which values the table puts the bounds, and whether those of the scheme fit."""
    graded = [entry for entry in part.entries if entry.published.grade is not None]
    if graded and not part.scheme.grades:
        yield Finding("scheme-without-grades", "limit", {})
    by_total = all(entry.published.total is not None for entry in graded)
    unit = part.scheme.maximum / PERCENT if by_total else Fraction(1)
    values = [
        (entry.published.grade or "", _value(entry, computed[entry.agency], by_total=by_total))
        for entry in graded
    ]
    for bound in bounds(part.scheme, values, unit):
        details = {
            "grade": bound.title,
            "above": points.exact(bound.above),
            "until": points.exact(bound.until),
            "threshold": points.exact(bound.threshold),
        }
        if bound.holds:
            yield Finding("grade-bound-open", "limit", details)
        else:
            yield Finding("grade-bound-outside", "difference", details)


def bounds(
    scheme: Scheme, values: Sequence[tuple[str, Fraction]], unit: Fraction
) -> Iterator[Bound]:
    """The bounds that (grade, value) pairs show; `unit` is what 1 per cent is in their unit.

    A grade that nobody got, and one below which nobody is, shows none; neither do pairs that
    contradict each other.
    """
    placed = [(_position(scheme, grade), value) for grade, value in values]
    known = [(place, value) for place, value in placed if place is not None]
    for place, grade in enumerate(_ordered(scheme)):
        here = [value for at, value in known if at == place]
        better = [value for at, value in known if at <= place]
        worse = [value for at, value in known if at > place]
        if here and worse and max(worse) < min(better):
            yield Bound(grade.title, max(worse), min(better), grade.at_least * unit)


def _position(scheme: Scheme, grade: str) -> int | None:
    """Where a grade stands in the scheme, by title or code, 0 for the highest; None if nowhere."""
    wanted = grade.casefold()
    for place, known in enumerate(_ordered(scheme)):
        if wanted in {known.code.casefold(), known.title.casefold()}:
            return place
    return None


def _ordered(scheme: Scheme) -> Sequence[Grade]:
    return sorted(scheme.grades, key=lambda grade: grade.at_least, reverse=True)


def _value(entry: Entry, computed: Computed, *, by_total: bool) -> Fraction:
    stated = entry.published.total if by_total else entry.published.index
    return points.parse(stated) if stated is not None else computed.index or Fraction(0)
