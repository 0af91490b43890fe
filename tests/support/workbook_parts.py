"""Workbooks whose parts somebody changed by hand."""

import io
import zipfile
from collections.abc import Callable

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def xlsx(*rows: list[object]) -> bytes:
    """A workbook with these rows on its first sheet."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def archive(*parts: tuple[str, bytes]) -> bytes:
    """An archive of these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return written.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = [(name, book.read(name)) for name in book.namelist()]
    after = [(name, change(body) if name == part else body) for name, body in parts]
    assert after != parts, "the part is there, and is another now"
    return archive(*after)
