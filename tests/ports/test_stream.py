"""What the topic promises, held against memory and SQLite."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from shared.adapters.memory import MemoryClock, MemoryStream
from shared.adapters.memory.clock import BEGINNING
from shared.adapters.sqlite import SqliteStream
from shared.ports import Clock, Delivery, Message, Stream, Subscription
from tests.support.opened import opened

NO_WAIT_S = 0.0
LONG_S = 10.0

Make = Callable[[Path, Clock], Stream]


def in_memory(_: Path, clock: Clock) -> Stream:
    return MemoryStream(clock)


def in_partitions(_: Path, clock: Clock) -> Stream:
    return MemoryStream(clock, partitions=3)


def in_sqlite(folder: Path, clock: Clock) -> Stream:
    return SqliteStream(folder / "topic.db", clock)


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock()


@pytest.fixture(
    params=[in_memory, in_partitions, in_sqlite], ids=["memory", "partitions", "sqlite"]
)
async def topic(
    request: pytest.FixtureRequest, tmp_path: Path, clock: MemoryClock
) -> AsyncIterator[Stream]:
    make: Make = request.param
    async with opened(make(tmp_path, clock)) as topic:
        yield topic


def behind(position: int) -> Callable[[int], Awaitable[int]]:
    async def position_of(_: int) -> int:
        return position

    return position_of


async def fetch_all(subscription: Subscription) -> list[Delivery]:
    deliveries: list[Delivery] = []
    while more := await subscription.fetch(limit=100, timeout_s=NO_WAIT_S):
        deliveries += more
    return deliveries


def messages(*bodies: bytes, key: str = "2021") -> list[Message]:
    return [Message(key, body) for body in bodies]


async def test_records_come_as_they_were_published(topic: Stream) -> None:
    await topic.publish(messages(b"\x00\xff", "điểm".encode()))

    async with topic.subscribe("ranking", behind(0)) as subscription:
        deliveries = await fetch_all(subscription)

    assert [(each.key, each.body) for each in deliveries] == [
        ("2021", b"\x00\xff"),
        ("2021", "điểm".encode()),
    ]


async def test_positions_of_a_partition_count_from_1_without_a_gap(topic: Stream) -> None:
    await topic.publish(messages(b"a", b"b"))
    await topic.publish(messages(b"c"))

    async with topic.subscribe("ranking", behind(0)) as subscription:
        deliveries = await fetch_all(subscription)

    assert [each.position for each in deliveries] == [1, 2, 3]
    assert len({each.partition for each in deliveries}) == 1


async def test_a_record_carries_the_time_at_which_it_was_taken(
    topic: Stream, clock: MemoryClock
) -> None:
    await topic.publish(messages(b"a"))
    clock.advance(timedelta(hours=1))
    await topic.publish(messages(b"b"))

    async with topic.subscribe("ranking", behind(0)) as subscription:
        deliveries = await fetch_all(subscription)

    times = [each.appended_at for each in deliveries]
    assert times == [BEGINNING, BEGINNING + timedelta(hours=1)]


async def test_a_key_keeps_its_order(topic: Stream) -> None:
    bodies = [b"%d" % number for number in range(50)]
    for body in bodies:
        await topic.publish([Message(f"{2000 + int(body) % 7}", body)])

    async with topic.subscribe("ranking", behind(0)) as subscription:
        deliveries = await fetch_all(subscription)

    assert sorted(each.body for each in deliveries) == sorted(bodies)
    for key in {each.key for each in deliveries}:
        numbers = [int(each.body) for each in deliveries if each.key == key]
        assert numbers == sorted(numbers)
        assert len({each.partition for each in deliveries if each.key == key}) == 1


async def test_a_consumer_begins_just_behind_its_own_position(topic: Stream) -> None:
    await topic.publish(messages(b"a", b"b", b"c"))

    async with topic.subscribe("ranking", behind(2)) as subscription:
        deliveries = await fetch_all(subscription)

    assert [each.body for each in deliveries] == [b"c"]


async def test_each_partition_is_asked_for_once(topic: Stream) -> None:
    asked: list[int] = []

    async def position_of(partition: int) -> int:
        asked.append(partition)
        return 0

    async with topic.subscribe("ranking", position_of) as subscription:
        await fetch_all(subscription)
        await fetch_all(subscription)

    assert asked == sorted(set(asked))


async def test_a_fetch_has_a_limit_and_the_next_goes_on(topic: Stream) -> None:
    await topic.publish(messages(b"a", b"b", b"c"))

    async with topic.subscribe("ranking", behind(0)) as subscription:
        first = await subscription.fetch(limit=2, timeout_s=NO_WAIT_S)
        second = await subscription.fetch(limit=2, timeout_s=NO_WAIT_S)

    assert [each.body for each in first] == [b"a", b"b"]
    assert [each.body for each in second] == [b"c"]


async def test_nothing_comes_where_nothing_is(topic: Stream) -> None:
    async with topic.subscribe("ranking", behind(0)) as subscription:
        assert not await subscription.fetch(limit=1, timeout_s=0.01)


async def test_whoever_waits_is_given_what_comes_meanwhile(topic: Stream) -> None:
    async with topic.subscribe("ranking", behind(0)) as subscription:
        waiting = asyncio.create_task(subscription.fetch(limit=1, timeout_s=LONG_S))
        await asyncio.sleep(0.02)
        await topic.publish(messages(b"a"))
        deliveries = await waiting

    assert [each.body for each in deliveries] == [b"a"]


async def test_every_group_gets_everything(topic: Stream) -> None:
    await topic.publish(messages(b"a"))

    async with (
        topic.subscribe("ranking", behind(0)) as ranking,
        topic.subscribe("appraisal", behind(0)) as appraisal,
    ):
        assert await fetch_all(ranking) == await fetch_all(appraisal)


async def test_members_of_a_group_share_the_partitions(topic: Stream) -> None:
    for key in range(2000, 2020):
        await topic.publish(messages(b"%d" % key, key=str(key)))

    async with (
        topic.subscribe("ranking", behind(0)) as one,
        topic.subscribe("ranking", behind(0)) as other,
    ):
        deliveries = [*await fetch_all(one), *await fetch_all(other)]

    assert sorted(int(each.body) for each in deliveries) == list(range(2000, 2020))


async def test_what_a_member_leaves_the_other_takes_over(topic: Stream) -> None:
    await topic.publish(messages(b"a", b"b"))

    async with topic.subscribe("ranking", behind(1)) as standby:
        async with topic.subscribe("ranking", behind(0)):
            before = await fetch_all(standby)
        after = await fetch_all(standby)

    assert [each.body for each in [*before, *after]] == [b"b"]


async def test_a_fetch_that_was_cancelled_loses_nothing(topic: Stream) -> None:
    async with topic.subscribe("ranking", behind(0)) as subscription:
        waiting = asyncio.create_task(subscription.fetch(limit=1, timeout_s=LONG_S))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await topic.publish(messages(b"a"))

        assert len(await fetch_all(subscription)) == 1


async def test_publishers_at_the_same_time_lose_nothing(topic: Stream) -> None:
    await asyncio.gather(*(topic.publish(messages(b"%d" % n, b"%d" % n)) for n in range(20)))

    async with topic.subscribe("ranking", behind(0)) as subscription:
        deliveries = await fetch_all(subscription)

    assert [each.position for each in deliveries] == list(range(1, 41))
    assert sorted(each.body for each in deliveries[::2]) == sorted(b"%d" % n for n in range(20))


async def test_nothing_may_be_published(topic: Stream) -> None:
    await topic.publish([])

    async with topic.subscribe("ranking", behind(0)) as subscription:
        assert await fetch_all(subscription) == []


async def test_what_was_acknowledged_is_on_the_disk(tmp_path: Path, clock: MemoryClock) -> None:
    async with opened(in_sqlite(tmp_path, clock)) as topic:
        await topic.publish(messages(b"a"))
    async with opened(in_sqlite(tmp_path, clock)) as topic:
        await topic.publish(messages(b"b"))

        async with topic.subscribe("ranking", behind(0)) as subscription:
            deliveries = await fetch_all(subscription)

    assert [(each.position, each.body) for each in deliveries] == [(1, b"a"), (2, b"b")]
