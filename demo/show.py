"""What the play prints: chapters, bars, and at the end the tables."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

WIDTH = 118
NONE = "\N{EN DASH}"


class Show:
    """A terminal for people; with `quiet` nothing but the last word is printed."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(
            quiet=quiet, width=None if sys.stdout.isatty() else WIDTH, highlight=False
        )

    def say(self, text: str) -> None:
        """A line."""
        self._console.print(text)

    def chapter(self, day: str, vietnamese: str, english: str) -> None:
        """What happens next, and on which day of the cycle."""
        self._console.print(f"\n[bold]{day}[/bold]  {vietnamese} [dim]· {english}[/dim]")

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Callable[[], None]]:
        """A progress bar; in a file, one line when it is full."""
        began = time.monotonic()
        columns = (
            TextColumn("  {task.description:<44}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        live = self._console.is_terminal
        with Progress(*columns, console=self._console, disable=not live) as progress:
            task = progress.add_task(title, total=total)
            yield lambda: progress.advance(task)
        if not live:
            self._console.print(f"  {title:<44} {total:>6}   {time.monotonic() - began:5.1f} s")

    def table(
        self, title: str, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
    ) -> None:
        """One tier's table: numbers to two places, as a published table has them."""
        table = Table(title=title, title_justify="left", title_style="bold", expand=False)
        table.add_column("Hạng\nrank", justify="right")
        table.add_column("Cơ quan\nagency")
        for column in (
            "Tự chấm\nself",
            "Thẩm định\nappraised",
            "SIPAS",
            "Công chức\nofficials",
            "Chỉ số\nindex",
        ):
            table.add_column(column, justify="right")
        table.add_column("Xếp loại\ngrade")
        for row in rows:
            table.add_row(*_cells(row, names))
        self._console.print(table)


def _cells(row: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
    return (
        NONE if row["rank"] is None else str(row["rank"]),
        names.get(row["agency"], row["agency"]),
        *(row[column]["points_shown"] for column in ("claimed", "appraised", "sipas", "officials")),
        row["index_shown"] or NONE,
        row["grade_title"] or NONE,
    )
