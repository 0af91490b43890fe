"""The published index and total of a row, against what is computed from its points."""

from collections.abc import Iterator
from fractions import Fraction

from services.cli.results.columns import PERCENT
from services.cli.results.entries import Entry
from services.cli.results.finding import Computed, Finding, Part
from shared.kernel import points

MAXIMUM_PLACES = 2
PART_PLACES_MIN = 2


def of_row(part: Part, entry: Entry, computed: Computed) -> Iterator[Finding]:
    """What differs; a column from which the points themselves were taken is not compared."""
    index, total = entry.published.index, entry.published.total
    if index is not None and computed.index is not None and part.basis != "index":
        yield from _of_index(part, entry, index, computed)
    if total is not None and part.basis == "items":
        yield from _of_number("total", total, computed.points, _slack(entry, total))


def maximum_is_not_there(part: Part, entry: Entry, computed: Computed) -> bool:
    """Whether a total was published with a higher index than it has on the scheme's scale.

    Then the agency's own maximum was lower, and the table does not hold it: its computed index
    says nothing about the published one.
    """
    index = entry.published.index
    if part.basis != "total" or index is None or computed.index is None:
        return False
    return points.parse(index) > computed.index and not _agrees(index, computed.index)


def of_tier(part: Part) -> Iterator[Finding]:
    """What the columns of the table do not let anybody check."""
    match part.basis:
        case "total":
            maximum = points.exact(part.scheme.maximum)
            yield Finding("totals-alone", "limit", {"maximum": maximum})
        case "index":
            yield Finding("index-alone", "limit", {})
        case "items":
            pass


def _of_index(part: Part, entry: Entry, published: str, computed: Computed) -> Iterator[Finding]:
    assert computed.index is not None, "the caller has looked"
    if maximum_is_not_there(part, entry, computed):
        yield _maximum_not_there(published, computed.points, computed.index)
        return
    slack = _slack(entry, published) * PERCENT / part.scheme.maximum
    yield from _of_number("index", published, computed.index, slack)


def _of_number(name: str, published: str, computed: Fraction, slack: Fraction) -> Iterator[Finding]:
    """Compare at the precision of print; `slack` is what rounding the parts can explain."""
    if _agrees(published, computed):
        return
    shown = points.shown(computed, _places(published))
    difference = points.parse(published) - points.parse(shown)
    details = {"published": published, "computed": shown, "difference": signed(difference)}
    if abs(points.parse(published) - computed) <= slack:
        yield Finding(f"{name}-within-rounding", "remark", details)
    else:
        yield Finding(f"{name}-differs", "difference", details)


def _maximum_not_there(published: str, total: Fraction, index: Fraction) -> Finding:
    stated, half = points.parse(published), _half_unit(_places(published))
    return Finding(
        "maximum-not-in-table",
        "limit",
        {
            "total": points.exact(total),
            "published": published,
            "computed": points.shown(index, _places(published)),
            "implied": points.shown(PERCENT * total / stated, MAXIMUM_PLACES),
            "least": points.shown(PERCENT * total / (stated + half), MAXIMUM_PLACES + 1),
            "most": points.shown(PERCENT * total / (stated - half), MAXIMUM_PLACES + 1),
        },
    )


def signed(value: Fraction) -> str:
    """A difference with its sign."""
    return f"+{points.exact(value)}" if value > 0 else points.exact(value)


def _agrees(published: str, computed: Fraction) -> bool:
    shown = points.shown(computed, _places(published))
    return points.parse(shown) == points.parse(published)


def _slack(entry: Entry, published: str) -> Fraction:
    """What may be lost where each part was rounded as the whole is, at least to hundredths."""
    part = _half_unit(max(_places(published), PART_PLACES_MIN))
    return len(entry.cells) * part + _half_unit(_places(published))


def _half_unit(places: int) -> Fraction:
    return Fraction(1, 2 * 10**places)


def _places(text: str) -> int:
    return len(text.partition(".")[2])
