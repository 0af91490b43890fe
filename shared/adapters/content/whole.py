"""That a file is one thing from its beginning to its end."""

import io
import zipfile

from shared.kernel.errors import Refused

ARCHIVE = "application/zip"


def refuse_archive_behind(content: bytes, media_type: str) -> None:
    """Refuse a file that is an archive as well: those are read from their end."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("file-mixed", type=media_type, other=ARCHIVE)
