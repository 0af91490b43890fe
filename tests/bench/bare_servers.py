"""The bare sides on servers: the same bytes through the libraries alone, told to be as durable."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresProcessRecorder
from psycopg.conninfo import conninfo_to_dict

from shared.adapters.kafka import driver
from shared.events.codec import Stored
from shared.events.envelope import cycle_of

POLL_MS = 500


class Recorder:
    """The recorder that the event store stands on, in this thread, and otherwise by its defaults.

    Its commits are on the disk when they return, as the server's own default has it.
    """

    def __init__(self, url: str, name: str) -> None:
        told = {key: str(value) for key, value in conninfo_to_dict(url).items()}
        self._datastore = PostgresDatastore(
            *(told["dbname"], told["host"], told["port"], told["user"], told["password"]),
            single_row_tracking=True,
            originator_id_type="text",
        )
        self._recorder = PostgresProcessRecorder(
            self._datastore,
            events_table_name=f"{name}_events",
            tracking_table_name=f"{name}_tracking",
        )
        self._recorder.create_table()

    def save(self, events: Sequence[StoredEvent], tracking: Tracking | None = None) -> None:
        """One transaction."""
        self._recorder.insert_events(events, tracking=tracking)

    def close(self) -> None:
        """Close its connections."""
        self._datastore.close()


@asynccontextmanager
async def producing(servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent producer that waits for all replicas, with large batches in lz4."""
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        max_batch_size=driver.BATCH_BYTES_MAX,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def send(producer: AIOKafkaProducer, topic: str, facts: Sequence[Stored]) -> None:
    """Record by record; the driver makes the batches."""
    sent = [
        await producer.send(topic, key=cycle_of(fact.stream).encode(), value=fact.body)
        for fact in facts
    ]
    await asyncio.gather(*sent)


async def send_batches(producer: AIOKafkaProducer, topic: str, facts: Sequence[Stored]) -> None:
    """Batch by batch; to send the next one, the driver waits for nobody."""
    sent, batch = [], producer.create_batch()
    for fact in facts:
        record = {"key": cycle_of(fact.stream).encode(), "value": fact.body, "timestamp": None}
        if batch.append(**record) is None:
            sent.append(await producer.send_batch(batch, topic, partition=0))
            batch = producer.create_batch()
            batch.append(**record)
    sent.append(await producer.send_batch(batch, topic, partition=0))
    await asyncio.gather(*sent)


@asynccontextmanager
async def consuming(servers: str, topic: str, partitions: int) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer that belongs to no group, at the beginning of all partitions."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_bytes=driver.FETCH_BYTES_MAX,
        max_partition_fetch_bytes=driver.FETCH_PARTITION_BYTES_MAX,
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, each) for each in range(partitions)])
        yield consumer
    finally:
        await consumer.stop()


async def fetch(consumer: AIOKafkaConsumer, limit: int) -> Sequence[bytes]:
    """What comes next, as bytes."""
    while True:
        found = await consumer.getmany(timeout_ms=POLL_MS, max_records=limit)
        if found:
            return [record.value for records in found.values() for record in records]
