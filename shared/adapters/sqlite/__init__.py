"""Documents, the topic, keys, drafts and the urn of the embedded mode: each in one SQLite file."""

from shared.adapters.sqlite.documents import SqliteDocuments
from shared.adapters.sqlite.drafts import SqliteDrafts
from shared.adapters.sqlite.keys import SqliteKeys
from shared.adapters.sqlite.stream import SqliteStream
from shared.adapters.sqlite.urn import SqliteUrn

__all__ = ["SqliteDocuments", "SqliteDrafts", "SqliteKeys", "SqliteStream", "SqliteUrn"]
