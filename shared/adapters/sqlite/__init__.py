"""Documents, the topic, keys and the urn of the embedded mode: each in one SQLite file."""

from shared.adapters.sqlite.documents import SqliteDocuments
from shared.adapters.sqlite.keys import SqliteKeys
from shared.adapters.sqlite.stream import SqliteStream
from shared.adapters.sqlite.urn import SqliteUrn

__all__ = ["SqliteDocuments", "SqliteKeys", "SqliteStream", "SqliteUrn"]
