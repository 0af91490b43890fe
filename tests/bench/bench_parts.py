"""What a rebuild is made of, each part by itself: microseconds of the processor for each fact.

All parts together are not the whole: handing records from one to the next costs too.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from services.ranking.application.drawing import made_of
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.sqlite import SqliteDocuments
from shared.count import fold
from shared.count.ledger import Ledger
from shared.count.state import CycleState
from shared.events import codec
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ledger.merkle import Tree
from shared.ledger.numbering import Numbering
from shared.ports import Document
from shared.runtime.number import LEDGER, entries
from tests.bench import bare, facts
from tests.bench.cycle import CYCLE
from tests.bench.report import Figure, Report
from tests.support.opened import opened

FACTS = 20_000
BATCH = 500
ROUNDS = 3
WHOLE = "one pass of the count over kept entries"

Work = Callable[[], Awaitable[object]]


async def test_parts(report: Report, tmp_path: Path) -> None:
    async with (
        opened(SqliteEventStore(tmp_path / "ledger.db")) as store,
        opened(SqliteDocuments(tmp_path / "documents.db")) as documents,
    ):
        for batch in bare.batches(list(enumerate(facts.told(FACTS), start=1)), BATCH):
            await store.append([_kept(number, fact) for number, fact in batch])
        parts = _Parts(store, documents).all()
        found = {name: [await _microseconds(work) for _ in range(ROUNDS)] for name, work in parts}

    report.begin(f"The parts of a rebuild of {FACTS:,} facts, by themselves")
    medians = {name: statistics.median(values) for name, values in found.items()}
    for name, value in medians.items():
        beside = "" if name == WHOLE else WHOLE
        ratio = value / medians[WHOLE] if beside else None
        report.add(Figure(name, value, "us/fact", beside, ratio))


class _Parts:
    """Each part, over the same facts."""

    def __init__(self, store: SqliteEventStore, documents: SqliteDocuments) -> None:
        self._store = store
        self._documents = documents
        self._position = 0
        self._told = facts.told(FACTS)
        self._decoded = [codec.decode(fact.body) for fact in self._told]
        self._fresh = [self._counted() for _ in range(ROUNDS)]

    def all(self) -> list[tuple[str, Work]]:
        """By name, the whole last."""
        parts: Mapping[str, Work] = {
            "place read from a record's bytes": self._heads,
            "numbering": self._number,
            "decoding": self._decode,
            "folding": self._fold,
            "tree": self._tree,
            "entries read from the ledger": self._read,
            "table counted, documents drawn and put": self._draw,
            WHOLE: self._count,
        }
        return list(parts.items())

    async def _heads(self) -> None:
        for fact in self._told:
            codec.head(fact.body)

    async def _number(self) -> None:
        numbering = Numbering()
        for fact in self._told:
            numbering.take(fact)

    async def _decode(self) -> None:
        for fact in self._told:
            codec.decode(fact.body)

    async def _fold(self) -> None:
        state = CycleState(CYCLE)
        for recorded in self._decoded:
            fold.apply(state, recorded)

    async def _tree(self) -> None:
        Tree(fact.body for fact in self._told)

    async def _read(self) -> None:
        async for _ in entries(self._store, LEDGER + CYCLE):
            pass

    async def _count(self) -> None:
        self._counted()

    async def _draw(self) -> None:
        """A ledger counts its table once, so that each drawing has one that was just read."""
        self._position += 1
        by_collection: dict[str, list[Document]] = {}
        for (collection, key), body in made_of(self._fresh.pop(), {}).items():
            drawn = Document(key, self._position, body)
            by_collection.setdefault(collection, []).append(drawn)
        for collection, drawn_of_it in by_collection.items():
            await self._documents.put(collection, drawn_of_it)

    def _counted(self) -> Ledger:
        ledger = Ledger(CYCLE)
        for fact in self._told:
            ledger.take(Entry(facts.AT, fact.body))
        return ledger


async def _microseconds(work: Work) -> float:
    began = time.process_time()
    await work()
    return 1e6 * (time.process_time() - began) / FACTS


def _kept(number: int, fact: Stored) -> Stored:
    body = entry.to_bytes(Entry(facts.AT, fact.body))
    return Stored(LEDGER + CYCLE, number, "ledger-entry", body)
