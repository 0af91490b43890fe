"""Tables as people fill them in: read with everything that is odd in them, and made for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Format = Literal["csv", "xlsx"]
Oddity = Literal["boolean", "control-character", "date", "error", "formula", "fraction", "too-long"]


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that says nothing which can be taken, by its row and column, from 1."""

    row: int
    column: int
    oddity: Oddity


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, the headings first; an odd cell is empty in them."""

    rows: Sequence[Sequence[str]]
    odd: Sequence[Odd] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be filled in: its heading, and the codes that it takes, with their titles.

    Of `several`, a cell takes any of them; without codes it takes whatever is written.
    """

    heading: str
    codes: Sequence[tuple[str, str]] = ()
    several: bool = False


class Tables(Protocol):
    """Tables as files, in each format alike."""

    async def read(
        self, content: bytes, form: Format, is_heading: Callable[[str], bool] = bool
    ) -> Table:
        """The first table in a file; `is_heading` knows a column's heading by its text.

        Every row has as many cells as the longest; rows at the end in which nothing stands are left
        out. Raises `Refused("table-unreadable")` where it is no such file, and
        `Refused("table-beyond-rows")`, or what else there is too much of, where it is larger than
        anybody fills in by hand.
        """

    async def blank(self, columns: Sequence[Column], form: Format) -> bytes:
        """A file with these headings and no row, which says what may stand below them."""
