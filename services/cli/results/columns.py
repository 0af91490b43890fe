"""What the columns of a table mean: a name, a rank, the points of an item, ...

A column is an item's if its heading is the item's code, or the option `--column HEADING=CODE` says
so. The others are known by their headings, or by the same option with one of the MEANINGS. Two
headings for one meaning, and a heading without a meaning, are flaws.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from services.cli.results.naming import code_of
from services.cli.results.table import Table, flaw_at, refuse
from shared.kernel.errors import Flaw
from shared.kernel.scheme import Scheme

Basis = Literal["items", "total", "index"]
"""Where the points come from: a column an item, or one of totals, or one of indices alone."""

IGNORED = "ignore"
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "name": "name unit unit-en unit-vi agency agency-name ten ten-don-vi ten-co-quan don-vi "
        "co-quan co-quan-don-vi",
        "code": "code agency-code unit-code ma ma-don-vi ma-co-quan",
        "tier": "tier section level cap khoi nhom",
        "index": "index index-pct par-index par-index-pct sipas sipas-index sipas-pct chi-so "
        "chi-so-cchc",
        "total": "total total-points points score tong tong-diem diem",
        "rank": "rank par-rank ranking hang thu-hang xep-hang",
        "grade": "grade class classification loai xep-loai",
        "of": "of out-of tren-tong-so",
        IGNORED: "",
    }
)
"""What a column may be beside an item's, and the headings by which it is known."""

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each thing stands; `items` by code, `known` by meaning."""

    items: Mapping[str, int]
    known: Mapping[str, int]
    basis: Basis


def find(table: Table, schemes: Sequence[Scheme], chosen: Mapping[str, str]) -> Columns:
    """What every column of a table means; `chosen` maps headings to what options say of them.

    Raises:
        Refused: `table-refused`, for columns that are missing, doubled or unknown.
    """
    codes = {code for scheme in schemes for code in scheme.items}
    meanings = [_meaning(heading, codes, chosen) for heading in table.headings]
    refuse([*_flaws(table, meanings, codes, chosen)])
    places = {meaning: place for place, meaning in enumerate(meanings)}
    items = {code: place for code, place in places.items() if code in codes}
    known = {word: place for word, place in places.items() if word in MEANINGS}
    basis: Basis = "items"
    if not items:
        items, basis = _items_of_whole(known, schemes)
    refuse([*_flaws_of_missing(table, items, known, schemes)])
    return Columns(items, known, basis)


def _meaning(heading: str, codes: set[str], chosen: Mapping[str, str]) -> str:
    """The item code or the word that a heading stands for; empty if nobody knows."""
    if heading in chosen:
        return chosen[heading]
    if heading in codes:
        return heading
    alike = code_of(heading)
    for code in sorted(codes):
        if code_of(code) == alike:
            return code
    return next((word for word, alikes in MEANINGS.items() if alike in alikes.split()), "")


def _items_of_whole(
    known: Mapping[str, int], schemes: Sequence[Scheme]
) -> tuple[dict[str, int], Basis]:
    """A scheme of one item takes the totals for its points or, out of 100, the index."""
    only = [next(iter(scheme.items)) for scheme in schemes if len(scheme.items) == 1]
    if len(only) < len(schemes):
        return {}, "items"
    if "total" in known:
        return dict.fromkeys(only, known["total"]), "total"
    if "index" in known and all(scheme.maximum == PERCENT for scheme in schemes):
        return dict.fromkeys(only, known["index"]), "index"
    return {}, "items"


def _flaws(
    table: Table, meanings: Sequence[str], codes: set[str], chosen: Mapping[str, str]
) -> Iterator[Flaw]:
    for heading, meaning in chosen.items():
        if heading not in table.headings:
            known = ", ".join(table.headings)
            yield flaw_at("column-not-there", table.line, heading, known=known)
        elif meaning not in codes and meaning not in MEANINGS:
            known = ", ".join((*MEANINGS, *sorted(codes)))
            yield flaw_at("meaning-unknown", table.line, heading, meaning=meaning, known=known)
    for place, (heading, meaning) in enumerate(zip(table.headings, meanings, strict=True)):
        first = meanings.index(meaning)
        if not meaning:
            yield flaw_at("column-unknown", table.line, heading)
        elif first < place and meaning != IGNORED:
            other = table.headings[first]
            yield flaw_at("column-twice", table.line, heading, other=other, meaning=meaning)


def _flaws_of_missing(
    table: Table, items: Mapping[str, int], known: Mapping[str, int], schemes: Sequence[Scheme]
) -> Iterator[Flaw]:
    if "name" not in known:
        yield flaw_at("name-column-missing", table.line)
    if len(schemes) > 1 and "tier" not in known:
        yield flaw_at("tier-column-missing", table.line)
    for scheme in schemes:
        wanted = (
            item.code for area in scheme.areas for each in area.criteria for item in each.items
        )
        missing = [code for code in wanted if code not in items]
        if missing:
            named = {"items": ", ".join(missing), "scheme": scheme.code}
            yield flaw_at("item-columns-missing", table.line, **named)
