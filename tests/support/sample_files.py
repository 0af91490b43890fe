"""Small sound files of every kind that is taken, and how to change what is in an archive."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from demo.papers import paper
from shared.adapters.memory.scanner import EICAR
from tests.support.workbook_parts import xlsx

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"
TYPES = "[Content_Types].xml"
JPEG_TEXT = """
/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////
////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAA
AAD/2gAIAQEAAD8AN//Z
"""


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """An archive with these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return written.getvalue()


def package(media_type: str = WORD, extra: Mapping[str, bytes | str] | None = None) -> bytes:
    """An office file of that type, with further parts in it."""
    return packed({**package_parts(media_type), **(extra or {})})


def package_parts(media_type: str = WORD) -> Mapping[str, bytes | str]:
    """What has to be in an office file."""
    main = f'<Override PartName="/word/document.xml" ContentType="{media_type}.main+xml"/>'
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return {
        TYPES: f'<?xml version="1.0"?><Types xmlns="{space}">{main}</Types>',
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": "<document>Kế hoạch</document>",
    }


def open_document(media_type: str = OPEN_TEXT, manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument file."""
    return packed(
        {"mimetype": media_type, "content.xml": "<text/>", "META-INF/manifest.xml": manifest}
    )


def infected_paper() -> bytes:
    """A page with what every scanner finds in it."""
    return paper("a").replace(b"%%EOF", b"% " + EICAR + b"\n%%EOF")


def png(width: int = 1, height: int = 1) -> bytes:
    """A picture that says that it is so large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(name, body) for name, body in chunks)


def png_chunk(name: bytes, body: bytes) -> bytes:
    """A part of a PNG picture."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


JPEG = base64.b64decode(JPEG_TEXT)
SOUND: Mapping[str, tuple[str, bytes]] = {
    "pdf": ("application/pdf", paper("ke hoach")),
    "pdf, signed and padded": ("application/pdf", paper("a") + paper("b") + b"\r\n\0\0"),
    "png": ("image/png", png()),
    "jpeg": ("image/jpeg", JPEG),
    "jpeg with another behind it": ("image/jpeg", JPEG + JPEG + b"\0\0"),
    "docx": (WORD, package()),
    "docx with a chart": (WORD, package(extra={"word/embeddings/chart.xlsx": xlsx(["a"])})),
    "pptx": (SLIDES, package(SLIDES)),
    "xlsx": (SHEET, xlsx(["a", 1], ["b", 2])),
    "odt": (OPEN_TEXT, open_document()),
    "ods": (OPEN_SHEET, open_document(OPEN_SHEET)),
}
"""Files that anybody may bring, by what is special in them, with their media types."""
