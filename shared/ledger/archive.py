"""A ZIP file whose bytes follow from what is in it, so that one content has one file.

Members are stored, one behind the other, then comes the directory; nothing stands in between, no
member has a time, and a size is known before its member begins. Compression would differ from
library to library, and what streams sizes afterwards differs from version to version of one.
What every field is set to stands in `shared/verify/FORMAT.md`, section 2.2.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MEMBERS_MAX = 65_534
BYTES_MAX = 2**32 - 1
"""More needs the records of ZIP64; a ledger that large goes out as NDJSON."""

LOCAL = struct.Struct("<4s5H3L2H")
RECORD = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
LOCAL_MARK, RECORD_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"

STORED = 0
_MADE_BY = 0x030A  # On Unix, by version 1.0 of the specification.
_NEEDED = 10
_DATE = 0x0021  # The first day that can be written, 1980-01-01.
_ATTRIBUTES = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A member by all that its headers say of it."""

    name: bytes
    size: int
    crc: int


def crc_of(content: bytes, before: int = 0) -> int:
    """The CRC-32 of a content, or of one that goes on behind another."""
    return zlib.crc32(content, before)


def header(member: Member) -> bytes:
    """What stands before the content of a member."""
    said = (STORED, 0, _DATE, member.crc, member.size, member.size, len(member.name), 0)
    return LOCAL.pack(LOCAL_MARK, _NEEDED, 0, *said) + member.name


def directory(members: Sequence[Member]) -> bytes:
    """What stands behind the last member."""
    records: list[bytes] = []
    offset = 0
    for member in members:
        said = (STORED, 0, _DATE, member.crc, member.size, member.size, len(member.name))
        place = (0, 0, 0, 0, _ATTRIBUTES, offset)
        records.append(RECORD.pack(RECORD_MARK, _MADE_BY, _NEEDED, 0, *said, *place) + member.name)
        offset += LOCAL.size + len(member.name) + member.size
    listed = b"".join(records)
    count = len(members)
    return listed + END.pack(END_MARK, 0, 0, count, count, len(listed), offset, 0)


def size_of(members: Sequence[Member]) -> int:
    """How many bytes the whole file has."""
    names = sum(len(member.name) for member in members)
    contents = sum(member.size for member in members)
    return contents + 2 * names + len(members) * (LOCAL.size + RECORD.size) + END.size
