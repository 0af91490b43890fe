"""Office files that would fetch something, or hide something, and honest ones that look like it."""

import io
import zipfile
from collections.abc import Iterator, Mapping

from tests.support.hostile_files import PROGRAM, Attack
from tests.support.sample_files import (
    OPEN_SHEET,
    OPEN_TEXT,
    SHEET,
    WORD,
    package,
    package_parts,
    packed,
)

TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FETCHES = "file-fetches"
OBJECTS = "file-has-objects"


def attacks() -> Iterator[Attack]:
    """All of them."""
    for name, content, code in (*_fetching(), *_starting(), *_open(), *_gaps()):
        yield Attack("fetched, started, hidden", name, content, code)


def sound() -> Mapping[str, tuple[str, bytes]]:
    """Files that anybody may bring, with their media types."""
    links = (
        *(_external("hyperlink", "https://angiang.gov.vn"), _external("hyperlink", "mailto:a@b")),
        _external("attachedTemplate", "file:///C:\\Users\\An\\Templates\\cong-van.dotx"),
        f'<Relationship Type="{TYPES}/image" Target="media/image1.png"/>',
    )
    books = [_external("externalLinkPath", each) for each in ("Bieu%202020.xlsx", "so/b.xlsx")]
    text = (
        '<document xmlns:xlink="x"><a xlink:href="https://angiang.gov.vn"/>'
        '<image xlink:href="Pictures/1.png"/><object xlink:href="./Object 1"/></document>'
    )
    template = '<meta xmlns:xlink="x"><template xlink:href="file:///media/an/mau.ott"/></meta>'
    return {
        "docx with links, and a template": (WORD, _related("word/_rels/document.xml.rels", *links)),
        "xlsx with figures of other workbooks": (SHEET, _related("xl/_rels/a.xml.rels", *books)),
        "docx that was written as a stream": (WORD, _streamed()),
        "odt with links and pictures": (OPEN_TEXT, _open_file(text)),
        "odt from a template": (OPEN_TEXT, packed({"mimetype": OPEN_TEXT, "meta.xml": template})),
    }


def _external(type_: str, target: str) -> str:
    return f'<Relationship Type="{TYPES}/{type_}" Target="{target}" TargetMode="External"/>'


def _related(part: str, *relationships: str) -> bytes:
    return package(
        SHEET if part.startswith("xl/") else WORD,
        extra={part: f"<Relationships>{''.join(relationships)}</Relationships>"},
    )


def _fetching() -> Iterator[tuple[str, bytes, str]]:
    for type_, target in (
        *(("attachedTemplate", "http://example.org/a.dotm"), ("image", "https://example.org/a")),
        *(("oleObject", "mhtml:http://example.org/a!x-usc:http://example.org/a"),),
        *(("frame", "file:///C:/a.html"), ("subDocument", "b.docx"), ("video", "https://a/b")),
        *(("attachedTemplate", each) for each in (r"\\a\b.dotm", "file://a/b.dotm", "//a/b.dotm")),
        *(("attachedTemplate", each) for each in ("file:////a/b.dotm", "%5c%5ca/b", " //a/b")),
        ("externalLinkPath", "https://example.org/a.xlsx"),
    ):
        part = "word/_rels/settings.xml.rels"
        yield f"{type_} at {target}", _related(part, _external(type_, target)), FETCHES
    prefixed = _external("image", "http://a/b").replace("<", "<r:").replace("External", "EXTERNAL")
    in_utf_16 = f"<Relationships>{_external('image', 'http://a/b')}</Relationships>"
    rels = "word/_rels/a.xml.RELS"
    yield "under a prefix", package(extra={rels: prefixed}), FETCHES
    yield "in utf-16", package(extra={rels: in_utf_16.encode("utf-16")}), FETCHES
    yield "relationships that are no markup", package(extra={rels: "x"}), "file-damaged"


def _starting() -> Iterator[tuple[str, bytes, str]]:
    link = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    foreign = f'<Relationship Type="{TYPES}/aFChunk" Target="a.rtf"/>'
    yield "dde", package(SHEET, extra={"xl/externalLinks/a.xml": link}), OBJECTS
    yield "text in another format", _related("word/_rels/document.xml.rels", foreign), OBJECTS


def _open() -> Iterator[tuple[str, bytes, str]]:
    macro = '<script:event-listener xlink:href="vnd.sun.star.script:x.py$f"/>'
    for name, element, code in (
        ("picture", '<draw:image xlink:href="http://example.org/a.png"/>', FETCHES),
        ("frame", '<draw:floating-frame xlink:href="//a/b.html"/>', FETCHES),
        ("dde", '<office:dde-source office:dde-application="soffice"/>', OBJECTS),
        ("event", macro, "file-has-macros"),
    ):
        yield f"open document, {name}", _open_file(f"<a>{element}</a>"), code
    for encoding in ("utf-32-le", "utf-32-be", "utf-32"):
        hidden = f'<?xml version="1.0" encoding="UTF-32"?><a>{macro}</a>'.encode(encoding)
        yield f"open document, event in {encoding}", _open_file(hidden), "file-damaged"
    sheet = _open_file('<a><table:table-source xlink:href="ftp://a/b.ods"/></a>', OPEN_SHEET)
    yield "open document, table", sheet, FETCHES


def _open_file(content: str | bytes, media_type: str = OPEN_TEXT) -> bytes:
    return packed({"mimetype": media_type, "content.xml": content})


def many_elements(number: int) -> bytes:
    """A text of so many elements."""
    return _open_file(f"<a>{'<c/>' * number}</a>")


def _gaps() -> Iterator[tuple[str, bytes, str]]:
    names = list(package_parts())
    yield "program between parts", _unlisted(before=names[1]), "file-damaged"
    yield "program behind the last part", _unlisted(before=""), "file-damaged"


def _unlisted(before: str) -> bytes:
    """A package with a part that its directory leaves out."""
    written, parts = io.BytesIO(), {**package_parts()}
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            if name == before:
                archive.writestr("hidden.exe", PROGRAM)
            archive.writestr(name, body)
        if not before:
            archive.writestr("hidden.exe", PROGRAM)
        archive.filelist = [each for each in archive.filelist if each.filename != "hidden.exe"]
    return written.getvalue()


def _streamed() -> bytes:
    """Written where nobody can go back: what a part is stands behind it."""

    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

    written = Stream()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in package_parts().items():
            archive.writestr(name, body)
    return written.getvalue()
