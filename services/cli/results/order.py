"""Published ranks, against the computed ones and against the values beside them.

Where rows were left out of a table, its ranks are compared as far as their order goes.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from services.cli.results import ranks
from services.cli.results.amounts import signed
from services.cli.results.entries import Entry
from services.cli.results.finding import Computed, Finding, Part
from services.cli.results.ranks import Departure, Place, Standing
from shared.kernel import points
from shared.kernel.scheme import TieRule


def left_out(part: Part) -> tuple[int, ...] | None:
    """The ranks of rows that the table leaves out, as far as they are known.

    None for a table that leaves out nothing, or that has no ranks.
    """
    published = [e.published.rank for e in part.entries if e.published.rank is not None]
    there = sum(entry.ranked for entry in part.entries)
    whole = max([there, *published]) if part.whole is None else part.whole
    if not published or (whole <= there and not part.partial):
        return None
    return ranks.left_out(published, part.whole)


def of_row(
    entry: Entry, computed: Computed, places: Mapping[str, Place], rule: TieRule, *, sure: bool
) -> Iterator[Finding]:
    """What differs in a row of a table that leaves out nothing; `rule` is the scheme's for ties.

    Not `sure` are the computed ranks of a tier in which some agency's maximum is not known.
    """
    published = entry.published.rank
    if published is None or computed.rank is None or published == computed.rank:
        return
    details = {
        "published": str(published),
        "computed": str(computed.rank),
        "difference": signed(Fraction(published - computed.rank)),
    }
    among_equals = places[entry.agency].ranks("ordinal")
    if published in among_equals and computed.rank in among_equals:
        if rule == "ordinal":
            yield Finding("rank-among-equals", "remark", details)
        else:
            yield Finding("rank-by-another-tie-rule", "difference", {**details, "rule": rule})
    elif not sure:
        yield Finding("rank-not-comparable", "limit", details)
    else:
        yield Finding("rank-differs", "difference", details)


def of_tier(
    part: Part,
    standings: Mapping[str, Standing],
    missing: tuple[int, ...] | None,
    *,
    sure: bool,
) -> Iterator[Finding]:
    """Whether ranks follow from values, by which tie rule, and what is left out."""
    published = {
        entry.agency: entry.published.rank
        for entry in part.entries
        if entry.published.rank is not None and entry.agency in standings
    }
    if not published:
        yield Finding("no-ranks", "limit", {})
    elif missing is None:
        yield from _of_rules(part, published, standings)
    else:
        yield _rows_left_out(part, len(published), missing)
        yield _of_order(part, published, standings, sure=sure)


def _rows_left_out(part: Part, count: int, missing: Sequence[int]) -> Finding:
    there, named = str(count), ranks.spans(missing)
    if part.whole is not None:
        details = {"there": there, "whole": str(part.whole), "ranks": named}
        return Finding("rows-left-out", "limit", details)
    if named:
        return Finding("ranks-left-out", "limit", {"there": there, "ranks": named})
    return Finding("rows-left-out-uncounted", "limit", {"there": there})


def _of_order(
    part: Part, published: Mapping[str, int], standings: Mapping[str, Standing], *, sure: bool
) -> Finding:
    strays = ranks.out_of_order(published, standings)
    if not strays:
        return Finding("order-agrees", "remark", {"there": str(len(published))})
    named = [f"{e.name} ({e.published.rank})" for e in part.entries if e.agency in strays]
    details = {"agencies": ", ".join(named)}
    if not sure:
        return Finding("order-not-comparable", "limit", details)
    return Finding("order-differs", "difference", details)


def _of_rules(
    part: Part, published: Mapping[str, int], standings: Mapping[str, Standing]
) -> Iterator[Finding]:
    """By the values that the table itself states, if it does for every ranked row."""
    stated = _stated(part, published)
    places = ranks.places(stated or standings)
    departures = {rule: ranks.departures(rule, published, places) for rule in ranks.RULES}
    if any(place.tied for place in places.values()):
        yield from _of_equals(part, published, places, departures)
    elif not departures["competition"]:
        yield Finding("ranks-follow-stated" if stated else "ranks-follow-computed", "remark", {})
    elif stated:
        yield Finding("ranks-against-stated", "difference", {})


def _of_equals(
    part: Part,
    published: Mapping[str, int],
    places: Mapping[str, Place],
    departures: Mapping[TieRule, Sequence[Departure]],
) -> Iterator[Finding]:
    names = {entry.agency: entry.name for entry in part.entries}
    tied = ", ".join(
        f"{names[code]} ({published[code]})" for code in published if places[code].tied
    )
    yield Finding("equals-there", "remark", {"tied": tied})
    for rule, found in departures.items():
        if not found:
            yield Finding("tie-rule-agrees", "remark", {"rule": rule})
            continue
        named = ", ".join(
            f"{names[each.agency]} {ranks.spans(each.allowed)} ({each.published})" for each in found
        )
        yield Finding("tie-rule-differs", "remark", {"rule": rule, "departures": named})
    if all(departures.values()):
        yield Finding("tie-rule-unknown", "difference", {})


def _stated(part: Part, published: Mapping[str, int]) -> Mapping[str, Standing] | None:
    """The values that the table states for its ranked rows; None if one is not there."""
    values = {
        entry.agency: entry.published.index or entry.published.total
        for entry in part.entries
        if entry.agency in published
    }
    stated = {agency: (points.parse(text),) for agency, text in values.items() if text is not None}
    return stated if len(stated) == len(values) else None
