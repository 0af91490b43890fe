"""Proofs, the tree that they are made from, and the verifier that needs nothing but a file.

CCHC_BENCH_FACTS=1000000 makes the export so long that is verified.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same places in every run

from services.ranking.application import Bundles, Ledgers, Trees
from services.ranking.application.notes import Notes
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.count.replay import Replay
from shared.events import codec
from shared.events.codec import Stored
from shared.kernel.actor import Actor
from shared.ledger import entry, proof
from shared.ledger.entry import Entry
from shared.ledger.levels import LevelTree
from shared.ledger.line import to_line
from shared.ledger.merkle import Tree
from shared.ledger.numbering import Numbering
from shared.ports import EventStore
from shared.runtime.number import LEDGER
from shared.verify import UNPUBLISHED
from tests.bench import bare, facts
from tests.bench.cycle import CYCLE
from tests.bench.report import Figure, Report, percentile, rate_of
from tests.support.opened import opened
from tests.support.outside import NOTARY

SIZES = (10_000, 100_000)
PLACES = 2_000
VERIFIED = 20_000
TOLD = 10_000
EXPORTED = int(os.environ.get("CCHC_BENCH_FACTS", "50000"))
BATCH = 500
MIB = 1024 * 1024
AUDITOR = Actor("k-1", "auditor")

Prove = Callable[[LevelTree, int], None]


async def test_proofs(report: Report, tmp_path: Path) -> None:
    for size in SIZES:
        report.begin(f"Proofs from a ledger of {size:,} facts")
        async with opened(SqliteEventStore(tmp_path / f"{size}.db")) as store:
            await _fill(store, facts.told(size))
            trees = Trees(store)
            began = time.process_time()
            await trees.of(CYCLE, size)
            rate = size / (time.process_time() - began)
            report.add(Figure("tree with its levels, read from the store", rate, "facts/s"))
            for name, prove in _PROOFS.items():
                taken_s = [await _proved(trees, size, place, prove) for place in _places(size)]
                for percent in (50, 99):
                    microseconds = 1e6 * percentile(taken_s, percent)
                    report.add(Figure(f"{name}, p{percent}", microseconds, "us"))


async def test_tree(report: Report) -> None:
    told = facts.told(TOLD)

    report.begin("What the tree costs where facts come in, in one thread")
    sides = {
        "placed, with the levels that prove": rate_of(TOLD, lambda: _place(told, LevelTree())),
        "placed, with the tree": rate_of(TOLD, lambda: _place(told, Tree())),
        "placed, without": rate_of(TOLD, lambda: _place(told, None)),
    }
    await report.compare("facts/s", sides, rounds=5)
    report.begin("What the tree costs of the count")
    sides = {
        "the tree alone": rate_of(TOLD, lambda: Tree(fact.body for fact in told)),
        "decoded, placed, hashed and counted": rate_of(TOLD, lambda: _replay(told)),
    }
    await report.compare("facts/s", sides, rounds=5)


async def test_verifier(report: Report, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    async with opened(SqliteEventStore(tmp_path / "ledger.db")) as store:
        await _fill(store, facts.told(VERIFIED))
        bundles = Bundles(Ledgers(store), Notes(store), NOTARY)
        began = time.process_time()
        made = await bundles.bundle(AUDITOR, CYCLE)
        bundle.write_bytes(b"".join([part async for part in made.parts]))
        taken = time.process_time() - began

    report.begin(f"A bundle of {VERIFIED:,} facts")
    report.add(Figure("made", VERIFIED / taken, "facts/s"))
    report.add(Figure("its size", bundle.stat().st_size / MIB, "MiB"))
    rate = VERIFIED / await _verified(bundle)
    report.add(Figure("verified by python -m shared.verify, with its start", rate, "facts/s"))


def _include(tree: LevelTree, place: int) -> None:
    path = tree.inclusion(place - 1, tree.size)
    root = tree.root(tree.size)
    assert proof.is_included(tree.leaf(place - 1), place - 1, tree.size, path, root=root)


def _be_consistent(tree: LevelTree, place: int) -> None:
    tree.consistency(place, tree.size)


_PROOFS: dict[str, Prove] = {
    "inclusion, made and checked": _include,
    "consistency, made": _be_consistent,
}


async def _proved(trees: Trees, size: int, place: int, prove: Prove) -> float:
    began = time.perf_counter()
    prove(await trees.of(CYCLE, size), place)
    return time.perf_counter() - began


def _places(size: int) -> Sequence[int]:
    return Random(size).sample(range(1, size + 1), PLACES)


def _place(told: Sequence[Stored], tree: Tree | LevelTree | None) -> None:
    """What numbering reckons for each record, and beside it a tree."""
    numbering = Numbering()
    for fact in told:
        numbering.take(codec.head(fact.body))
        if tree is not None:
            tree.append(fact.body)


def _replay(told: Sequence[Stored]) -> None:
    replay = Replay(CYCLE)
    for fact in told:
        replay.take(fact.body)


async def test_export(report: Report, tmp_path: Path) -> None:
    export = tmp_path / "facts.ndjson"
    with export.open("wb") as file:
        file.writelines(to_line(fact.body) + b"\n" for fact in facts.flowing(EXPORTED))

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.verifying", str(export)),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == UNPUBLISHED, "nothing was published, and no fault was found"
    taken = json.loads(told.splitlines()[-1])

    report.begin(f"An export of {EXPORTED:,} facts, verified")
    report.add(Figure("its size", export.stat().st_size / MIB, "MiB"))
    report.add(Figure("by the clock", EXPORTED / taken["wall_s"], "facts/s"))
    report.add(Figure("by the processor", EXPORTED / taken["processor_s"], "facts/s"))
    report.add(Figure("memory at most", taken["memory_bytes"] / MIB, "MiB"))


async def _verified(bundle: Path) -> float:
    """Seconds of the clock, as who verifies waits for it."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.verify", str(bundle), "--json"),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    taken = time.perf_counter() - began
    assert process.returncode == UNPUBLISHED, "nothing was published, and no fault was found"
    assert json.loads(told), "it says what it found"
    return taken


async def _fill(store: EventStore, told: Sequence[Stored]) -> None:
    for batch in bare.batches(list(enumerate(told, start=1)), BATCH):
        await store.append([_kept(number, fact) for number, fact in batch])


def _kept(number: int, fact: Stored) -> Stored:
    body = entry.to_bytes(Entry(facts.AT, fact.body))
    return Stored(LEDGER + CYCLE, number, "ledger-entry", body)
