"""One broker and three of them: what was acknowledged outlives the kill of any one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from real.install import HOME
from real.servers.kafka import BROKERS, Kafka, KafkaCluster
from real.servers.server import Server
from tests.support.servers import REAL

pytestmark = REAL
TOPIC = "facts"
ANSWER_S_MAX = 60
ANY_LETTERS = "Tài liệu của tôi \\n 😀"
"""Folders have such names, and a broker that reads them otherwise keeps its data elsewhere."""


@pytest.fixture
def broker(folder: Path, run: Callable[[Server], None]) -> Kafka:
    broker = Kafka(folder / ANY_LETTERS, HOME)
    run(broker)
    return broker


async def test_what_a_broker_acknowledged_outlives_its_kill(broker: Kafka) -> None:
    await create_topic(broker.url, copies=1)
    await send(broker.url, b"told")

    broker.kill()
    broker.start()

    assert await read(broker.url, 1) == [b"told"]


async def test_a_broker_keeps_its_data_in_its_folder_over_a_gentle_end(
    broker: Kafka, folder: Path
) -> None:
    await create_topic(broker.url, copies=1)
    await send(broker.url, b"told")

    broker.stop()
    broker.start()

    assert await read(broker.url, 1) == [b"told"]
    assert (folder / ANY_LETTERS / "data" / "meta.properties").exists()


async def test_a_broker_in_a_pause_answers_afterwards(broker: Kafka) -> None:
    await create_topic(broker.url, copies=1)

    broker.pause()
    sending = asyncio.create_task(send(broker.url, b"told"))
    done, _ = await asyncio.wait([sending], timeout=1)
    broker.resume()
    await sending

    assert not done
    assert await read(broker.url, 1) == [b"told"]


@pytest.mark.slow
async def test_two_of_three_brokers_go_on_and_the_third_catches_up(
    folder: Path, run: Callable[[Server], None]
) -> None:
    cluster = KafkaCluster(folder, HOME)
    run(cluster)
    await create_topic(cluster.url, copies=BROKERS)
    await send(cluster.url, b"before")

    for number, broker in enumerate(cluster.brokers):
        broker.kill()
        await send(cluster.url, b"without %d" % number)
        broker.start()
        await wait_until_in_step(cluster.url)

    expected = [b"before", b"without 0", b"without 1", b"without 2"]
    assert await read(cluster.url, len(expected)) == expected


async def create_topic(url: str, *, copies: int) -> None:
    async with admin(url) as client:
        await client.create_topics([NewTopic(TOPIC, 1, copies)], timeout_ms=ANSWER_S_MAX * 1000)


async def wait_until_in_step(url: str) -> None:
    async with asyncio.timeout(ANSWER_S_MAX), admin(url) as client:
        while True:
            [described] = await client.describe_topics([TOPIC])
            if len(described["partitions"][0]["isr"]) == BROKERS:
                return
            await asyncio.sleep(0.2)


@asynccontextmanager
async def admin(url: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=url)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def send(url: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=url, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        await asyncio.wait_for(producer.send_and_wait(TOPIC, value), ANSWER_S_MAX)
    finally:
        await producer.stop()


async def read(url: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=url, enable_auto_commit=False)
    await consumer.start()
    try:
        partition = TopicPartition(TOPIC, 0)
        consumer.assign([partition])
        consumer.seek(partition, 0)
        async with asyncio.timeout(ANSWER_S_MAX):
            return [bytes((await consumer.getone()).value) for _ in range(count)]
    finally:
        await consumer.stop()
