"""The archive that a workbook is, looked into before anybody takes it for one."""

from shared.adapters import packed
from shared.adapters.packed import Beyond, Bounds
from shared.kernel.errors import Refused

PARTS_MAX = 100
"""So many files at most are in the archive."""
UNPACKED_BYTES_MAX = 16 * 1024 * 1024
"""So large are they together at most; nothing beyond what the archive says is unpacked."""
ELEMENTS_MAX = 300_000
"""So many elements at most are in all of them: of as many, openpyxl takes some 5 s and 250 MB."""

BOUNDS = Bounds(PARTS_MAX, UNPACKED_BYTES_MAX)


def check(content: bytes) -> None:
    """Refuse an archive of which anything is too large, or could make itself large.

    Raises `Refused`, and what `zipfile` raises where it is no archive.
    """
    elements = 0

    def count(*_: object) -> None:
        nonlocal elements
        elements += 1
        if elements > ELEMENTS_MAX:
            raise _beyond("elements", ELEMENTS_MAX)

    with packed.opened(content) as archive:
        try:
            for part in packed.parts_of(archive, BOUNDS):
                # What is no XML is a picture, or broken: whoever wants it as XML gets no further.
                packed.read_markup(packed.unpacked(archive, part), count)
        except Beyond as beyond:
            raise _beyond(beyond.what, beyond.maximum) from beyond
        except packed.Typed as typed:
            raise Refused("table-unreadable", format="xlsx") from typed


def _beyond(what: str, maximum: int) -> Refused:
    return Refused(f"table-beyond-{what}", maximum=str(maximum))
