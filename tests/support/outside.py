"""The outside world of a service in memory; services that share a topic hear one another."""

from shared.adapters.alone import Alone, Polling
from shared.adapters.memory import (
    MemoryClock,
    MemoryDocuments,
    MemoryEventStore,
    MemoryFiles,
    MemoryStream,
    MemoryUrn,
    SeededChance,
    memory_seals,
)
from shared.events.submission import Mode
from shared.ports import Clock, Stream
from shared.runtime.service import Outside

SEED = 2021


def memory_outside(
    *,
    topic: Stream | None = None,
    clock: Clock | None = None,
    mode: Mode = "trial",
    seed: int = SEED,
) -> Outside:
    """Fresh memory adapters; give several services one topic and one clock to let them meet."""
    clock = clock or MemoryClock()
    chance = SeededChance(seed)
    return Outside(
        store=MemoryEventStore(),
        inbox=MemoryEventStore(),
        topic=topic or MemoryStream(clock),
        documents=MemoryDocuments(),
        files=MemoryFiles(),
        seals=memory_seals(),
        urn=MemoryUrn(chance),
        clock=clock,
        chance=chance,
        leases=Alone(),
        news=Polling(),
        mode=mode,
    )
