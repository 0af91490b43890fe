"""Backups of nothing in particular, each from a time; and settings that lead to no server."""

import os
from datetime import UTC, datetime

from shared.adapters.backup import Backups, Part
from shared.adapters.backup.folder import LISTED

BEGAN = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
SETTINGS = {
    "CCHC_MODE": "trial",
    "CCHC_POSTGRES": "postgresql://nobody:secret@127.0.0.1:1/nothing",
    "CCHC_MONGO": "mongodb://127.0.0.1:1",
    "CCHC_KAFKA": "127.0.0.1:1",
    "CCHC_TRIAL_DIR": "trial",
}


def at(backups: Backups, part: Part, hour: int, minute: int) -> None:
    """A backup of a part that began, and ended, on a day at a time."""
    began = BEGAN.replace(hour=hour, minute=minute)
    with backups.writing(part, "trial", began) as writing:
        for name, content in {"a": b"content", LISTED: b""}.items():
            (writing.folder / name).write_bytes(content)
            os.utime(writing.folder / name, (began.timestamp(), began.timestamp()))
