"""The archive that a workbook is, looked into before anybody takes it for one."""

import io
import zipfile
from typing import Literal
from xml.parsers import expat

from shared.kernel.errors import Refused

PARTS_MAX = 100
"""So many files at most are in the archive."""
UNPACKED_BYTES_MAX = 16 * 1024 * 1024
"""So large are they together at most; nothing beyond what the archive says is unpacked."""
ELEMENTS_MAX = 300_000
"""So many elements at most are in all of them: of as many, openpyxl takes some 5 s and 250 MB."""


def check(content: bytes) -> None:
    """Refuse an archive of which anything is too large, or could make itself large.

    Raises `Refused`, and what `zipfile` raises where it is no archive.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > PARTS_MAX:
            raise _beyond("parts", PARTS_MAX)
        # The directory says so, and it bounds what zipfile unpacks of each.
        if sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
            raise _beyond("bytes", UNPACKED_BYTES_MAX)
        scan = _Scan()
        for part in parts:
            scan.look_into(archive.read(part))


class _Scan:
    """Reads parts by the parser by which openpyxl will read them, and builds nothing of them.

    So a document type is seen in every encoding in which the parser would heed it. A workbook has
    none, and what expands itself needs one.
    """

    def __init__(self) -> None:
        self._elements = 0

    def look_into(self, part: bytes) -> None:
        """Raises `Refused` for a document type, and where there are too many elements by now."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._count
        try:
            parser.Parse(part, True)  # noqa: FBT003 - the library takes no name for "final"
        except expat.ExpatError:
            # A picture, or broken: whoever wants it as XML gets no further than here either.
            return

    def _refuse(self, *_: object) -> None:
        raise Refused("table-unreadable", format="xlsx")

    def _count(self, *_: object) -> None:
        self._elements += 1
        if self._elements > ELEMENTS_MAX:
            raise _beyond("elements", ELEMENTS_MAX)


def _beyond(what: Literal["bytes", "elements", "parts"], maximum: int) -> Refused:
    return Refused("table-beyond-limits", what=what, maximum=str(maximum))
