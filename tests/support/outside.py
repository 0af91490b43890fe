"""The outside world of a service in memory; services that share a topic hear one another."""

from shared.adapters.alone import Alone, Polling
from shared.adapters.blind_signature import RsaBallotKeys
from shared.adapters.memory import (
    MemoryClock,
    MemoryDirectory,
    MemoryDocuments,
    MemoryDrafts,
    MemoryEventStore,
    MemoryFiles,
    MemoryKeys,
    MemoryStream,
    MemoryUploads,
    MemoryUrn,
    SeededChance,
    memory_seals,
)
from shared.adapters.signature import signer_of_seed, verify
from shared.events.submission import Mode
from shared.ports import Clock, Notary, Scanner, Stream
from shared.runtime.service import Outside
from tests.support.impatient import Impatient

SEED = 2021
ORIGIN = "log.example/cchc"
SIGNER = signer_of_seed(b"the key of the log in the tests.")
NOTARY = Notary(ORIGIN, signer=SIGNER, witnesses=(), verify=verify)


def memory_outside(
    *,
    topic: Stream | None = None,
    clock: Clock | None = None,
    mode: Mode = "trial",
    seed: int = SEED,
    notary: Notary = NOTARY,
    scanner: Scanner | None = None,
) -> Outside:
    """Fresh memory adapters; give several services one topic and one clock to let them meet."""
    clock = clock or MemoryClock()
    chance = SeededChance(seed)
    return Outside(
        store=MemoryEventStore(),
        inbox=MemoryEventStore(),
        topic=topic or Impatient(MemoryStream(clock)),
        documents=MemoryDocuments(),
        files=MemoryFiles(),
        uploads=MemoryUploads(),
        seals=memory_seals(),
        directory=MemoryDirectory(),
        urn=MemoryUrn(chance),
        drafts=MemoryDrafts(),
        ballots=RsaBallotKeys(MemoryKeys()),
        clock=clock,
        chance=chance,
        leases=Alone(),
        news=Polling(),
        notary=notary,
        mode=mode,
        scanner=scanner,
    )
