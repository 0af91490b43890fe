"""Damages to the ZIP file and to what its members are."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from shared.count import bundle
from shared.ledger.archive import END, END_MARK, RECORD, RECORD_MARK
from tests.support.bundled import Bundled, Members, packed
from tests.support.damaged.damage import OTHER_SCORE, RESULTS, ROOTS, SCORE, Codes, Damage

# --- The file


def of_the_file(good: Bundled) -> Iterator[Damage]:
    content = good.content
    start = content.index(SCORE)
    flipped = content[:start] + OTHER_SCORE + content[start + len(SCORE) :]
    yield Damage("a byte", flipped, 10, ROOTS | RESULTS | {"member-altered"})
    uncovered = content.replace(b"## English", b"## Englisx", 1)
    yield Damage("a byte of the README", uncovered, 10, frozenset({"member-altered"}))
    yield Damage("the file cut", content[:-1], 2)
    yield Damage("nothing of the file left", b"", 2)
    yield Damage("something behind the file", content + b"x", 2)
    yield Damage("something before the file", b"x" + content, 2)
    dated = content.replace(b"\x00\x00\x21\x00", b"\x00\x00\x22\x00", 1)
    yield Damage("a date in a header", dated, 10, frozenset({"zip-altered"}))
    yield Damage(
        "members in another order",
        packed(dict(reversed(good.members.items()))),
        10,
        frozenset({"zip-altered"}),
    )
    large = _directory_of(_record(comment_bytes=60_000), 300)
    yield Damage("a directory larger than any bundle has", large, 2)
    yield Damage("more members than any bundle has", _directory_of(_record(), 65_535), 2)
    yield Damage("made by another program", _compressed(good.members), 10, _all_unread(good))


def _directory_of(record: bytes, count: int) -> bytes:
    """A file that is a directory and nothing else."""
    size = len(record) * count
    return record * count + END.pack(END_MARK, 0, 0, count, count, size, 0, 0)


def _record(*, comment_bytes: int = 0) -> bytes:
    said = (*(0,) * 11, comment_bytes, *(0,) * 4)
    return RECORD.pack(RECORD_MARK, *said) + bytes(comment_bytes)


def _compressed(members: Members) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _all_unread(good: Bundled) -> Codes:
    assert good.members[bundle.SCHEMES + "/1.json"], "it is there, but foreign: nothing names it"
    return frozenset({"member-compressed", "zip-altered", "member-foreign"})


# --- Its members


def of_members(good: Bundled) -> Iterator[Damage]:
    members = good.members
    table, scheme = "tables/1.json", "schemes/1.json"
    newest = next(reversed([name for name in members if name.endswith(".note")]))
    missing = frozenset({"member-missing"})
    for name in (table, scheme, newest, bundle.EVIDENCE, bundle.README):
        left = {each: content for each, content in members.items() if each != name}
        yield Damage(f"{name} missing", packed(left), 10, missing)
    yield Damage("the facts missing", packed(_without(members, bundle.FACTS)), 10, _no_facts())
    yield Damage("bundle.json missing", packed(_without(members, bundle.MANIFEST)), 10, _no_keys())
    foreign = frozenset({"member-foreign"})
    for name in ("virus.exe", "../facts.ndjson", "facts.NDJSON", "schemes/01.json"):
        yield Damage(f"a member {name}", packed({**members, name: b"x"}), 10, foreign)
    for name in ("tables/2.json", "schemes/2.json", "checkpoints/1.note"):
        more = [*members.items()]
        place = [each for each, _ in more].index(_behind(name)) + 1
        more.insert(place if name != "checkpoints/1.note" else place - 3, (name, b"x"))
        yield Damage(f"a member {name} too many", packed(more), 10, foreign)
    twice = [*members.items(), (table, b"{}")]
    yield Damage("a member twice", packed(twice), 10, frozenset({"member-repeated"}))
    large = {**members, newest: members[newest] + b"x" * 1_000_000}
    yield Damage("a member too large", packed(large), 10, frozenset({"member-oversize"}))
    yield Damage(
        "a bomb", _bomb(members, table), 10, frozenset({"member-compressed", "zip-altered"})
    )
    overlapping = _overlapping(good.content)
    yield Damage("members that overlap", overlapping, 2)


def _behind(name: str) -> str:
    return {"tables/2.json": "tables/1.json", "schemes/2.json": "schemes/1.json"}.get(
        name, "checkpoints/27.note"
    )


def _without(members: Members, name: str) -> Members:
    return {each: content for each, content in members.items() if each != name}


def _no_facts() -> Codes:
    return frozenset(
        {
            "member-missing",
            "member-foreign",
            "size-differs",
            "bundle-root-differs",
            "checkpoint-ahead",
            "evidence-differs",
        }
    )


def _no_keys() -> Codes:
    return frozenset({"member-missing", "signature-missing", "signature-unknown"})


def _bomb(members: Members, name: str) -> bytes:
    """A member of a few bytes that says it is 256 MiB of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = packer.compress(bytes(1024 * 1024)) + packer.flush()
    content = packed({**members, name: small})
    size, mark = struct.pack("<L", len(small)), name.encode()
    for _ in range(2):
        content = content.replace(size + size + struct.pack("<H", len(mark)), _huge(small, mark), 1)
    return _with_method(content, mark)


def _huge(small: bytes, name: bytes) -> bytes:
    return struct.pack("<LLH", len(small), 256 * 1024 * 1024, len(name))


def _with_method(content: bytes, name: bytes) -> bytes:
    """Say in the directory that a member is compressed."""
    record = content.rindex(name) - 46
    return content[: record + 10] + struct.pack("<H", 8) + content[record + 12 :]


def _overlapping(content: bytes) -> bytes:
    """All records name the first member's place, with the size of the whole file."""
    records, offset = [], 0
    start = struct.unpack("<L", content[-6:-2])[0]
    written = content[start:-22]
    while offset < len(written):
        name_bytes = struct.unpack_from("<H", written, offset + 28)[0]
        whole = struct.pack("<LL", len(content), len(content))
        record = written[offset : offset + 46 + name_bytes]
        records.append(record[:20] + whole + record[28:42] + bytes(4) + record[46:])
        offset += 46 + name_bytes
    return content[:start] + b"".join(records) + content[-22:]
