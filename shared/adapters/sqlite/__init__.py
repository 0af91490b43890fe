"""Documents, the topic, keys, drafts, people and the urn of the embedded mode: one file each."""

from shared.adapters.sqlite.directory import SqliteDirectory
from shared.adapters.sqlite.documents import SqliteDocuments
from shared.adapters.sqlite.drafts import SqliteDrafts
from shared.adapters.sqlite.keys import SqliteKeys
from shared.adapters.sqlite.stream import SqliteStream
from shared.adapters.sqlite.urn import SqliteUrn

__all__ = [
    "SqliteDirectory",
    "SqliteDocuments",
    "SqliteDrafts",
    "SqliteKeys",
    "SqliteStream",
    "SqliteUrn",
]
