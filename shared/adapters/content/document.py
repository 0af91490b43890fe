"""PDF documents: that they begin and end as one, and are nothing else besides."""

from shared.adapters.content.whole import refuse_archive_behind
from shared.kernel.errors import Refused

MEDIA_TYPE = "application/pdf"
MARK = b"%PDF-"
"""ISO 32000-1, 7.5.2. Programs look for it further on too; here it stands first."""
END = b"%%EOF"
TABLE = b"startxref"
"""ISO 32000-1, 7.5.5: the last lines say where the table of objects is."""
TAIL_BYTES = 1024
PADDING = b" \t\r\n\0"


def check(content: bytes) -> None:
    """Refuse what begins as a PDF and is cut off, or goes on behind the end of one."""
    tail = content[-TAIL_BYTES:].rstrip(PADDING)
    if not tail.endswith(END) or TABLE not in tail:
        raise Refused("file-damaged", type=MEDIA_TYPE)
    refuse_archive_behind(content, MEDIA_TYPE)
