"""Tables as files of Excel and CSV; openpyxl comes in by this door.

A file is a stranger's. What it says of its own size is looked at before anything is unpacked, a
formula is no answer, and what is not text (a date, an error, a fraction) is not guessed at.
"""

import csv
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from shared.adapters import workbook_archive
from shared.adapters.threads import Threads
from shared.kernel.errors import Refused
from shared.ports.tables import Column, Format, Odd, Oddity, Table

ROWS_MAX = 1_000
COLUMNS_MAX = 100
CELL_CHARACTERS_MAX = 4_000
CHARACTERS_PER_LETTER_MAX = 4
"""A letter that is written apart from its marks, as in Vietnamese, takes some more than one."""

CHARACTERS_MAX = 4 * 1024 * 1024
"""So much do all cells say at most; in a workbook each may point to the same long text."""

BLANK_ROWS = 500
"""So many rows of a blank form offer the codes that they take."""
HEADING_WIDTH_MAX = 40
TEXT_FORMAT = "@"
CODES_SHEET = "Ma"
FORMS_SHEET = "Phieu"
SEPARATORS = (",", ";")
BOM = "\ufeff"
CODES_HEADINGS = ("Cột / Column", "Mã / Code", "Nội dung / Title")

_UNREADABLE = (
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    OSError,
    SyntaxError,  # Expat's `ParseError`, and that of lxml, which openpyxl takes where it is there.
    RuntimeError,  # An encrypted archive, and a method of packing that zipfile does not know.
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl and zipfile raise where a file is no workbook, or a broken one: found by trial."""


class FileTables:
    """Tables in CSV (UTF-8; commas or semicolons) and XLSX (the first sheet).

    As many threads as there are, so many files are unpacked at once.
    """

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def read(
        self, content: bytes, form: Format, is_heading: Callable[[str], bool] = bool
    ) -> Table:
        """The first table in a file; read in a thread, for it takes its time."""
        return await self._threads.run(partial(_read, content, form, is_heading))

    async def blank(self, columns: Sequence[Column], form: Format) -> bytes:
        """A file with these headings and no row."""
        make = _blank_csv if form == "csv" else _blank_workbook
        return await self._threads.run(partial(make, columns))


def _read(content: bytes, form: Format, is_heading: Callable[[str], bool]) -> Table:
    lines = _lines_of_csv(content, is_heading) if form == "csv" else _lines_of_workbook(content)
    rows: list[list[str]] = []
    odd: list[Odd] = []
    characters = 0
    for number, line in enumerate(lines, start=1):
        if number > ROWS_MAX + 1:
            raise _beyond("rows", ROWS_MAX)
        if len(line) > COLUMNS_MAX:
            raise _beyond("columns", COLUMNS_MAX)
        rows.append([])
        for place, value in enumerate(line, start=1):
            text, oddity = _plain(value)
            characters += len(text)
            if characters > CHARACTERS_MAX:
                raise _beyond("characters", CHARACTERS_MAX)
            rows[-1].append(text)
            if oddity is not None:
                odd.append(Odd(number, place, oddity))
    height = max([0, *(n for n, row in enumerate(rows, 1) if any(row)), *(o.row for o in odd)])
    width = max([0, *map(_filled, rows), *(each.column for each in odd)])
    return Table([_fitted(row, width) for row in rows[:height]], tuple(odd))


def _filled(row: Sequence[str]) -> int:
    """How many cells a row has, without the empty ones at its end."""
    return max((n for n, text in enumerate(row, 1) if text), default=0)


def _fitted(row: Sequence[str], width: int) -> Sequence[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _plain(value: object) -> tuple[str, Oddity | None]:
    """What a cell says as text, or why it cannot be taken."""
    match value:
        case None:
            return "", None
        case _WorkedOut():
            return "", value.oddity
        case bool():
            return "", "boolean"
        case int():
            return str(value), None
        case float():
            return (str(int(value)), None) if value.is_integer() else ("", "fraction")
        case str():
            return _written(value)
        case _:  # A day, a time of day or a duration: openpyxl reads nothing else.
            return "", "date"


def _written(value: str) -> tuple[str, Oddity | None]:
    if len(value) > CELL_CHARACTERS_MAX * CHARACTERS_PER_LETTER_MAX:
        return "", "too-long"  # Without a look at it: in a workbook many cells may say the same.
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > CELL_CHARACTERS_MAX:
        return "", "too-long"
    if any(unicodedata.category(each) == "Cc" and each not in "\n\t" for each in text):
        return "", "control-character"
    return text, None


# --- CSV


def _lines_of_csv(content: bytes, is_heading: Callable[[str], bool]) -> Iterator[Sequence[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("table-unreadable", format="csv") from error
    separator = max(SEPARATORS, key=lambda each: _headings(text, each, is_heading))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise Refused("table-unreadable", format="csv") from error


def _headings(text: str, separator: str, is_heading: Callable[[str], bool]) -> tuple[int, int]:
    """How many columns get a heading that is known so, and how many there are.

    Headings are questions, which have commas in them: to count columns alone tells nothing.
    """
    try:
        line = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), [])
    except csv.Error:
        return 0, 0
    return sum(is_heading(_written(cell)[0]) for cell in line), len(line)


def _blank_csv(columns: Sequence[Column]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerow([column.heading for column in columns])
    return (BOM + written.getvalue()).encode()


# --- XLSX


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """Something that a program is to work out, or could not."""

    oddity: Oddity


def _lines_of_workbook(content: bytes) -> Iterator[Sequence[object]]:
    try:
        workbook_archive.check(content)
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=ROWS_MAX + 2, max_col=COLUMNS_MAX + 1):
            yield [_value(cell) for cell in _trimmed(row)]
    except _UNREADABLE as error:
        raise Refused("table-unreadable", format="xlsx") from error


def _trimmed(row: Sequence[Any]) -> Sequence[Any]:
    filled = max((n for n, cell in enumerate(row, 1) if cell.value is not None), default=0)
    return row[:filled]


def _value(cell: Any) -> object:  # noqa: ANN401 - openpyxl has several kinds of cells
    match cell.data_type:
        case "f":
            return _WorkedOut("formula")
        case "e":
            return _WorkedOut("error")
        case _:
            return cell.value


def _blank_workbook(columns: Sequence[Column]) -> bytes:
    workbook = Workbook()
    forms = workbook.worksheets[0]
    forms.title = FORMS_SHEET
    codes = workbook.create_sheet(CODES_SHEET)
    _write_row(codes, 1, CODES_HEADINGS)
    row = 2
    for place, column in enumerate(columns, start=1):
        _write(forms.cell(1, place), column.heading)
        letter = get_column_letter(place)
        forms.column_dimensions[letter].width = min(len(column.heading) + 2, HEADING_WIDTH_MAX)
        forms.column_dimensions[letter].number_format = TEXT_FORMAT
        for number in range(2, BLANK_ROWS + 2):
            forms.cell(number, place).number_format = TEXT_FORMAT
        for code, title in column.codes:
            _write_row(codes, row, (column.heading, code, title))
            row += 1
        if column.codes and not column.several:
            _offer(forms, letter, f"'{CODES_SHEET}'!$B${row - len(column.codes)}:$B${row - 1}")
    forms.freeze_panes = "A2"
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _offer(sheet: Worksheet, letter: str, codes: str) -> None:
    """Let the cells of a column take these codes, and no others."""
    validation = DataValidation(type="list", formula1=codes, allow_blank=True)
    validation.showErrorMessage = True
    validation.add(f"{letter}2:{letter}{BLANK_ROWS + 1}")
    sheet.add_data_validation(validation)


def _write_row(sheet: Worksheet, row: int, texts: Iterable[str]) -> None:
    for place, text in enumerate(texts, start=1):
        _write(sheet.cell(row, place), text)


def _write(cell: Any, text: str) -> None:  # noqa: ANN401 - openpyxl has several kinds of cells
    """Text stays text, also where it begins as a formula does."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT


def _beyond(what: Literal["characters", "columns", "rows"], maximum: int) -> Refused:
    return Refused(f"table-beyond-{what}", maximum=str(maximum))
