"""A backup as it lies in a folder: plain files, each with its hash, and nothing that only we read.

    PART/TIME/backup.json     what was saved, written when all of it was there
    PART/TIME/database.dump   by pg_dump; with `.age` behind it where it is encrypted
    PART/TIME/notes.ndjson    ranking: checkpoints, cosignatures, keys and alarms, as they are kept
    PART/TIME/files.txt       the SHA-256 and the size of each file
    PART/TIME/records.ndjson  the topic: every record, with its key and its time
    PART/files/ab/cdef...     the files, each once for all backups, by its SHA-256

A part is a service, or the topic.
"""

from shared.adapters.backup.folder import TOGETHER, Backups, Saved, Writing, database_in
from shared.adapters.backup.manifest import Fault, Manifest, Member
from shared.adapters.backup.parts import PARTS, SERVICES, TOPIC, Part

__all__ = [
    "PARTS",
    "SERVICES",
    "TOGETHER",
    "TOPIC",
    "Backups",
    "Fault",
    "Manifest",
    "Member",
    "Part",
    "Saved",
    "Writing",
    "database_in",
]
