"""Office files (OOXML and OpenDocument): archives, so that every part of them is looked into.

An archive that is no office file is told as one, and refused by whoever takes none. One that is has
no macro, no password, no program in it, nothing that is fetched from elsewhere, and nothing that
makes itself large.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from shared.adapters import packed
from shared.adapters.content import reach
from shared.adapters.content.whole import ARCHIVE
from shared.adapters.packed import Beyond, Bounds
from shared.kernel.errors import Refused

MARK = b"PK\x03\x04"
END_BYTES = 22
END_MARK = b"PK\x05\x06"
ENCRYPTED = 0x1
"""APPNOTE 4.3.7, 4.3.16 and 4.4.4: how parts and the end begin, and the flag of encrypted parts."""
LOCAL_BYTES = 30
LENGTHS_AT = (26, 28)
"""What stands before a part, and in it how long its name is, and what more is said of it; 4.3.7."""
DESCRIBED = 0x8
DESCRIPTION_BYTES = (0, 12, 16, 20, 24)
"""What may stand behind a part with that flag: 32 or 64 bits, with or without a mark; 4.3.9."""

BOUNDS = Bounds(parts_max=2_000, unpacked_bytes_max=100 * 1024 * 1024)
ELEMENTS_MAX = 4_000_000
"""Of a file together with the workbooks inside it, with which Word keeps the figures of charts.
Each element is looked at; so many are some two million cells.
"""
RATIO_MAX = 200
"""Sheets of nothing but blanks shrink to a hundredth; deflate goes to a thousandth."""
SMALL_BYTES = 1024 * 1024
"""What is no larger may shrink as it likes."""
NESTED_MAX = 1
LISTED_BYTES_MAX = 1024 * 1024
"""Of a part that says what the others are: a line for each of as many as there may be."""
NAME_CHARACTERS_MAX = 200

TYPES_PART = "[Content_Types].xml"
MARKUP = (".rels", ".xml")
"""The endings of parts that every reader takes for XML."""
TYPE_PART = "mimetype"
MANIFEST_PART = "META-INF/manifest.xml"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MAIN_TYPES: Mapping[str, str] = MappingProxyType(
    {f"{each}.main+xml": each for each in (WORD, SHEET, SLIDES)}
)
"""ISO/IEC 29500-1: what the part is called that makes a package a document, and of which kind."""
OPEN_TYPES = frozenset(
    f"application/vnd.oasis.opendocument.{each}" for each in ("text", "spreadsheet")
)

MACROS = re.compile(
    r"(^|/)(vbaproject|vbadata|macrosheets|dialogsheets|basic/|scripts/)", re.IGNORECASE
)
MACRO_TYPES = (
    *("macroenabled", "vbaproject", "macrosheet", "dialogsheet"),
    "ms-excel.sheet.binary",
)
OBJECTS = re.compile(r"(^|/)activex(/|\d)", re.IGNORECASE)
PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0"),
    *(b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"%PDF-"),
)
"""A part that begins so is no part of a text: a program, an object, an archive."""
HEAD_BYTES = max(map(len, (*PROGRAMS, MARK)))


class _Left:
    """What a file and the archives in it may still have, all of them together."""

    def __init__(self) -> None:
        self._parts = BOUNDS.parts_max
        self._bytes = BOUNDS.unpacked_bytes_max
        self._elements = ELEMENTS_MAX

    def take(self, parts: Sequence[zipfile.ZipInfo]) -> None:
        """Take what the directory of one of them lists; raises `Beyond` where that is too much."""
        self._parts -= len(parts)
        self._bytes -= sum(part.file_size for part in parts)
        if self._parts < 0:
            raise Beyond("parts", BOUNDS.parts_max)
        if self._bytes < 0:
            raise Beyond("bytes", BOUNDS.unpacked_bytes_max)

    def take_element(self) -> None:
        """Take one element of some part; raises `Beyond` where there are too many."""
        self._elements -= 1
        if self._elements < 0:
            raise Beyond("elements", ELEMENTS_MAX)


def media_type_of(content: bytes) -> str:
    """The media type of an archive, `application/zip` if it is no office file.

    Raises `Refused` where it is one that nobody should open.
    """
    return _media_type_of(content, _Left(), depth=0)


def _media_type_of(content: bytes, left: _Left, depth: int) -> str:
    try:
        with packed.opened(content) as archive:
            parts = packed.parts_of(archive, BOUNDS)
            left.take(parts)
            _check_directory(content, archive, parts)
            kind = _kind(archive)
            if kind != ARCHIVE:
                for part in parts:
                    _check_part(archive, part, left, depth)
            return kind
    except Beyond as beyond:
        raise Refused(f"file-beyond-{beyond.what}", maximum=str(beyond.maximum)) from beyond
    except (*packed.UNREADABLE, packed.Typed) as error:
        raise Refused("file-damaged", type=ARCHIVE) from error


# --- The directory


def _check_directory(
    content: bytes, archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]
) -> None:
    """It tells the truth, and of everything: nothing before, between, behind or twice."""
    ends = content[-END_BYTES:].startswith(END_MARK) and not archive.comment
    ordered = sorted(parts, key=lambda part: part.header_offset)
    places = [*(part.header_offset for part in ordered), archive.start_dir]
    abut = all(
        after in _ends_of(content, part) for part, after in zip(ordered, places[1:], strict=True)
    )
    if not ends or not parts or places[0] != 0 or not abut:
        raise Refused("file-damaged", type=ARCHIVE)
    names = [part.filename for part in parts]
    if len({name.casefold() for name in names}) < len(names) or not all(map(_is_plain, names)):
        raise Refused("file-names-unsafe")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Refused("file-encrypted")
    for part in parts:
        small = part.file_size <= SMALL_BYTES
        if not small and part.file_size > RATIO_MAX * part.compress_size:
            raise Beyond("ratio", RATIO_MAX)


def _ends_of(content: bytes, part: zipfile.ZipInfo) -> Sequence[int]:
    """Where a part may end: with what it is packed to, or what describes that."""
    head = content[part.header_offset : part.header_offset + LOCAL_BYTES]
    named, more = (int.from_bytes(head[at : at + 2], "little") for at in LENGTHS_AT)
    end = part.header_offset + LOCAL_BYTES + named + more + part.compress_size
    return [end + size for size in DESCRIPTION_BYTES if size == 0 or part.flag_bits & DESCRIBED]


def _is_plain(name: str) -> bool:
    """Whether a name stays in its folder and says what it is."""
    steps = name.removesuffix("/").split("/")
    return (
        len(name) <= NAME_CHARACTERS_MAX
        and not {"", ".", ".."}.intersection(steps)
        and not {"\\", ":"}.intersection(name)
        and not any(unicodedata.category(each) in {"Cc", "Cf", "Cs"} for each in name)
    )


# --- What kind it is


def _kind(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if TYPES_PART in names:
        return _kind_of_package(archive)
    if names[0] == TYPE_PART:
        return _kind_of_open(archive)
    return ARCHIVE


def _kind_of_package(archive: zipfile.ZipFile) -> str:
    """By the one main part; ISO/IEC 29500-2, 10.1.2."""
    said: list[str] = []
    tags = _list(archive, TYPES_PART)
    if not packed.read_markup(tags, lambda _, tag: said.append(_type_in(tag))):
        raise Refused("file-damaged", type=ARCHIVE)
    if any(mark in each.lower() for each in said for mark in MACRO_TYPES):
        raise Refused("file-has-macros")
    kinds = {MAIN_TYPES[each] for each in said if each in MAIN_TYPES}
    return kinds.pop() if len(kinds) == 1 else ARCHIVE


def _type_in(tag: Mapping[str, str]) -> str:
    return tag.get("ContentType", "")


def _kind_of_open(archive: zipfile.ZipFile) -> str:
    """By the first part; OpenDocument 1.3, part 2, 3.3. The manifest tells what is encrypted."""
    kind = b"".join(_list(archive, TYPE_PART)).decode("ascii")
    if kind not in OPEN_TYPES:
        return ARCHIVE
    tags: list[str] = []
    if MANIFEST_PART in archive.namelist():
        packed.read_markup(_list(archive, MANIFEST_PART), lambda name, _: tags.append(name))
    if any(tag.endswith("encryption-data") for tag in tags):
        raise Refused("file-encrypted")
    return kind


def _list(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part that says what the others are: it is kept in memory, so it is not as large as they."""
    part = archive.getinfo(name)
    if part.file_size > LISTED_BYTES_MAX:
        raise Beyond("list", LISTED_BYTES_MAX)
    return packed.unpacked(archive, part)


# --- Its parts


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: _Left, depth: int) -> None:
    """Unpack it to its end, as far as the directory says, and refuse what nobody should open."""
    if MACROS.search(part.filename):
        raise Refused("file-has-macros")
    if OBJECTS.search(part.filename):
        raise Refused("file-has-objects", part=part.filename)
    chunks = packed.unpacked(archive, part)
    first = next(chunks, b"")
    head = first[:HEAD_BYTES]
    if head.startswith(PROGRAMS):
        raise Refused("file-has-objects", part=part.filename)
    if head.startswith(MARK):
        _check_nested(b"".join(chain([first], chunks)), part.filename, left, depth)
    else:
        refuse = reach.refusing(part.filename)

        def element(name: str, attributes: Mapping[str, str]) -> None:
            left.take_element()
            refuse(name, attributes)

        whole = packed.read_markup(chain([first], chunks), element)
        # What cannot be read here others may read: in an encoding of theirs (UTF-32).
        if first and not whole and part.filename.lower().endswith(MARKUP):
            raise Refused("file-damaged", type=ARCHIVE)


def _check_nested(content: bytes, name: str, left: _Left, depth: int) -> None:
    """The figures of a chart are a workbook; they hold no further one."""
    if depth == NESTED_MAX or _media_type_of(content, left, depth + 1) == ARCHIVE:
        raise Refused("file-has-objects", part=name)
