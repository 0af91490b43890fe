"""A table as a file holds it: comments, one line of headings, rows of cells; read strictly.

Nothing is guessed and nothing is dropped. Whatever is odd is a flaw that names its line and column
and says what to do; all flaws are found at once, up to a limit.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.kernel.errors import Flaw, Refused

FILE_BYTES_MAX = 1024 * 1024
ROWS_MAX = 500
COLUMNS_MAX = 300
CELL_CHARACTERS_MAX = 300
FLAWS_MAX = 50

COMMENT = "#"
SEPARATORS = {";": ";", "\t": "Tab", "|": "|"}

# Every control character but the ends of lines and the tab, which a separator may turn out to be.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and the line of the file on which it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read; every row has as many cells as there are headings.

    `comments` are the lines above the headings, without their sign.
    """

    comments: tuple[str, ...]
    line: int
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes) -> Table:
    """Read a table: UTF-8 (with or without BOM), columns separated by commas, decimal points.

    Raises:
        Refused: `table-refused`, with a flaw for each thing that is wrong with the file.
    """
    lines = list(io.StringIO(_decoded(content), newline=""))
    comments, first = _comments(lines)
    if first == len(lines):
        refuse([flaw_at("table-empty", 1)])
    _check_separator(lines[first], first + 1)
    parsed = list(_parsed(lines, first))
    headings, rows = parsed[0], parsed[1:]
    width = _width(headings, rows)
    refuse([*_flaws_of_headings(headings, width), *_flaws_of_rows(rows, width)])
    kept = tuple(Row(row.line, row.cells[:width]) for row in rows)
    return Table(comments, headings.line, headings.cells[:width], kept)


def flaw_at(code: str, line: int, column: str = "", **details: str) -> Flaw:
    """A flaw on a line, and in a column where it is about one cell."""
    place = f"/{line}/{column}" if column else f"/{line}"
    return Flaw(place, code, {"line": str(line), "column": column, **details})


def refuse(flaws: Sequence[Flaw]) -> None:
    """Refuse the table if it has any flaw."""
    if flaws:
        told = flaws[:FLAWS_MAX]
        raise Refused("table-refused", flaws=told, count=str(len(flaws)), told=str(len(told)))


def _refused(code: str, line: int, **details: str) -> Refused:
    """The refusal of a table that cannot be read on."""
    return Refused("table-refused", flaws=[flaw_at(code, line, **details)], count="1", told="1")


def _decoded(content: bytes) -> str:
    if len(content) > FILE_BYTES_MAX:
        raise _refused("table-too-large", 1, maximum=str(FILE_BYTES_MAX))
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused("table-not-utf8", line) from error
    if content.startswith(_UTF_16):
        raise _refused("table-not-utf8", 1)
    found = _FORBIDDEN.search(text)
    if found:
        raise _refused("table-control-character", text.count("\n", 0, found.start()) + 1)
    return unicodedata.normalize("NFC", text)


def _comments(lines: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The comments, and how many lines stand above the headings."""
    comments = []
    for number, line in enumerate(lines):
        if line.startswith(COMMENT):
            comments.append(_plain(line.lstrip(COMMENT)))
        elif line.strip():
            return tuple(comments), number
    return tuple(comments), len(lines)


def _check_separator(headings: str, line: int) -> None:
    for separator, name in SEPARATORS.items():
        if separator in headings and "," not in headings:
            raise _refused("table-separator", line, separator=name)


def _parsed(lines: Sequence[str], first: int) -> Iterator[Row]:
    """Every line that is not blank; a quoted cell may go on over several of them."""
    reader = csv.reader(lines[first:], strict=True)
    line = first + 1
    count = 0
    try:
        for cells in reader:
            if any(cells):
                yield Row(line, tuple(_plain(cell) for cell in cells))
                count += 1
            if count > ROWS_MAX + 1:
                raise _refused("table-rows-too-many", line, maximum=str(ROWS_MAX))
            line = first + reader.line_num + 1
    except csv.Error as error:
        raise _refused("table-quotes", line) from error


def _plain(cell: str) -> str:
    """A cell without blanks around it, and with one blank where there were several."""
    return " ".join(cell.split())


def _width(headings: Row, rows: Sequence[Row]) -> int:
    """How many columns there are, without those at the right in which nothing stands."""
    filled = (max((n for n, cell in enumerate(row.cells, 1) if cell), default=0) for row in rows)
    heading = max((n for n, cell in enumerate(headings.cells, 1) if cell), default=0)
    empty = len(headings.cells)
    return heading if max(filled, default=0) <= heading <= empty else max(heading, empty)


def _flaws_of_headings(headings: Row, width: int) -> Iterator[Flaw]:
    if width > COLUMNS_MAX:
        yield flaw_at("table-columns-too-many", headings.line, maximum=str(COLUMNS_MAX))
    seen: set[str] = set()
    for number, heading in enumerate(headings.cells[:width], start=1):
        if not heading:
            yield flaw_at("heading-empty", headings.line, str(number))
        elif heading.casefold() in seen:
            yield flaw_at("heading-repeated", headings.line, heading)
        seen.add(heading.casefold())


def _flaws_of_rows(rows: Sequence[Row], width: int) -> Iterator[Flaw]:
    if not rows:
        yield flaw_at("table-without-rows", 1)
    for row in rows:
        beyond = any(row.cells[width:])
        counts = {"cells": str(len(row.cells)), "columns": str(width)}
        if row.cells[0].startswith(COMMENT):
            yield flaw_at("comment-below-headings", row.line)
        elif beyond or len(row.cells) < width:
            yield flaw_at("row-too-long" if beyond else "row-too-short", row.line, **counts)
        elif any(len(cell) > CELL_CHARACTERS_MAX for cell in row.cells):
            yield flaw_at("cell-too-long", row.line, maximum=str(CELL_CHARACTERS_MAX))
