"""Files that somebody brings to do harm, by the kind of attack."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import shake_128

from demo.papers import paper
from tests.support.sample_files import (
    JPEG,
    OPEN_TEXT,
    TYPES,
    WORD,
    open_document,
    package,
    package_parts,
    packed,
    png,
    png_chunk,
)
from tests.support.workbook_parts import xlsx

PDF = paper("ke hoach")
PROGRAM = b"MZ\x90\x00" + bytes(200)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PDF_END = b"\nstartxref\n0\n%%EOF\n"
ZIP = packed({"a.txt": "text"})
MIB = 1024 * 1024
MACROS = "file-has-macros"


@dataclass(frozen=True, slots=True)
class Attack:
    """A file, what it is said to be, and the code by which it is refused."""

    kind: str
    name: str
    content: bytes
    code: str
    declared: str = WORD


def attacks() -> Iterator[Attack]:
    """All of them."""
    yield from _polyglots()
    yield from _disguised()
    yield from _cut_off()
    yield from _bombs()
    yield from _names()
    yield from _macros()
    yield from _encrypted()


def _polyglots() -> Iterator[Attack]:
    inside = ZIP[:-2] + struct.pack("<H", len(b"\nstartxref\n0\n%%EOF")) + b"\nstartxref\n0\n%%EOF"
    unmarked = ZIP.replace(b"PK\x03\x04", b"PK\x03\0")
    picture = png()
    for name, content, code in (
        ("pdf, then zip", PDF + ZIP, "file-mixed"),
        ("zip in a pdf, its comment the end", PDF + inside, "file-mixed"),
        ("zip, then pdf", ZIP + PDF, "file-mixed"),
        ("pdf behind a script", b"#!/bin/sh\n" + PDF, "file-mixed"),
        ("pdf behind html", b"<html><script>1</script>" + PDF, "file-mixed"),
        ("jpeg, then zip", JPEG + ZIP, "file-mixed"),
        ("jpeg, zip, then its end", JPEG + ZIP[:-2] + b"\x02\0\xff\xd9", "file-mixed"),
        ("pdf in the head of a jpeg", JPEG[:2] + _segment(PDF[:200]) + JPEG[2:], "file-mixed"),
        ("png, then html", picture + b"<script>1</script>", "file-damaged"),
        ("png with a zip in a chunk", _with_chunk(ZIP), "file-mixed"),
        ("program, then docx", PROGRAM + package(), "file-type-forbidden"),
        ("docx, then program", package() + PROGRAM, "file-damaged"),
        ("docx with something before its parts", _prefixed(), "file-damaged"),
        ("zip far from the end of a pdf", PDF + ZIP + bytes(70_000) + PDF_END, "file-mixed"),
        ("rar in a pdf", PDF + b"Rar!\x1a\x07\x01\0" + PDF_END, "file-mixed"),
        ("7z in a png", _with_chunk(b"7z\xbc\xaf\x27\x1c"), "file-mixed"),
        ("tar that begins as a pdf", _tar() + PDF_END, "file-mixed"),
        ("zip whose parts have no mark, in a pdf", PDF + unmarked + PDF_END, "file-mixed"),
        ("pdf, html and another end", PDF + b"<script>1</script>" + PDF_END, "file-damaged"),
        ("jpeg, program and another end", JPEG + PROGRAM + b"\xff\xd9", "file-damaged"),
        ("gif and script", b"GIF89a/*" + bytes(40) + b"*/=1;", "file-type-forbidden"),
    ):
        yield Attack("polyglots", name, content, code)


def _tar() -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("%PDF-1.4\n%"))
    return written.getvalue()


def _segment(body: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _with_chunk(body: bytes) -> bytes:
    picture = png()
    return picture[:-12] + png_chunk(b"teXt", body) + picture[-12:]


def _prefixed() -> bytes:
    """A package whose directory leaves out the first local part."""
    hidden = packed({"hidden.exe": PROGRAM})
    written = io.BytesIO(hidden[: hidden.index(b"PK\x01\x02")])
    written.seek(0, io.SEEK_END)
    with zipfile.ZipFile(written, "a") as archive:
        for name, body in package_parts().items():
            archive.writestr(name, body)
    return written.getvalue()


def _disguised() -> Iterator[Attack]:
    kind = "wrong extension, wrong type"
    pdf, image = "application/pdf", "image/png"
    for name, content, declared, code in (
        ("program as pdf", PROGRAM, pdf, "file-type-forbidden"),
        ("elf as docx", b"\x7fELF" + bytes(100), WORD, "file-type-forbidden"),
        ("html as png", b"<html><script>1</script></html>", image, "file-type-forbidden"),
        ("svg as png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', image, "file-type-forbidden"),
        ("script as pdf", b"#!/bin/sh\nrm -rf /\n", pdf, "file-type-forbidden"),
        ("text as pdf", b"just words", pdf, "file-type-forbidden"),
        ("zip as docx", ZIP, WORD, "file-type-forbidden"),
        ("rar as docx", b"Rar!\x1a\x07\x00" + bytes(50), WORD, "file-type-forbidden"),
        ("gzip as pdf", b"\x1f\x8b\x08" + bytes(50), pdf, "file-type-forbidden"),
        ("doc as docx", OLD_OFFICE, WORD, "file-type-forbidden"),
        ("pdf as png", PDF, image, "file-type-differs"),
        ("png as pdf", png(), pdf, "file-type-differs"),
        ("xlsx as docx", xlsx(["a"]), WORD, "file-type-differs"),
        ("odt as docx", open_document(), WORD, "file-type-differs"),
        ("pdf as a program", PDF, "application/x-msdownload", "file-type-forbidden"),
        ("pdf as html", PDF, "text/html", "file-type-forbidden"),
        ("two documents in one", _doubled(), WORD, "file-type-forbidden"),
    ):
        yield Attack(kind, name, content, code, declared)


def _doubled() -> bytes:
    types = str(package_parts()[TYPES])
    other = types.replace("wordprocessingml.document", "spreadsheetml.sheet")
    both = types.replace("</Types>", other[other.index("<Override") :])
    return package(extra={TYPES: both})


def _cut_off() -> Iterator[Attack]:
    kind = "empty, cut off, damaged"
    yield Attack(kind, "empty", b"", "file-empty")
    for name, content, declared in (
        ("pdf", PDF, "application/pdf"),
        ("png", png(), "image/png"),
        ("jpeg", JPEG, "image/jpeg"),
        ("docx", package(), WORD),
        ("odt", open_document(), OPEN_TEXT),
    ):
        yield Attack(kind, f"{name} without its end", content[:-7], "file-damaged", declared)
    picture = png()
    damaged = bytearray(picture)
    damaged[20] ^= 1
    yield Attack(kind, "png with a wrong checksum", bytes(damaged), "file-damaged")
    yield Attack(kind, "docx that lies of a part", _lying(), "file-damaged")
    headed = picture[: picture.index(b"IDAT") - 4] + picture[-12:]
    yield Attack(kind, "png with nothing in it", headed, "file-damaged")
    yield Attack(kind, "jpeg that is nothing but ends", b"\xff\xd8\xff\xd9", "file-damaged")


def _lying() -> bytes:
    """A part unpacks to more than the directory says of it."""
    content = package(extra={"word/media.bin": bytes(5 * MIB)})
    said = struct.pack("<I", 5 * MIB)
    assert content.count(said) == 2
    return content.replace(said, struct.pack("<I", 1000))


def _bombs() -> Iterator[Attack]:
    zeros = bytes(30 * MIB)
    many = {f"word/{number}.xml": "" for number in range(2_000)}
    once = packed({"a.bin": bytes(2 * MIB)})
    nested = package(extra={"word/a.docx": package(extra={"word/b.docx": package()})})
    large = {f"word/{number}.bin": zeros for number in range(4)}
    inner = package(extra={f"word/{number}.bin": bytes(MIB) for number in range(12)})
    charts = {f"word/embeddings/{number}.docx": inner for number in range(10)}
    crowd = package(extra={f"word/{number}.xml": "" for number in range(300)})
    crowds = {f"word/embeddings/{number}.docx": crowd for number in range(8)}
    entities = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 100}">' for n in range(1, 4))
    typed = f'<!DOCTYPE a [<!ENTITY b0 "nine">{entities}]><a>&b3;</a>'
    for name, content, code in (
        ("ratio", package(extra={"word/a.bin": zeros}), "file-beyond-ratio"),
        ("size", package(extra=large), "file-beyond-bytes"),
        ("many parts", package(extra=many), "file-beyond-parts"),
        ("parts over one another", _overlapping(), "file-damaged"),
        ("nested", nested, "file-has-objects"),
        ("an archive inside", package(extra={"word/a.zip": ZIP}), "file-has-objects"),
        ("a bomb inside", package(extra={"word/a.docx": once}), "file-beyond-ratio"),
        ("size of all inside together", package(extra=charts), "file-beyond-bytes"),
        ("parts of all inside together", package(extra=crowds), "file-beyond-parts"),
        ("a document type", package(extra={"word/document.xml": typed}), "file-damaged"),
        ("in utf-16", package(extra={"word/a.xml": typed.encode("utf-16")}), "file-damaged"),
        (
            "a list of parts",
            package(extra={TYPES: shake_128().digest(2 * MIB)}),
            "file-beyond-list",
        ),
        ("pixels", png(60_000, 60_000), "file-beyond-pixels"),
    ):
        yield Attack("bombs", name, content, code)


def _overlapping() -> bytes:
    """Two entries of the directory are one part; https://www.bamsoftware.com/hacks/zipbomb/."""
    content = package(extra={"word/a.bin": bytes(500), "word/b.bin": bytes(500)})
    directory = content.index(b"PK\x01\x02")
    first = content.index(b"word/a.bin") - 30
    entry = content.rindex(b"word/b.bin") - 46
    assert entry > directory
    return content[: entry + 42] + struct.pack("<I", first) + content[entry + 46 :]


def _names() -> Iterator[Attack]:
    for name in (
        *("../../etc/cron.d/job", "/etc/passwd", "word\\..\\job.bat", "C:/job.bat", "word//a.xml"),
        *("word/./a.xml", "word/\u202efdp.exe", "word/a\x07.xml", "word/" + "a" * 300),
        *("WORD/document.xml", "word/\u200b.xml"),
    ):
        yield Attack("names of parts", repr(name), package(extra={name: "x"}), "file-names-unsafe")


def _macros() -> Iterator[Attack]:
    said = str(package_parts()[TYPES]).replace(
        f"{WORD}.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    for name, content, code in (
        ("vbaProject", package(extra={"word/vbaProject.bin": "x"}), "file-has-macros"),
        ("VBAPROJECT", package(extra={"word/VBAPROJECT.BIN": "x"}), "file-has-macros"),
        ("a macro sheet by its type", _typed("application/vnd.ms-excel.macrosheet+xml"), MACROS),
        ("a macro sheet by its element", package(extra={"xl/a.xml": "<x:macrosheet/>"}), MACROS),
        ("macro sheet", package(extra={"xl/macrosheets/a.xml": "<a/>"}), "file-has-macros"),
        ("docm as docx", package(extra={TYPES: said}), "file-has-macros"),
        ("basic in odt", packed({"mimetype": OPEN_TEXT, "Basic/a.xml": "<a/>"}), "file-has-macros"),
        ("active x", package(extra={"word/activeX/a.bin": "x"}), "file-has-objects"),
        ("an object", package(extra={"word/embeddings/o.bin": OLD_OFFICE}), "file-has-objects"),
        ("a program", package(extra={"word/media/i.png": PROGRAM}), "file-has-objects"),
        ("macros in a chart", _nested_macros(), "file-has-macros"),
    ):
        yield Attack("macros, objects", name, content, code)


def _typed(media_type: str) -> bytes:
    """A package with a further part, said to be of this type."""
    types = str(package_parts()[TYPES])
    more = f'<Override PartName="/xl/a.xml" ContentType="{media_type}"/></Types>'
    return package(extra={TYPES: types.replace("</Types>", more), "xl/a.xml": "<a/>"})


def _nested_macros() -> bytes:
    inner = package(extra={"xl/vbaProject.bin": "x"})
    return package(extra={"word/embeddings/chart.xlsm": inner})


def _encrypted() -> Iterator[Attack]:
    flagged = bytearray(package())
    for place in range(len(flagged) - 4):
        if flagged[place : place + 4] == b"PK\x01\x02":
            flagged[place + 8] |= 1
    manifest = "<manifest><f><encryption-data/></f></manifest>"
    locked = OLD_OFFICE + "EncryptedPackage".encode("utf-16-le") + bytes(100)
    for name, content in (
        ("docx with a password", locked),
        ("parts with a password", bytes(flagged)),
        ("odt with a password", open_document(manifest=manifest)),
        ("pdf with a password", PDF.replace(b"/Root", b"/Encrypt 9 0 R /Root")),
        ("pdf with a password, said otherwise", PDF.replace(b"/Root", b"/#45ncryp#74<<>>/Root")),
    ):
        yield Attack("encrypted", name, content, "file-encrypted")
