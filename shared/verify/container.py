"""The ZIP file of a bundle: its members, and whether it is written as bundles are.

Nothing of the file is believed: sizes and places are checked before anything is read by them, what
is compressed is never expanded, and all bytes around the contents have to be those that follow
from the names, sizes and checksums of the members.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from shared.count import bundle
from shared.ledger import archive
from shared.ledger.archive import END, END_MARK, LOCAL, LOCAL_MARK, RECORD, RECORD_MARK, Member
from shared.verify.content import Content, of_file
from shared.verify.fault import Fault, Unusable

BYTES_MAX: Mapping[str, int] = MappingProxyType(
    {
        bundle.MANIFEST: 1_000_000,
        bundle.CHECKPOINTS: 1_000_000,
        bundle.SCHEMES: 1_000_000,
        bundle.TABLES: 256 * 1024 * 1024,
    }
)
"""Of the members that are held against something whole, by their kind."""

DIRECTORY_BYTES_MAX = 16 * 1024 * 1024
"""Three times that of a bundle with as many members as there can be."""

_SHOWN = range(0x21, 0x7F)


@dataclass(frozen=True, slots=True)
class Record:
    """A member as the directory names it."""

    method: int
    packed: int
    member: Member
    offset: int

    @property
    def name(self) -> str:
        """Its name as it can be shown."""
        return "".join(chr(b) if b in _SHOWN else f"\\x{b:02x}" for b in self.member.name)


@dataclass(slots=True)
class Container:
    """What a file holds. A member without a content is there, and was not read."""

    members: dict[str, Content | None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def find(self, code: str, member: str) -> None:
        """Note a fault of a member."""
        self.faults.append(Fault(code, member=member))

    def of_kind(self, kind: str) -> Iterator[tuple[int, str, Content | None]]:
        """The members of a folder, by their numbers."""
        found = [(bundle.place_of(name), name) for name in self.members]
        for place, name in sorted((place, name) for place, name in found if place is not None):
            if place.kind == kind:
                yield place.number, name, self.members[name]

    def compare(self, kind: str, expected: Sequence[str]) -> None:
        """Note which members of a folder are missing, and which should not be there."""
        present = [name for _, name, _ in self.of_kind(kind)]
        for name in expected:
            if name not in self.members:
                self.find("member-missing", name)
        for name in sorted(set(present).difference(expected)):
            self.find("member-foreign", name)
            self.members[name] = None


def is_container(path: Path) -> bool:
    """Whether a file begins or ends as a ZIP file does."""
    whole = of_file(path)
    begins = _part(whole, 0, len(LOCAL_MARK)) == LOCAL_MARK
    return begins or _part(whole, whole.size - END.size, len(END_MARK)) == END_MARK


def opened(path: Path) -> Container:
    """Look through a file; raises `Unusable` where nobody can tell what its members are."""
    whole = of_file(path)
    end = whole.size - END.size
    records, directory = _records(whole, end)
    if sum(record.packed for record in records) > whole.size:
        raise Unusable("zip-unreadable")
    container = Container()
    for record in records:
        _take(container, whole, record, directory)
    for name in bundle.ALWAYS:
        if name not in container.members:
            container.find("member-missing", name)
    if not _is_canonical(whole, records):
        container.find("zip-altered", "")
    return container


def _records(whole: Content, end: int) -> tuple[Sequence[Record], int]:
    """The directory, which has to end where the end record begins, and where it begins.

    Nothing of it is read where the end record tells of more than any bundle has.
    """
    records, place = [], 0
    try:
        mark, _, _, _, count, size, offset, comment = END.unpack(_part(whole, end, END.size))
        if mark != END_MARK or comment or offset + size != end:
            raise Unusable("zip-unreadable")
        if count > archive.MEMBERS_MAX or size > DIRECTORY_BYTES_MAX:
            raise Unusable("zip-unreadable")
        written = _part(whole, offset, size)
        for _ in range(count):
            record, place = _record(written, place)
            records.append(record)
    except struct.error as error:
        raise Unusable("zip-unreadable") from error
    if place != size:
        raise Unusable("zip-unreadable")
    return records, offset


def _record(written: bytes, place: int) -> tuple[Record, int]:
    """A record, and the place behind it."""
    said = RECORD.unpack_from(written, place)
    method, crc, packed, size = said[4], said[7], said[8], said[9]
    name_bytes, extra, comment, offset = said[10], said[11], said[12], said[16]
    behind = place + RECORD.size
    name = written[behind : behind + name_bytes]
    if said[0] != RECORD_MARK:
        raise Unusable("zip-unreadable")
    record = Record(method, packed, Member(name, size, crc), offset)
    return record, behind + name_bytes + extra + comment


def _take(container: Container, whole: Content, record: Record, end: int) -> None:
    """Take a member, if it can be read; of its faults the first is told."""
    name = record.name
    if name in container.members:
        container.find("member-repeated", name)
        return
    place = bundle.place_of(name)
    if place is None:
        container.members[name] = None
        container.find("member-foreign", name)
        return
    container.members[name], fault = _content(whole, record, place.kind, end)
    if fault:
        container.find(fault, name)


def _content(
    whole: Content, record: Record, kind: str, end: int
) -> tuple[Content | None, str | None]:
    """What is to be read of a member, and its fault."""
    size = record.member.size
    if record.method != archive.STORED or record.packed != size:
        return None, "member-compressed"
    if size > BYTES_MAX.get(kind, size):
        return None, "member-oversize"
    start = record.offset + LOCAL.size + len(record.member.name)
    if start + size > end:
        return None, "member-altered"
    content = Content(whole.path, start, size)
    crc = 0
    for chunk in content.chunks():
        crc = archive.crc_of(chunk, crc)
    return content, None if crc == record.member.crc else "member-altered"


def _is_canonical(whole: Content, records: Sequence[Record]) -> bool:
    """Whether the members are in order, and all bytes around them are what they have to be."""
    known = [place for record in records if (place := bundle.place_of(record.name)) is not None]
    members = [record.member for record in records]
    return (
        list(dict.fromkeys(known)) == sorted(set(known))
        and archive.size_of(members) == whole.size <= archive.BYTES_MAX
        and all(_stands(whole, offset, said) for offset, said in _around(members))
    )


def _around(members: Sequence[Member]) -> Iterator[tuple[int, bytes]]:
    offset = 0
    for member in members:
        said = archive.header(member)
        yield offset, said
        offset += len(said) + member.size
    yield offset, archive.directory(members)


def _stands(whole: Content, offset: int, said: bytes) -> bool:
    return _part(whole, offset, len(said)) == said


def _part(whole: Content, start: int, size: int) -> bytes:
    """Some bytes of a file; fewer where it has not as many."""
    return Content(whole.path, start, size).whole() if start >= 0 else b""
