"""Facts per second, from a decision to a document, each beside the bare libraries' same bytes."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from shared.adapters.clock import SystemClock
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.adapters.sqlite import SqliteStream
from shared.count.replay import Replay
from shared.events import codec
from shared.events.codec import Stored
from shared.ports import EventStore, Stream
from shared.runtime.handle import Handler
from shared.runtime.number import Numberer
from shared.runtime.relay import Relay
from shared.runtime.service import Receiver
from tests.bench import bare, cycle, deciding, facts
from tests.bench.cycle import CYCLE
from tests.bench.report import Measure, Report, awaited_rate_of, rate_of
from tests.support.opened import opened

SINGLES = 100
FACTS = 5_000
BATCH = 500


class Bench:
    """Each measurement on new files, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def file(self, name: str) -> Path:
        """A path that nobody has used."""
        self._made += 1
        return self._folder / f"{self._made}-{name}.db"


async def test_append(report: Report, tmp_path: Path) -> None:
    bench, told = Bench(tmp_path), facts.told(FACTS)

    report.begin("Facts appended, one durable transaction each")
    sides = {
        "decided, encoded and appended by the handler": lambda: _decided(bench),
        "appended by the event store": lambda: _appended(bench, told[:SINGLES], 1),
        "bare recorder": lambda: _saved(bench, told[:SINGLES], 1),
    }
    await report.compare("facts/s", sides, rounds=7)
    report.begin(f"Facts appended, {BATCH} in a transaction")
    sides = {
        "appended by the event store": lambda: _appended(bench, told, BATCH),
        "bare recorder": lambda: _saved(bench, told, BATCH),
    }
    await report.compare("facts/s", sides, rounds=5)


async def test_tell_and_number(report: Report, tmp_path: Path) -> None:
    bench, told = Bench(tmp_path), facts.told(FACTS)

    report.begin("Facts told and numbered, by durable batches")
    sides = {
        "relayed: event store to topic": lambda: _relayed(bench, told),
        "numbered: topic to ledger": lambda: _numbered(bench, told),
        "bare copy: recorder to recorder": lambda: _copied(bench, told),
    }
    await report.compare("facts/s", sides)


async def test_fold(report: Report) -> None:
    told, bare_decode = facts.told(FACTS), bare.decoding()

    report.begin("Facts folded, in one thread")
    sides: dict[str, Measure] = {
        "decoded, placed, hashed and counted": rate_of(FACTS, lambda: _replay(told)),
        "decoded by the codec": rate_of(FACTS, lambda: [codec.decode(f.body) for f in told]),
        "bare msgspec, envelope and content": rate_of(FACTS, lambda: bare_decode(told)),
    }
    await report.compare("facts/s", sides, rounds=5)


async def _decided(bench: Bench) -> float:
    """Every declaration of a few sheets, each judged by the real rules."""
    opened_cycle = deciding.opened()
    declared = [each for agency in cycle.agencies() for each in cycle.sheet(agency)][:SINGLES]
    async with opened(SqliteEventStore(bench.file("store"))) as store:
        handler = Handler(store)
        declare = deciding.declare
        return await awaited_rate_of(SINGLES, lambda: declare(handler, opened_cycle, declared))()


async def _appended(bench: Bench, told: Sequence[Stored], size: int) -> float:
    async def append() -> None:
        for batch in bare.batches(told, size):
            await store.append(batch)

    async with opened(SqliteEventStore(bench.file("store"))) as store:
        return await awaited_rate_of(len(told), append)()


async def _saved(bench: Bench, told: Sequence[Stored], size: int) -> float:
    recorder, events = bare.Recorder(bench.file("bare")), bare.events_of(told)

    async def save() -> None:
        for batch in bare.batches(events, size):
            recorder.save(batch)

    rate = await awaited_rate_of(len(told), save)()
    recorder.close()
    return rate


async def _relayed(bench: Bench, told: Sequence[Stored]) -> float:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(SqliteEventStore(bench.file("store"))))
        topic = SqliteStream(bench.file("topic"), SystemClock())
        await stack.enter_async_context(opened(topic))
        await store.append(told)
        return await awaited_rate_of(len(told), lambda: _relay(store, topic))()


async def _numbered(bench: Bench, told: Sequence[Stored]) -> float:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(SqliteEventStore(bench.file("store"))))
        ledger = await stack.enter_async_context(opened(SqliteEventStore(bench.file("ledger"))))
        topic = SqliteStream(bench.file("topic"), SystemClock())
        await stack.enter_async_context(opened(topic))
        await store.append(told)
        await _relay(store, topic)
        return await awaited_rate_of(len(told), lambda: _number(topic, ledger))()


async def _relay(store: EventStore, topic: Stream) -> None:
    relay = Relay(store, topic)
    while await relay.step():
        pass


async def _number(topic: Stream, ledger: EventStore) -> None:
    """As far as the topic goes; the empty step at its end would only wait."""
    receiver, left = Receiver(topic, "ranking", Numberer(ledger)), FACTS
    while left:
        left -= await receiver.step()


async def _copied(bench: Bench, told: Sequence[Stored]) -> float:
    here, there = bare.Recorder(bench.file("here")), bare.Recorder(bench.file("there"))
    here.save(bare.events_of(told))

    async def copy() -> None:
        there.copy_from(here, BATCH)

    rate = await awaited_rate_of(len(told), copy)()
    here.close()
    there.close()
    return rate


def _replay(told: Sequence[Stored]) -> None:
    replay = Replay(CYCLE)
    for fact in told:
        replay.take(fact.body)
