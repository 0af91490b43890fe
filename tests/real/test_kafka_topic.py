"""The topic on Kafka as migrate creates it, and what its readers meet in it."""

import asyncio
import random  # noqa: TID251 - seeded, and guards nothing
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from shared.adapters.kafka import KafkaStream, create_topic, driver
from shared.adapters.messages import sentence
from shared.events.codec import FACT_BYTES_MAX
from shared.kernel.errors import Refused, Unavailable
from shared.ports import Delivery, Message, Stream
from tests.support.consumer import LONG_S, Consumer
from tests.support.opened import opened
from tests.support.servers import REAL

pytestmark = REAL

SEED = 2021
LARGE = 8
CANCELLED_S_MAX = 0.03


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(quiet_s=0.3)


@pytest.fixture
async def topic(fresh_topic: tuple[str, str]) -> AsyncIterator[Stream]:
    servers, name = fresh_topic
    await create_topic(servers, name, partitions=1, replicas=1)
    async with opened(KafkaStream(servers, name, partitions=1)) as stream:
        yield stream


async def test_a_topic_is_created_once_though_several_do_it(fresh_topic: tuple[str, str]) -> None:
    servers, name = fresh_topic

    await asyncio.gather(*(create_topic(servers, name, partitions=3, replicas=1) for _ in range(4)))
    await create_topic(servers, name, partitions=3, replicas=1)


async def test_a_topic_that_is_not_as_it_has_to_be_is_refused_in_words(
    fresh_topic: tuple[str, str], admin: AIOKafkaAdminClient
) -> None:
    servers, name = fresh_topic
    settings = {"retention.ms": "604800000", "message.timestamp.type": "CreateTime"}
    await admin.create_topics([NewTopic(name, 2, 1, topic_configs=settings)])

    with pytest.raises(Refused, match="topic-settings-differ") as refused:
        await create_topic(servers, name, partitions=3, replicas=1)

    said = sentence(refused.value.code, "en", refused.value.details)
    assert "partitions: 2 ≠ 3" in said
    assert "retention.ms: 604800000 ≠ -1" in said
    assert "message.timestamp.type: CreateTime ≠ LogAppendTime" in said
    assert "cleanup.policy" not in said


async def test_more_replicas_than_brokers_are_refused_in_words(
    fresh_topic: tuple[str, str],
) -> None:
    servers, name = fresh_topic

    with pytest.raises(Refused, match="topic-refused") as refused:
        await create_topic(servers, name, partitions=1, replicas=7)

    assert "replicat" in refused.value.details["because"]


async def test_without_a_topic_somebody_is_told_to_migrate(
    fresh_topic: tuple[str, str], consumer: Consumer
) -> None:
    async with opened(KafkaStream(*fresh_topic, partitions=1)) as topic:
        with pytest.raises(Unavailable, match="topic-not-migrated"):
            await topic.publish([Message("2021", b"a")])
        with pytest.raises(Unavailable, match="topic-not-migrated"):
            async with topic.subscribe("ranking", consumer.position_of):
                pytest.fail("there is no topic")

        await create_topic(*fresh_topic, partitions=1, replicas=1)
        await topic.publish([Message("2021", b"a")])


async def test_the_largest_facts_are_told_in_order(topic: Stream, consumer: Consumer) -> None:
    generator = random.Random(SEED)
    bodies = [generator.randbytes(FACT_BYTES_MAX) for _ in range(LARGE)]

    await topic.publish([Message("2021", body) for body in bodies])

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        deliveries = await consumer.take(LARGE, subscription)
    assert [each.body for each in deliveries] == bodies


async def test_fetches_that_are_cancelled_again_and_again_lose_nothing(
    topic: Stream, consumer: Consumer
) -> None:
    generator = random.Random(SEED)
    cancelled, deliveries = 0, list[Delivery]()

    async def publish() -> None:
        for number in range(100):
            await topic.publish([Message("2021", b"%d" % number)])
            await asyncio.sleep(generator.uniform(0, CANCELLED_S_MAX))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        publishing = asyncio.create_task(publish())
        while not publishing.done():
            fetching = asyncio.create_task(consumer.fetch(subscription))
            await asyncio.wait({fetching}, timeout=generator.uniform(0, CANCELLED_S_MAX))
            cancelled += fetching.cancel()
            [fetched] = await asyncio.gather(fetching, return_exceptions=True)
            deliveries += [] if isinstance(fetched, BaseException) else list(fetched)
        deliveries += await consumer.take(100 - len(deliveries), subscription)

    assert [int(each.body) for each in deliveries] == list(range(100))
    assert cancelled > 20


async def test_records_of_others_come_as_they_are(
    topic: Stream, consumer: Consumer, fresh_topic: tuple[str, str]
) -> None:
    producer = driver.producer(fresh_topic[0], "somebody else")
    await producer.start()
    await producer.send_and_wait(fresh_topic[1], value=b"no key")
    await producer.send_and_wait(fresh_topic[1], key=b"\xff")
    await producer.stop()

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        deliveries = await consumer.take(2, subscription)

    assert [(each.key, each.body) for each in deliveries] == [("", b"no key"), ("\ufffd", b"")]


async def test_a_topic_that_lost_its_beginning_is_said_to_be_truncated(
    topic: Stream, consumer: Consumer, fresh_topic: tuple[str, str], admin: AIOKafkaAdminClient
) -> None:
    await topic.publish([Message("2021", b"a"), Message("2021", b"b")])
    await admin.delete_records({TopicPartition(fresh_topic[1], 0): RecordsToDelete(1)})

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        for _ in range(2):
            with pytest.raises(Unavailable, match="topic-truncated") as truncated:
                await consumer.fetch(subscription)

    assert truncated.value.details["position"] == "0"


async def test_a_topic_that_ends_before_a_position_is_said_to_be_truncated(topic: Stream) -> None:
    async def position_of(_: int) -> int:
        return 5

    await topic.publish([Message("2021", b"a")])

    async with topic.subscribe("ranking", position_of) as subscription:
        with pytest.raises(Unavailable, match="topic-truncated"):
            await Consumer().fetch(subscription)


async def take(topic: Stream, count: int) -> list[Delivery]:
    """So many records from the beginning on, whatever their positions."""

    async def position_of(_: int) -> int:
        return 0

    deliveries: list[Delivery] = []
    async with (
        asyncio.timeout(LONG_S),
        topic.subscribe("ranking", position_of) as subscription,
    ):
        while len(deliveries) < count:
            deliveries += await subscription.fetch(limit=count, timeout_s=LONG_S)
    return deliveries


async def test_a_hole_among_the_positions_is_told_and_passed_over(
    topic: Stream, fresh_topic: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=fresh_topic[0], transactional_id="somebody")
    await producer.start()
    async with producer.transaction():
        await producer.send_and_wait(fresh_topic[1], value=b"a")
    # The mark of a transaction stands in the topic before the next one begins, and is no record.
    async with producer.transaction():
        await producer.send_and_wait(fresh_topic[1], value=b"b")
    await producer.stop()

    deliveries = await take(topic, 2)

    assert [(each.position, each.body) for each in deliveries] == [(1, b"a"), (3, b"b")]
    hole = f"{fresh_topic[1]}/0 has no records at the offsets 1 to 1"
    assert [each for each in caplog.messages if "no records" in each] == [hole]


async def test_nothing_is_behind_where_a_partition_ends_with_what_is_no_record(
    topic: Stream, fresh_topic: tuple[str, str]
) -> None:
    async def position_of(_: int) -> int:
        return 0

    producer = AIOKafkaProducer(bootstrap_servers=fresh_topic[0], transactional_id="somebody")
    await producer.start()
    async with producer.transaction():
        await producer.send_and_wait(fresh_topic[1], value=b"a")
    await producer.stop()

    async with asyncio.timeout(LONG_S), topic.subscribe("ranking", position_of) as subscription:
        while not await subscription.fetch(limit=1, timeout_s=1.0):
            pass
        while any((await subscription.behind()).values()):
            assert not await subscription.fetch(limit=1, timeout_s=1.0)


async def test_a_time_that_is_not_the_topics_own_is_not_taken_and_stops_nobody(
    fresh_topic: tuple[str, str], admin: AIOKafkaAdminClient
) -> None:
    servers, name = fresh_topic
    await admin.create_topics([NewTopic(name, 1, 1)])
    producer = driver.producer(servers, "somebody else")
    await producer.start()
    for timestamp_ms in (2_000, 1_000, 3_000):
        await producer.send_and_wait(name, value=b"a", timestamp_ms=timestamp_ms)
    await producer.stop()

    async with opened(KafkaStream(servers, name, partitions=1)) as topic:
        deliveries = await take(topic, 3)

    assert [each.appended_at.timestamp() for each in deliveries] == [0, 0, 0]
