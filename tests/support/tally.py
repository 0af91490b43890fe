"""What tests counted, summed up over all of them and printed when they have run.

A test counts with `count(record_property, TITLE, {row: {column: number}})`; tests that run in
different processes are summed up all the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

PREFIX = "tally: "
COLUMN_CHARACTERS_MIN = 12

Record = Callable[[str, Any], None]
Rows = Mapping[str, Mapping[str, int]]


def count(record_property: Record, title: str, rows: Rows) -> None:
    """Add to the table of that title."""
    record_property(PREFIX + title, {row: dict(columns) for row, columns in rows.items()})


def tables(properties: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The lines of every table, in the order in which the titles came."""
    found: dict[str, list[Rows]] = {}
    for name, rows in properties:
        if name.startswith(PREFIX):
            found.setdefault(name.removeprefix(PREFIX), []).append(rows)
    for title, parts in found.items():
        yield from _table(title, parts)


def _table(title: str, parts: Iterable[Rows]) -> Iterator[str]:
    sums: dict[str, dict[str, int]] = {}
    for rows in parts:
        for row, columns in rows.items():
            summed = sums.setdefault(row, {})
            for column, number in columns.items():
                summed[column] = summed.get(column, 0) + number
    names = list(dict.fromkeys(column for columns in sums.values() for column in columns))
    width = max(map(len, (title, *sums)))
    widths = {name: max(len(name), COLUMN_CHARACTERS_MIN) for name in names}
    yield f"{title:{width}}" + "".join(f"  {name:>{widths[name]}}" for name in names)
    for row, columns in sums.items():
        cells = ((str(columns.get(name, "")), widths[name]) for name in names)
        yield f"{row:{width}}" + "".join(f"  {cell:>{wide}}" for cell, wide in cells)
    yield ""
