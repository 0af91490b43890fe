"""The rows of a table as entries: who it is about, the points by item, and what was published.

`-` and its likes say that an item did not apply to an agency, that it has no rank, or that no
index or grade was published. An empty cell says nothing: it is a flaw, unless the caller knows that
it means the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.cli.results.columns import Columns
from services.cli.results.naming import code_of
from services.cli.results.table import Row, Table, flaw_at, refuse
from shared.kernel import points
from shared.kernel.code import is_code
from shared.kernel.errors import Flaw, Refused
from shared.kernel.scheme import Item, Scheme

NOT_APPLICABLE = frozenset({"-", "–", "—", "kad", "k/a", "n/a"})  # noqa: RUF001 - as people type
RANK_MAX = 100_000

_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")


@dataclass(frozen=True, slots=True)
class Published:
    """What the table says of a row as a whole; None where it says nothing.

    `index` and `total` are kept as they are written: their decimals say how they were rounded.
    """

    index: str | None = None
    total: str | None = None
    rank: int | None = None
    grade: str | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency of the table; `cells` holds points by item, None where it did not apply."""

    line: int
    agency: str
    name: str
    tier: str
    ranked: bool
    cells: Mapping[str, str | None]
    published: Published


def read(
    table: Table, columns: Columns, schemes: Mapping[str, Scheme], *, empty_is_none: bool
) -> tuple[Entry, ...]:
    """The entries of a table; `schemes` by tier, of which one alone serves every tier.

    Raises:
        Refused: `table-refused`, with a flaw for each cell that cannot be what it should be.
    """
    found: dict[str, Flaw] = {}
    readings = [_Reading(row, table.headings, columns, empty_is_none, found) for row in table.rows]
    entries = [_entry(reading, schemes) for reading in readings]
    flaws = [*found.values(), *_flaws_of_names(entries)]
    refuse(sorted(flaws, key=lambda flaw: int(flaw.details["line"])))
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A row that is being read; `found` has the first flaw of each cell, of other rows too."""

    row: Row
    headings: Sequence[str]
    columns: Columns
    empty_is_none: bool
    found: dict[str, Flaw]

    def flaw(self, code: str, place: int, **details: str) -> None:
        flaw = flaw_at(code, self.row.line, self.headings[place], **details)
        self.found.setdefault(flaw.pointer, flaw)

    def cell(self, place: int) -> str | None:
        """What stands in a column; None for what did not apply."""
        text = self.row.cells[place]
        if not text and not self.empty_is_none:
            self.flaw("cell-empty", place)
        return None if not text or text.casefold() in NOT_APPLICABLE else text

    def known(self, meaning: str) -> str | None:
        place = self.columns.known.get(meaning)
        return None if place is None else self.cell(place)

    def number(self, place: int) -> str | None:
        """A decimal that is not negative, as it is written; `.5` is written 0.5."""
        text = self.cell(place)
        if text is None:
            return None
        text = f"0{text}" if text.startswith(".") else text
        code = _flaw_of_number(text)
        if code:
            self.flaw(code, place, text=text)
        return None if code else text

    def whole(self, meaning: str) -> int | None:
        """A whole number from 1."""
        text = self.known(meaning)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and 1 <= int(text[:18]) <= RANK_MAX:
            return int(text)
        self.flaw("whole-number-expected", self.columns.known[meaning], text=text)
        return None


def _flaw_of_number(text: str) -> str:
    if _DECIMAL_COMMA.fullmatch(text):
        return "decimal-comma"
    try:
        value = points.parse(text)
    except Refused:
        return "number-unreadable"
    return "number-below-zero" if value < 0 else ""


def _entry(reading: _Reading, schemes: Mapping[str, Scheme]) -> Entry:
    known = reading.columns.known
    name = reading.known("name")
    if name is None and reading.row.cells[known["name"]]:
        reading.flaw("name-missing", known["name"])
    tier, scheme = _tier(reading, schemes)
    rank = reading.whole("rank")
    agency = _code(reading, name or "")
    return Entry(
        line=reading.row.line,
        agency=agency,
        name=name or "",
        tier=tier,
        ranked=rank is not None or "rank" not in known,
        cells=_cells(reading, agency, scheme, schemes.values()) if scheme else {},
        published=Published(
            index=reading.number(known["index"]) if "index" in known else None,
            total=reading.number(known["total"]) if "total" in known else None,
            rank=rank,
            grade=reading.known("grade"),
            of=reading.whole("of"),
        ),
    )


def _code(reading: _Reading, name: str) -> str:
    known = reading.columns.known
    if "code" not in known:
        code = code_of(name)
        if name and not code:
            reading.flaw("name-without-letters", known["name"], name=name)
        return code
    given = reading.known("code") or ""
    if given and not is_code(given):
        reading.flaw("code-unfit", known["code"], text=given)
    return given


def _tier(reading: _Reading, schemes: Mapping[str, Scheme]) -> tuple[str, Scheme | None]:
    """The tier of a row and its scheme."""
    only = next(iter(schemes.items())) if len(schemes) == 1 else None
    if "tier" not in reading.columns.known:
        assert only is not None, "several schemes need a column of tiers"
        return only
    tier = code_of(reading.known("tier") or "")
    scheme = only[1] if only else schemes.get(tier)
    if not tier or scheme is None:
        reading.flaw("tier-unfit", reading.columns.known["tier"], known=", ".join(schemes))
    return tier, scheme


def _cells(
    reading: _Reading, agency: str, scheme: Scheme, schemes: Iterable[Scheme]
) -> Mapping[str, str | None]:
    """The points of a row by the items of its scheme; other schemes' columns hold nothing."""
    shared_places = {reading.columns.items.get(code) for code in scheme.items}
    for code in {code for other in schemes for code in other.items} - scheme.items.keys():
        place = reading.columns.items.get(code)
        text = "" if place is None or place in shared_places else reading.row.cells[place]
        if place is not None and text and text.casefold() not in NOT_APPLICABLE:
            reading.flaw("cell-of-another-tier", place, item=code, scheme=scheme.code)
    return {
        item.code: _points(reading, agency, item, reading.columns.items[item.code])
        for item in scheme.items.values()
        if item.code in reading.columns.items
    }


def _points(reading: _Reading, agency: str, item: Item, place: int) -> str | None:
    text = reading.number(place)
    if text is not None and not item.applies_to(agency):
        reading.flaw("cell-excepted", place, item=item.code, agency=agency)
    elif text is not None and points.parse(text) > item.maximum:
        maximum = points.exact(item.maximum)
        reading.flaw("cell-above-maximum", place, text=text, item=item.code, maximum=maximum)
    return text


def _flaws_of_names(entries: Sequence[Entry]) -> Iterator[Flaw]:
    """The same name again, and another name with the same code."""
    yield from _repeated(entries, lambda entry: entry.name.casefold(), "name-repeated")
    names = {entry.name.casefold(): entry for entry in entries}
    yield from _repeated(list(names.values()), lambda entry: entry.agency, "code-repeated")


def _repeated(
    entries: Iterable[Entry], key_of: Callable[[Entry], str], code: str
) -> Iterator[Flaw]:
    first: dict[str, Entry] = {}
    for entry in entries:
        key = key_of(entry)
        other = first.setdefault(key, entry)
        if key and other is not entry:
            details = {"name": entry.name, "other": other.name, "agency": entry.agency}
            yield flaw_at(code, entry.line, other_line=str(other.line), **details)
