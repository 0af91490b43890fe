"""Working adapters of every port in memory, for tests, simulations and a look at the system.

They pass the same contract suites as the durable ones, and forget everything with the process.
"""

from shared.adapters.memory.chance import SeededChance
from shared.adapters.memory.clock import MemoryClock
from shared.adapters.memory.directory import MemoryDirectory
from shared.adapters.memory.documents import MemoryDocuments
from shared.adapters.memory.drafts import MemoryDrafts
from shared.adapters.memory.eventstore import MemoryEventStore
from shared.adapters.memory.files import MemoryFiles, MemoryUploads
from shared.adapters.memory.inspector import MemoryInspector
from shared.adapters.memory.keys import MemoryKeys, memory_seals
from shared.adapters.memory.scanner import MemoryScanner
from shared.adapters.memory.stream import MemoryStream
from shared.adapters.memory.urn import MemoryUrn

__all__ = [
    "MemoryClock",
    "MemoryDirectory",
    "MemoryDocuments",
    "MemoryDrafts",
    "MemoryEventStore",
    "MemoryFiles",
    "MemoryInspector",
    "MemoryKeys",
    "MemoryScanner",
    "MemoryStream",
    "MemoryUploads",
    "MemoryUrn",
    "SeededChance",
    "memory_seals",
]
