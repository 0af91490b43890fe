"""An explanation speaks of what was counted and published, or not at all."""

import pytest

from services.ranking.application import Explanations, Ledgers, Log, Moment, Notes, Shelf, Trees
from services.ranking.application.explanations import RUN_ENTRIES_MAX, RUN_GAP_MAX, runs
from shared.adapters.memory import MemoryDocuments, MemoryEventStore
from shared.events import codec, ranking
from shared.events.envelope import Context
from shared.kernel.actor import PUBLIC, Actor
from shared.kernel.errors import Unavailable
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from tests.support.outside import ORIGIN
from tests.support.signing_office import FACTS, Office
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import DECISION

AGENCY = "so-y-te"
AUDITOR = Actor("k-1", "auditor")
OTHER_FACTS = [fact.replace(b"3.25", b"4.00") for fact in FACTS]


async def explanations(counted: Office, kept: Office, own: MemoryEventStore) -> Explanations:
    """Explanations of what one office counts, proved by what another one keeps."""
    documents = MemoryDocuments()
    shelf = Shelf(Handler(own), Projector(own, documents, ()), documents, Ledgers(counted.store))
    return Explanations(shelf, Log(Trees(kept.store), Notes(kept.store), ORIGIN))


async def test_what_is_kept_has_to_be_what_was_counted() -> None:
    counted, kept = Office(MemoryEventStore()), Office(MemoryEventStore())
    await counted.number(*FACTS)
    await kept.number(*OTHER_FACTS)
    asked = await explanations(counted, kept, MemoryEventStore())

    with pytest.raises(Unavailable, match="ledger-not-as-counted"):
        await asked.of(AUDITOR, (CYCLE, AGENCY), "", Moment())


async def test_what_was_not_signed_has_no_checkpoint() -> None:
    office = Office(MemoryEventStore())
    await office.number(*FACTS)
    asked = await explanations(office, office, MemoryEventStore())

    body = await asked.of(AUDITOR, (CYCLE, AGENCY), "", Moment())

    ledger = body["ledger"]
    assert (ledger["checkpoint"], ledger["consistency"], ledger["signed_to"]) == (None, [], 0)


async def test_a_publication_that_the_ledger_does_not_give_is_not_explained() -> None:
    office, own = Office(MemoryEventStore()), MemoryEventStore()
    await office.number(*FACTS)
    basis = ranking.Basis(position=len(FACTS), root="0" * 64, digest="0" * 64)
    fact = ranking.ResultPublished(cycle=CYCLE, revision=1, basis=basis, decision=DECISION)
    await own.append([codec.encode(f"result/{CYCLE}", 1, Context(OPENED_AT), fact)])
    asked = await explanations(office, office, own)

    with pytest.raises(Unavailable, match="publication-not-reproduced"):
        await asked.of(PUBLIC, (CYCLE, AGENCY), "", Moment())


def test_entries_that_lie_close_are_read_in_one_go() -> None:
    near, far = 1 + RUN_GAP_MAX, 2 + 2 * RUN_GAP_MAX
    many = list(range(1_000, 1_000 + RUN_ENTRIES_MAX + 1))

    assert runs([]) == []
    assert runs([1, near, far]) == [[1, near], [far]]
    assert [len(run) for run in runs(many)] == [RUN_ENTRIES_MAX, 1]
