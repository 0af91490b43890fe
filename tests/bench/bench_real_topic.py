"""Facts from PostgreSQL to Kafka and back, each beside a bare client's same bytes.

The bare clients keep nothing: to send, they wait for the brokers alone, and to receive, for nobody.
Ours keep their position durably for each batch, and what they received with it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from aiokafka import AIOKafkaProducer
from eventsourcing.persistence import StoredEvent, Tracking

from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.eventstore.postgres_tables import create_tables
from shared.adapters.kafka import KafkaStream, create_topic
from shared.events.codec import Stored
from shared.events.envelope import cycle_of
from shared.ports import EventStore, Message, Stream
from shared.runtime.number import Numberer
from shared.runtime.receive import Inbox
from shared.runtime.relay import Relay
from shared.runtime.service import FETCH_RECORDS_MAX, Receiver, Receiving
from tests.bench import bare, bare_servers, facts
from tests.bench.bare_servers import Recorder
from tests.bench.cycle import CYCLE
from tests.bench.report import Measure, Report, awaited_rate_of
from tests.support.opened import opened
from tests.support.servers import REAL

pytestmark = REAL

RELAYED = 10_000
RECEIVED = 20_000
STEP_S = 0.1
PARTITIONS = 1
"""All facts are of one cycle, and a cycle lies in one partition."""

Send = Callable[[AIOKafkaProducer, str, Sequence[Stored]], Awaitable[None]]
Save = Callable[[Sequence[bytes]], None]
Keep = Callable[[EventStore], Receiving]


@dataclass
class Bench:
    """Each measurement on a topic and in tables of its own."""

    postgres: str
    kafka: str
    topic: str
    _made: int = field(default=0)

    def name(self) -> str:
        """A name that nobody has used."""
        self._made += 1
        return f"bench{self._made}"

    async def new_topic(self) -> str:
        """An empty topic."""
        topic = f"{self.topic}-{self.name()}"
        await create_topic(self.kafka, topic, partitions=PARTITIONS, replicas=1)
        return topic

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[KafkaStream]:
        """An empty topic, to which something can be told at once."""
        async with opened(
            KafkaStream(self.kafka, await self.new_topic(), partitions=PARTITIONS)
        ) as stream:
            await stream.publish([Message(CYCLE, b"{}")])
            yield stream

    @asynccontextmanager
    async def store(self) -> AsyncIterator[PostgresEventStore]:
        """An event store that is connected."""
        name = self.name()
        await asyncio.to_thread(create_tables, self.postgres, name)
        async with opened(PostgresEventStore(self.postgres, name)) as store:
            await store.end()
            yield store


async def test_relay(report: Report, fresh_postgres: str, fresh_topic: tuple[str, str]) -> None:
    bench, told = Bench(fresh_postgres, *fresh_topic), facts.told(RELAYED)

    report.begin("Kafka: facts told")
    sides: dict[str, Measure] = {
        "relayed: event store to topic": lambda: _relayed(bench, told),
        "bare producer, send_batch": lambda: _sent(bench, told, bare_servers.send_batches),
        "bare producer, send": lambda: _sent(bench, told, bare_servers.send),
    }
    await report.compare("facts/s", sides)


async def test_receive(report: Report, fresh_postgres: str, fresh_topic: tuple[str, str]) -> None:
    bench, told = Bench(fresh_postgres, *fresh_topic), facts.told(RECEIVED)
    topic = await bench.new_topic()
    async with opened(KafkaStream(bench.kafka, topic, partitions=PARTITIONS)) as stream:
        await stream.publish([Message(cycle_of(fact.stream), fact.body) for fact in told])

        report.begin("Kafka: facts received")
        sides: dict[str, Measure] = {
            "numbered: topic to ledger": lambda: _received(bench, stream, Numberer),
            "heard: topic to inbox": lambda: _received(bench, stream, _inbox),
            "bare getmany, and the bare recorder": lambda: _copied(bench, topic),
            "bare getmany": lambda: _drained(bench, topic, lambda _: None),
        }
        await report.compare("facts/s", sides)


async def _relayed(bench: Bench, told: Sequence[Stored]) -> float:
    async with bench.store() as store, bench.stream() as stream:
        for batch in bare.batches(told, FETCH_RECORDS_MAX):
            await store.append(batch)
        return await awaited_rate_of(len(told), lambda: _relay(Relay(store, stream)))()


async def _relay(relay: Relay) -> None:
    while await relay.step():
        pass


async def _sent(bench: Bench, told: Sequence[Stored], send: Send) -> float:
    topic = await bench.new_topic()
    async with bare_servers.producing(bench.kafka) as producer:
        await producer.send_and_wait(topic, b"{}")
        return await awaited_rate_of(len(told), lambda: send(producer, topic, told))()


async def _received(bench: Bench, stream: Stream, keep: Keep) -> float:
    """Facts per second, once it has its partition and begins to read: the first batch is free."""
    async with bench.store() as store:
        receiver = Receiver(stream, bench.name(), keep(store))
        try:
            left = RECEIVED
            while left == RECEIVED:
                left -= await receiver.step()
            counted, began = left, time.perf_counter()
            while left:
                left -= await receiver.step()
            return counted / (time.perf_counter() - began)
        finally:
            await _leave(receiver)


async def _leave(receiver: Receiver) -> None:
    """A step that is cancelled ends the subscription."""
    step = asyncio.create_task(receiver.step())
    await asyncio.sleep(STEP_S)
    step.cancel()
    await asyncio.gather(step, return_exceptions=True)


async def _drained(bench: Bench, topic: str, keep: Save) -> float:
    async with bare_servers.consuming(bench.kafka, topic, PARTITIONS) as consumer:
        await bare_servers.fetch(consumer, FETCH_RECORDS_MAX)
        await consumer.seek_to_beginning()  # And forgets what it read ahead.

        async def drain() -> None:
            left = RECEIVED
            while left:
                records = await bare_servers.fetch(consumer, FETCH_RECORDS_MAX)
                keep(records)
                left -= len(records)

        return await awaited_rate_of(RECEIVED, drain)()


async def _copied(bench: Bench, topic: str) -> float:
    """What was received is kept with the position, in one transaction."""
    recorder, numbered = Recorder(bench.postgres, bench.name()), count(1)

    def save(records: Sequence[bytes]) -> None:
        events = [StoredEvent("ledger", next(numbered), "fact", body) for body in records]
        recorder.save(events, Tracking("topic", events[-1].originator_version))

    try:
        return await _drained(bench, topic, save)
    finally:
        recorder.close()


def _inbox(store: EventStore) -> Inbox:
    return Inbox(store, lambda _: True)
