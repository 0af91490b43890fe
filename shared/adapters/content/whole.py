"""That a file is one thing from its beginning to its end."""

import re
import struct
from collections.abc import Mapping
from types import MappingProxyType

from shared.kernel.errors import Refused

ARCHIVE = "application/zip"

PART = re.compile(rb"PK\x03\x04[\x00-\x3f][\x00-\x03]..[\x00-\x14\x5d-\x63]\x00", re.DOTALL)
"""A part of a zip: mark, version and system, flags, a method that is known; APPNOTE 4.3.7.

The mark alone is four bytes, which every two-hundredth large picture has by chance.
"""
END = re.compile(rb"PK\x05\x06")
DIRECTORY_MARK = b"PK\x01\x02"
LARGE_MARK = b"PK\x06\x07"
LARGE_BYTES = 20
END_FIELDS = struct.Struct("<4x4H2LH")
"""How a zip ends, and what stands before that of one that is large; APPNOTE 4.3.12 to 4.3.16."""

ANYWHERE: Mapping[bytes, str] = MappingProxyType(
    {
        b"Rar!\x1a\x07\x00": "application/vnd.rar",
        b"Rar!\x1a\x07\x01\x00": "application/vnd.rar",
        b"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed",
        b"MSCF\0\0\0\0": "application/vnd.ms-cab-compressed",
    }
)
"""Marks of archives for which their programs search."""
AT_PLACES: Mapping[int, tuple[bytes, str]] = MappingProxyType(
    {
        0x101: (b"ustar", "application/x-tar"),
        0x8001: (b"CD001", "application/x-iso9660-image"),
    }
)
"""Marks of archives that have one place, which leaves the beginning to something else."""


def refuse_archive_within(content: bytes, media_type: str) -> None:
    """Refuse a file that is an archive as well, wherever in it that begins."""
    other = _archive_in(content)
    if other is not None:
        raise Refused("file-mixed", type=media_type, other=other)


def _archive_in(content: bytes) -> str | None:
    if PART.search(content) or any(_ends_zip(content, at.start()) for at in END.finditer(content)):
        return ARCHIVE
    for mark, media_type in ANYWHERE.items():
        if mark in content:
            return media_type
    for place, (mark, media_type) in AT_PLACES.items():
        if content.startswith(mark, place):
            return media_type
    return None


def _ends_zip(content: bytes, place: int) -> bool:
    """Whether the mark of an end is one: it leads to a directory, by either way to look for it."""
    if content[max(place - LARGE_BYTES, 0) : place].startswith(LARGE_MARK):
        return True
    if len(content) < place + END_FIELDS.size:
        return False
    *_, size, offset, _ = END_FIELDS.unpack_from(content, place)
    return any(at >= 0 and content.startswith(DIRECTORY_MARK, at) for at in (place - size, offset))
