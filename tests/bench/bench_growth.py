"""Whether work grows with the facts, and no faster: a ledger rebuilt, verified and assessed.

CCHC_BENCH_FACTS=1000000 adds a ledger of that length, which takes some minutes and gigabytes.
"""

import gc
import os
import time
from collections.abc import Sequence
from pathlib import Path

from services.ranking.application import Board, Ledgers
from shared import verify
from shared.adapters import signature
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.sqlite import SqliteDocuments
from shared.count.canonical import canonical, digest
from shared.count.replay import Replay
from shared.count.state import CycleState
from shared.count.table import tables
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.runtime.number import LEDGER
from tests.bench import bare, facts, usage
from tests.bench.cycle import CYCLE
from tests.bench.report import Figure, Report, milliseconds
from tests.support.opened import opened

WISHED = int(os.environ.get("CCHC_BENCH_FACTS", "0"))
"""One more length, on wish."""
SIZES = (5_000, 10_000, 20_000, 50_000, *([WISHED] if WISHED else []))
BATCH = 500
MIB = 1024 * 1024


async def test_growth(report: Report, tmp_path: Path) -> None:
    report.begin("Growth: facts per second by the length of the ledger")
    first: dict[str, float] = {}
    for size in SIZES:
        told = facts.told(size)
        rebuilt, grown_bytes = await _rebuilt(tmp_path / f"{size}", told)
        rates = {
            "rebuilt: ledger to documents": rebuilt,
            "verified from an export": _verified(told),
        }
        for name, rate in rates.items():
            shortest = first.setdefault(name, rate)
            beside = f"that at {SIZES[0]:,}" if size > SIZES[0] else ""
            ratio = rate / shortest if beside else None
            report.add(Figure(f"{name}, {size:,}", rate, "facts/s", beside, ratio))
        report.add(Figure(f"memory that the count holds, {size:,}", grown_bytes / MIB, "MiB"))


async def test_count(report: Report) -> None:
    replay = Replay(CYCLE)
    for fact in facts.told(SIZES[0]):
        replay.take(fact.body)
    state, agency = replay.state, next(iter(replay.state.roster))
    tables(state)

    report.begin(f"The count of {len(state.roster)} agencies")
    all_rows = milliseconds(lambda: _count(state, list(state.rows)))
    one_row = milliseconds(lambda: _count(state, [agency]))
    counted = milliseconds(lambda: digest(canonical(CYCLE, tables(state))))
    report.add(Figure("all agencies assessed and ranked", all_rows, "ms"))
    report.add(Figure("one agency changed", one_row, "ms", "all", one_row / all_rows))
    report.add(Figure("canonical table and digest", counted, "ms", "all", counted / all_rows))


async def _rebuilt(folder: Path, told: Sequence[Stored]) -> tuple[float, int]:
    """All documents of a cycle from its ledger alone, on a store that was just opened.

    Told too is how much memory the process has more of when they are there.
    """
    async with (
        opened(SqliteEventStore(folder.with_suffix(".ledger.db"))) as store,
        opened(SqliteDocuments(folder.with_suffix(".documents.db"))) as documents,
    ):
        for batch in bare.batches(list(enumerate(told, start=1)), BATCH):
            await store.append([_entry(number, fact) for number, fact in batch])
        gc.collect()
        before = usage.memory_bytes(os.getpid())
        board = Board(Ledgers(store), documents, "a")
        began = time.process_time()
        await board.show_all()
        taken = time.process_time() - began
        return len(told) / taken, usage.memory_bytes(os.getpid()) - before


def _verified(told: Sequence[Stored]) -> float:
    entries = [fact.body for fact in told]
    began = time.process_time()
    report = verify.verify_entries(entries, verify.Given(signature.verify))
    taken = time.process_time() - began
    assert not report.faults, "the facts of the bench are sound"
    return len(told) / taken


def _count(state: CycleState, changed: Sequence[str]) -> None:
    for agency in changed:
        state.rows.pop(agency)
    tables(state)


def _entry(number: int, fact: Stored) -> Stored:
    body = entry.to_bytes(Entry(facts.AT, fact.body))
    return Stored(LEDGER + CYCLE, number, "ledger-entry", body)
