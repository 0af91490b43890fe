"""Answers about the past: how long they take, wherever it lies, beside a fold from zero.

CCHC_BENCH_FACTS=1000000 adds a ledger of that length, which takes some minutes and gigabytes.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same places in every run

from services.ranking.application import Ledgers
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.count.ledger import Ledger
from shared.count.replay import Replay
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.runtime.number import LEDGER
from tests.bench import bare, facts
from tests.bench.cycle import CYCLE
from tests.bench.report import Figure, Report, percentile
from tests.support.opened import opened

WISHED = int(os.environ.get("CCHC_BENCH_FACTS", "0"))
"""One more length, on wish."""
SIZES = (10_000, 100_000, *([WISHED] if WISHED else []))
PLACES = 200
FROM_ZERO = 3
BATCH = 500


async def test_past(report: Report, tmp_path: Path) -> None:
    for size in SIZES:
        report.begin(f"A table as of any of {size:,} facts, with its digest")
        told = facts.told(size)
        async with opened(SqliteEventStore(tmp_path / f"{size}.db")) as store:
            for batch in bare.batches(list(enumerate(told, start=1)), BATCH):
                await store.append([_kept(number, fact) for number, fact in batch])
            ledgers = Ledgers(store)
            began = time.process_time()
            await ledgers.now(CYCLE)
            followed = size / (time.process_time() - began)
            taken_s = [await _asked(ledgers, place) for place in _places(size)]
        from_zero_ms = 1_000 * percentile([_from_zero(told, size) for _ in range(FROM_ZERO)], 50)
        report.add(Figure("followed, with its former states", followed, "facts/s"))
        report.add(Figure("counted from zero", from_zero_ms, "ms"))
        for percent in (50, 99):
            ms = 1_000 * percentile(taken_s, percent)
            name = f"from the nearest state, p{percent}"
            report.add(Figure(name, ms, "ms", "that from zero", ms / from_zero_ms))


def _places(size: int) -> Sequence[int]:
    return Random(size).sample(range(1, size + 1), PLACES)


async def _asked(ledgers: Ledgers, number: int) -> float:
    began = time.perf_counter()
    ledger: Ledger = await ledgers.at(CYCLE, number)
    ledger.count()
    return time.perf_counter() - began


def _from_zero(told: Sequence[Stored], number: int) -> float:
    began = time.perf_counter()
    replay = Replay(CYCLE)
    for fact in told[:number]:
        replay.take(fact.body)
    replay.count()
    return time.perf_counter() - began


def _kept(number: int, fact: Stored) -> Stored:
    return Stored(
        LEDGER + CYCLE, number, "ledger-entry", entry.to_bytes(Entry(facts.AT, fact.body))
    )
