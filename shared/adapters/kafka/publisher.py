"""Publishing: batches that the brokers acknowledge one after the other."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.adapters.kafka import driver
from shared.adapters.kafka.ending import Endings, end_producer
from shared.adapters.kafka.headers import written
from shared.adapters.kafka.tls import Tls
from shared.adapters.kafka.topic import Topic
from shared.events.codec import FACT_BYTES_MAX
from shared.kernel.errors import Unavailable
from shared.ports import Message

PUBLISH_S_MAX = 20.0
"""Longer than a cluster takes to find a new leader; what lasts longer is for the caller to know."""


class Publisher:
    """One producer at a time; the next publication after a failure begins with a new one.

    A batch of a partition is sent when the one before it is acknowledged, which costs nothing: the
    driver has one request under way to each broker anyhow. Otherwise one that fails for good (too
    large, refused, without a leader for too long) would be overtaken by those behind it, which a
    broker takes from a producer of which it has heard nothing yet.
    """

    def __init__(
        self,
        servers: str,
        topic: Topic,
        client_id: str,
        endings: Endings,
        tls: Tls | None = None,
    ) -> None:
        self._servers = servers
        self._tls = tls
        self._topic = topic
        self._client_id = client_id
        self._endings = endings
        self._producer: AIOKafkaProducer | None = None
        self._alone = asyncio.Lock()
        self._closed = False

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order; raises `Unavailable` after `PUBLISH_S_MAX` at the latest."""
        assert all(len(message.body) <= FACT_BYTES_MAX for message in messages), "facts are small"
        try:
            async with asyncio.timeout(PUBLISH_S_MAX), self._alone:
                await self._publish(messages)
        except (KafkaError, TimeoutError) as error:
            raise Unavailable("topic-unavailable") from error

    async def close(self) -> None:
        """Let go of the producer; every later publication raises `Unavailable`."""
        async with self._alone:
            self._closed = True
            self._throw_away()

    async def _publish(self, messages: Sequence[Message]) -> None:
        if self._closed:
            raise Unavailable("topic-unavailable")
        try:
            producer = await self._started()
            partitions = await producer.partitions_for(self._topic.name)
            self._topic.check(partitions)
            for batches in _in_turn(producer, sorted(partitions), messages):
                taken = [
                    await self._send(producer, partition, batch)
                    for partition, batch in batches.items()
                ]
                # Who gives up waiting cancels none of them: each would fail unheard then.
                await asyncio.wait(taken)
                for each in taken:
                    each.result()
        except BaseException:
            # Nobody knows what became of the batch that is under way.
            self._throw_away()
            raise

    async def _send(
        self, producer: AIOKafkaProducer, partition: int, batch: BatchBuilder
    ) -> asyncio.Future[Any]:
        taken: asyncio.Future[Any]
        taken = await producer.send_batch(batch, self._topic.name, partition=partition)
        taken.add_done_callback(_hear)
        return taken

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = driver.producer(self._servers, self._client_id, self._tls)
            await self._producer.start()
            # By itself it would look for a topic that is missing until its time is up.
            await self._topic.find(self._producer.client)
        return self._producer

    def _throw_away(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            self._endings.begin(end_producer(producer))


def _hear(taken: asyncio.Future[Any]) -> None:
    """Of several that fail one is raised: asyncio would miss a reader of the others."""
    if not taken.cancelled():
        taken.exception()


def _in_turn(
    producer: AIOKafkaProducer, partitions: Sequence[int], messages: Sequence[Message]
) -> Iterator[Mapping[int, BatchBuilder]]:
    """What is sent at a time: of each partition the next batch, if it has one left."""
    homes: dict[str, int] = {}
    queues: dict[int, list[BatchBuilder]] = {}
    for message in messages:
        key = message.key.encode()
        if message.key not in homes:
            homes[message.key] = driver.PARTITIONER(key, partitions, partitions)
        queue = queues.setdefault(homes[message.key], [])
        if not queue or not _takes(queue[-1], key, message):
            queue.append(producer.create_batch())
            taken = _takes(queue[-1], key, message)
            assert taken, "an empty batch takes any record"
    for batches in zip_longest(*queues.values()):
        numbered = zip(queues, batches, strict=True)
        yield {partition: batch for partition, batch in numbered if batch is not None}


def _takes(batch: BatchBuilder, key: bytes, message: Message) -> bool:
    """Whether the record was added; the topic gives it its time."""
    headers = list(written(message))
    return batch.append(timestamp=None, key=key, value=message.body, headers=headers) is not None
