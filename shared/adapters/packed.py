"""A stranger's archive, looked into before anybody unpacks it or takes it for what it says.

Workbooks of answers and files of evidence are archives. How many parts one has, and how large they
are, is bounded by what its directory says before anything is unpacked; and no more than that is
unpacked of a part, since `zipfile` stops there and finds the checksum wrong.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

CHUNK_BYTES = 64 * 1024

UNREADABLE = (
    EOFError,
    LookupError,
    NotImplementedError,  # A method of packing that zipfile does not know.
    OSError,
    RuntimeError,  # It is encrypted.
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile raises where an archive is none, or a broken one: found by trial."""


class Beyond(Exception):
    """An archive has more of something than is looked into."""

    def __init__(
        self, what: Literal["bytes", "elements", "list", "parts", "ratio"], maximum: int
    ) -> None:
        super().__init__(f"{what}: {maximum}")
        self.what = what
        self.maximum = maximum


class Typed(Exception):
    """A part has a document type: no office program writes one, and what expands itself needs it.

    https://www.w3.org/TR/xml/#sec-prolog-dtd
    """


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many files at most are in an archive, and how large they are together."""

    parts_max: int
    unpacked_bytes_max: int


def parts_of(archive: zipfile.ZipFile, bounds: Bounds) -> Sequence[zipfile.ZipInfo]:
    """What the directory lists; raises `Beyond` where that is too much."""
    parts = archive.infolist()
    if len(parts) > bounds.parts_max:
        raise Beyond("parts", bounds.parts_max)
    if sum(part.file_size for part in parts) > bounds.unpacked_bytes_max:
        raise Beyond("bytes", bounds.unpacked_bytes_max)
    return parts


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive that a file is; raises one of `UNREADABLE`."""
    return zipfile.ZipFile(io.BytesIO(content))


def unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part, chunk by chunk; raises one of `UNREADABLE`, at the end where it is not as listed."""
    with archive.open(part) as opened_part:
        while chunk := opened_part.read(CHUNK_BYTES):
            yield chunk


def read_markup(part: Iterator[bytes], element: Callable[..., None] | None = None) -> bool:
    """Parse a part that may be XML, and call `element` with each tag and its attributes.

    It is the parser by which office programs' files are read here, so that a document type is seen
    in every encoding in which it would be heeded. Returns whether it is XML to its end; a picture
    is not. Raises `Typed`, and whatever `element` does.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    if element is not None:
        parser.StartElementHandler = element
    try:
        for chunk in part:
            parser.Parse(chunk, False)  # noqa: FBT003 - the library takes no name for "final"
        parser.Parse(b"", True)  # noqa: FBT003 - as above
    except expat.ExpatError:
        for _ in part:  # Its checksum stands at its end.
            pass
        return False
    return True


def _refuse(*_: object) -> None:
    raise Typed
