"""What the topic promises, held against memory, SQLite and Kafka."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from shared.adapters.clock import SystemClock
from shared.adapters.kafka import KafkaStream, create_topic
from shared.adapters.memory import MemoryClock, MemoryStream
from shared.adapters.sqlite import SqliteStream
from shared.kernel.errors import Unavailable
from shared.ports import Clock, Delivery, Message, Stream
from tests.support.consumer import Consumer
from tests.support.opened import opened
from tests.support.servers import REAL

TICK = timedelta(milliseconds=1)
PARTITIONS = 3


@dataclass(frozen=True)
class Given:
    """An adapter, the clock that it lives by, and how long nothing comes until all has come."""

    topic: Stream
    clock: Clock
    quiet_s: float = 0.0

    def consumer(self) -> Consumer:
        return Consumer(quiet_s=self.quiet_s)


@pytest.fixture(
    params=["memory", "partitions", "sqlite", pytest.param("kafka", marks=REAL)],
)
async def given(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Given]:
    clock = MemoryClock()
    match request.param:
        case "memory":
            yield Given(MemoryStream(clock), clock)
        case "partitions":
            yield Given(MemoryStream(clock, partitions=PARTITIONS), clock)
        case "sqlite":
            async with opened(SqliteStream(tmp_path / "topic.db", clock)) as topic:
                yield Given(topic, clock)
        case _:
            servers, name = request.getfixturevalue("fresh_topic")
            await create_topic(servers, name, partitions=PARTITIONS, replicas=1)
            async with opened(KafkaStream(servers, name, partitions=PARTITIONS)) as topic:
                yield Given(topic, SystemClock(), quiet_s=0.3)


@pytest.fixture
def topic(given: Given) -> Stream:
    return given.topic


@pytest.fixture
def consumer(given: Given) -> Consumer:
    return given.consumer()


def messages(*bodies: bytes, key: str = "2021") -> list[Message]:
    return [Message(key, body) for body in bodies]


def one_for_each_of(*keys: int) -> list[Message]:
    return [Message(str(key), b"%d" % key) for key in keys]


def bodies(deliveries: Sequence[Delivery]) -> list[bytes]:
    return [each.body for each in deliveries]


async def test_records_come_as_they_were_published(topic: Stream, consumer: Consumer) -> None:
    await topic.publish(messages(b"\x00\xff", "điểm".encode()))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        deliveries = await consumer.take(2, subscription)

    assert [(each.key, each.body) for each in deliveries] == [
        ("2021", b"\x00\xff"),
        ("2021", "điểm".encode()),
    ]


async def test_positions_of_a_partition_count_from_1_without_a_gap(
    topic: Stream, consumer: Consumer
) -> None:
    await topic.publish(messages(b"a", b"b"))
    await topic.publish(messages(b"c"))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        deliveries = await consumer.take(3, subscription)

    assert [each.position for each in deliveries] == [1, 2, 3]
    assert len({each.partition for each in deliveries}) == 1


async def let_time_pass(clock: Clock) -> None:
    if isinstance(clock, MemoryClock):
        clock.advance(timedelta(hours=1))
    else:
        await asyncio.sleep(3 * TICK.total_seconds())


async def test_a_record_carries_the_time_at_which_it_was_taken(
    given: Given, consumer: Consumer
) -> None:
    topic, clock = given.topic, given.clock
    began = clock.now()
    await topic.publish(messages(b"a"))
    between = clock.now()
    await let_time_pass(clock)
    later = clock.now()
    await topic.publish(messages(b"b"))
    ended = clock.now()

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        first, second = await consumer.take(2, subscription)

    # A broker counts in milliseconds.
    assert began - TICK < first.appended_at <= between
    assert later - TICK < second.appended_at <= ended
    assert first.appended_at.tzinfo is UTC


async def test_a_key_keeps_its_order(topic: Stream, consumer: Consumer) -> None:
    published = [b"%d" % number for number in range(50)]
    for body in published:
        await topic.publish([Message(f"{2000 + int(body) % 7}", body)])

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        deliveries = await consumer.take(50, subscription)

    assert sorted(bodies(deliveries)) == sorted(published)
    for key in {each.key for each in deliveries}:
        numbers = [int(each.body) for each in deliveries if each.key == key]
        assert numbers == sorted(numbers)
        assert len({each.partition for each in deliveries if each.key == key}) == 1


async def test_a_consumer_begins_just_behind_its_own_position(
    topic: Stream, consumer: Consumer
) -> None:
    await topic.publish(messages(b"a", b"b", b"c"))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        await consumer.fetch(subscription, limit=2)
    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        deliveries = await consumer.take(1, subscription)

    assert bodies(deliveries) == [b"c"]


async def test_each_partition_is_asked_for_once(topic: Stream, consumer: Consumer) -> None:
    await topic.publish(messages(b"a"))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        await consumer.take(1, subscription)
        await topic.publish(messages(b"b"))
        await consumer.take(1, subscription)

    assert consumer.asked == sorted(set(consumer.asked))


async def test_a_fetch_has_a_limit_and_the_next_goes_on(topic: Stream, consumer: Consumer) -> None:
    await topic.publish(messages(b"a", b"b", b"c", b"d"))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        first = await consumer.fetch(subscription, limit=2)
        second = await consumer.fetch(subscription, limit=1)
        third = await consumer.fetch(subscription, limit=2)

    assert [bodies(each) for each in (first, second, third)] == [[b"a", b"b"], [b"c"], [b"d"]]


async def test_nothing_comes_where_nothing_is(topic: Stream, consumer: Consumer) -> None:
    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        assert not await consumer.fetch(subscription, timeout_s=0.01)


async def test_whoever_waits_is_given_what_comes_meanwhile(
    topic: Stream, consumer: Consumer
) -> None:
    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        waiting = asyncio.create_task(consumer.fetch(subscription))
        await asyncio.sleep(0.02)
        await topic.publish(messages(b"a"))
        deliveries = await waiting

    assert bodies(deliveries) == [b"a"]


async def test_every_group_gets_everything(given: Given) -> None:
    topic, one, other = given.topic, given.consumer(), given.consumer()
    await topic.publish(messages(b"a"))

    async with (
        topic.subscribe("ranking", one.position_of) as ranking,
        topic.subscribe("appraisal", other.position_of) as appraisal,
    ):
        ranked, appraised = await one.take(1, ranking), await other.take(1, appraisal)

    assert ranked == appraised
    assert bodies(ranked) == [b"a"]


async def test_members_of_a_group_share_the_partitions(topic: Stream, consumer: Consumer) -> None:
    await topic.publish(one_for_each_of(*range(2000, 2020)))

    async with (
        topic.subscribe("ranking", consumer.position_of) as one,
        topic.subscribe("ranking", consumer.position_of) as other,
    ):
        deliveries = await consumer.take(20, one, other)

    assert sorted(int(each.body) for each in deliveries) == list(range(2000, 2020))


async def test_what_a_member_leaves_the_other_takes_over(topic: Stream, consumer: Consumer) -> None:
    async with topic.subscribe("ranking", consumer.position_of) as standby:
        async with topic.subscribe("ranking", consumer.position_of) as leaving:
            await topic.publish(one_for_each_of(*range(2000, 2010)))
            before = await consumer.take(10, leaving, standby)
        await topic.publish(one_for_each_of(*range(2010, 2020)))
        after = await consumer.take(10, standby)

    assert sorted(int(each.body) for each in before) == list(range(2000, 2010))
    assert sorted(int(each.body) for each in after) == list(range(2010, 2020))


async def test_a_fetch_that_was_cancelled_loses_nothing(topic: Stream, consumer: Consumer) -> None:
    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        waiting = asyncio.create_task(consumer.fetch(subscription))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await topic.publish(messages(b"a"))

        assert len(await consumer.take(1, subscription)) == 1


async def test_a_fetch_that_failed_loses_nothing(topic: Stream, consumer: Consumer) -> None:
    failures = [Unavailable("database-unavailable")]
    await topic.publish(messages(b"a", b"b"))

    async def position_of(partition: int) -> int:
        if failures:
            raise failures.pop()
        return await consumer.position_of(partition)

    async with topic.subscribe("ranking", position_of) as subscription:
        with pytest.raises(Unavailable, match="database-unavailable"):
            await consumer.fetch(subscription)

        assert bodies(await consumer.take(2, subscription)) == [b"a", b"b"]


async def test_publishers_at_the_same_time_lose_nothing(topic: Stream, consumer: Consumer) -> None:
    await asyncio.gather(*(topic.publish(messages(b"%d" % n, b"%d" % n)) for n in range(20)))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        deliveries = await consumer.take(40, subscription)

    assert [each.position for each in deliveries] == list(range(1, 41))
    assert sorted(bodies(deliveries[::2])) == sorted(b"%d" % n for n in range(20))


async def test_nothing_may_be_published(topic: Stream, consumer: Consumer) -> None:
    await topic.publish([])
    await topic.publish(messages(b"a"))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        assert bodies(await consumer.take(1, subscription)) == [b"a"]


async def test_how_much_is_behind_is_known_once_something_was_fetched(
    topic: Stream, consumer: Consumer
) -> None:
    await topic.publish(messages(b"a", b"b", b"c"))

    async with topic.subscribe("ranking", consumer.position_of) as subscription:
        await consumer.fetch(subscription, limit=1)
        behind = await subscription.behind()
        await consumer.take(2, subscription)

        after = await subscription.behind()

    assert [sum(each or 0 for each in found.values()) for found in (behind, after)] == [2, 0]
