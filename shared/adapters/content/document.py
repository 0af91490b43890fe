"""PDF documents: that they begin and end as one, are nothing else besides, and can be read."""

import re

from shared.adapters.content.whole import refuse_archive_within
from shared.kernel.errors import Refused

MEDIA_TYPE = "application/pdf"
MARK = b"%PDF-"
"""ISO 32000-1, 7.5.2. Programs look for it further on too; here it stands first."""
END = b"%%EOF"
TABLE = b"startxref"
"""ISO 32000-1, 7.5.5: the last lines say where the table of objects is."""
TAIL_BYTES = 1024
PADDING = b" \t\r\n\0"
BEHIND_END = re.compile(
    rb"%%EOF[ \t\r\n\f\0]*+(?!%|\d++\s++\d++\s++obj\b|xref\b|trailer\b|startxref\b|endstream\b|\Z)"
)
"""An end behind which the file goes on with what is no update of it (7.5.6), no comment and no end
of a document that was attached."""
LOCKED = re.compile(
    b"/"
    + b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in b"Encrypt")
    + rb"\s*+(?:<<|\d++\s++\d++\s++R\b)"
)
"""What the trailer of an encrypted document has, in any writing of the name; 7.3.5 and 7.6.1."""


def check(content: bytes) -> None:
    """Refuse what begins as a PDF and is cut off, goes on behind the end of one, or is locked."""
    refuse_archive_within(content, MEDIA_TYPE)
    tail = content[-TAIL_BYTES:].rstrip(PADDING)
    if not tail.endswith(END) or TABLE not in tail or BEHIND_END.search(content):
        raise Refused("file-damaged", type=MEDIA_TYPE)
    if LOCKED.search(content):
        raise Refused("file-encrypted")
