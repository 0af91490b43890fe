"""What makes itself large in a workbook is refused, whatever its encoding."""

import codecs

import pytest

from shared.adapters import workbook, workbook_archive
from shared.adapters.threads import Threads
from shared.adapters.workbook import FileTables
from shared.kernel.errors import Refused
from shared.ports import Odd, Table
from tests.support.workbook_parts import SHEET, changed, xlsx

TABLES = FileTables(Threads("tables", 1))
ROWS: tuple[list[object], ...] = (["q1"], ["five"])
BOOK = xlsx(*ROWS)
UNREADABLE = "table-unreadable"

ENTITY = '<!DOCTYPE a [<!ENTITY b "nine">]>'
LEVELS = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 100}">' for n in range(1, 4))
BOMB = f'<!DOCTYPE a [<!ENTITY b0 "nine">{LEVELS}<!ENTITY b "&b3;">]>'
"""It says "nine" a million times."""


async def refused(content: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        await TABLES.read(content, "xlsx")
    return refusal.value.code


def typed(type_: str, encoding: str, *, declared: str = "", mark: bytes = b"") -> bytes:
    """The workbook, its sheet with a document type in an encoding, as a parser takes it."""

    def change(body: bytes) -> bytes:
        said = f' encoding="{declared}"' if declared else ""
        head = f'<?xml version="1.0"{said}?>'
        sheet = type_ + body.decode().replace("five", "&b;")
        # What is no Unicode is declared in ASCII, and holds from behind the declaration.
        in_ascii = "utf-8" if declared in {"cp037", "cp500", "utf-7"} else encoding
        return mark + head.encode(in_ascii) + sheet.encode(encoding)

    return changed(BOOK, SHEET, change)


ENCODED = [
    ("utf-8", "", b""),
    ("utf-8", "", codecs.BOM_UTF8),
    ("utf-16-le", "", codecs.BOM_UTF16_LE),
    ("utf-16-be", "", codecs.BOM_UTF16_BE),
    ("utf-16-le", "", b""),
    ("utf-16-be", "", b""),
    ("utf-16-le", "utf-16", codecs.BOM_UTF16_LE),
    ("utf-16-be", "utf-16", b""),
    ("utf-32-le", "utf-32", codecs.BOM_UTF32_LE),
    ("utf-7", "utf-7", b""),
    ("cp037", "cp037", b""),
    ("cp500", "cp500", b""),
    ("cp037", "", b""),
    ("cp1258", "cp1258", b""),
]


@pytest.mark.parametrize("type_", [ENTITY, BOMB], ids=["one", "nested"])
@pytest.mark.parametrize(("encoding", "declared", "mark"), ENCODED)
async def test_a_document_type_is_refused_in_every_encoding(
    type_: str, encoding: str, declared: str, mark: bytes
) -> None:
    assert await refused(typed(type_, encoding, declared=declared, mark=mark)) == UNREADABLE


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_document_type_is_refused_in_every_part(part: str, encoding: str) -> None:
    content = changed(BOOK, part, lambda body: (BOMB + body.decode()).encode(encoding))

    assert await refused(content) == UNREADABLE


async def test_a_sheet_in_another_encoding_is_read_where_it_has_no_type() -> None:
    content = changed(BOOK, SHEET, lambda body: body.decode().encode("utf-16"))

    assert await TABLES.read(content, "xlsx") == Table([["q1"], ["five"]])


SHARED = b'<c t="s"><v>0</v></c>'


def sharing(strings: bytes, *, rows: int = 1, columns: int = 1) -> bytes:
    """A workbook in which every cell says the first of the strings that all its sheets share."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = b'<Override PartName="/docProps/app.xml" ContentType="%s" />' % kind
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = changed(
        BOOK, "[Content_Types].xml", lambda body: body.replace(b"</Types>", listed + b"</Types>")
    )
    # Any name will do for the part of the strings, which openpyxl finds by its type alone.
    content = changed(
        content, "docProps/app.xml", lambda _: b'<sst xmlns="%s">%s</sst>' % (space, strings)
    )
    cells = b"<row>%s</row>" % (SHARED * columns) * rows
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, cells)
    return changed(content, SHEET, lambda _: sheet)


async def test_strings_that_are_shared_are_read() -> None:
    content = sharing(b"<si><t>five</t></si>", rows=2, columns=2)

    assert await TABLES.read(content, "xlsx") == Table([["five"] * 2] * 2)


async def test_more_strings_than_anybody_shares_are_not_read() -> None:
    content = sharing(b"<si/>" * workbook_archive.ELEMENTS_MAX)

    assert len(content) < 20_000
    assert await refused(content) == "table-beyond-elements"


async def test_a_long_text_is_not_read_once_for_each_cell_that_shares_it() -> None:
    text = b"x" * workbook.CELL_CHARACTERS_MAX
    rows = workbook.CHARACTERS_MAX // len(text) // workbook.COLUMNS_MAX + 1
    content = sharing(b"<si><t>%s</t></si>" % text, rows=rows, columns=workbook.COLUMNS_MAX)

    assert len(content) < 20_000
    assert await refused(content) == "table-beyond-characters"


async def test_a_text_beyond_all_measure_is_odd_in_each_cell_that_shares_it() -> None:
    text = b"x" * (workbook_archive.UNPACKED_BYTES_MAX // 2)

    table = await TABLES.read(sharing(b"<si><t>%s</t></si>" % text, columns=50), "xlsx")

    assert table == Table([[""] * 50], tuple(Odd(1, place, "too-long") for place in range(1, 51)))
