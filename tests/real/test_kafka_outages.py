"""Brokers that are away, are killed or stand still: nothing is lost, nobody hangs, nobody restarts.

Two relays tell the same outbox at once, which is more than ever happens on purpose.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from real.install import HOME
from real.servers.kafka import Kafka
from shared.adapters.kafka import KafkaStream, create_topic, driver, publisher, stream, subscription
from shared.adapters.kafka.topic import FIND_S_MAX
from shared.adapters.memory import MemoryEventStore
from shared.events import codec
from shared.kernel.errors import Unavailable
from shared.ports import Delivery, Message, Subscription
from shared.runtime.loop import Loop, keep_running
from shared.runtime.number import LEDGER, Numberer, entries
from shared.runtime.relay import Relay, consumer_of
from shared.runtime.service import Receiver
from tests.support import tally
from tests.support.claims import AT, stored
from tests.support.consumer import Consumer
from tests.support.opened import opened
from tests.support.servers import REAL, open_folder, start

pytestmark = [*REAL, pytest.mark.slow]

PARTITIONS = 3
STREAMS = tuple(f"submission/{cycle}/{agency}" for cycle in range(2019, 2023) for agency in "ab")
WRITE_PAUSE_S = 0.03
TOLD_BEFORE = TOLD_AFTER = 200
ALL_S_MAX = 90.0
REFUSED_S_MAX = 0.9 * stream.START_S_MAX
"""Where nobody listens, a client knows at once, and nowhere waits for as long as it may."""
SLACK_S = 3.0


@pytest.fixture(scope="module")
def broker() -> Iterator[Kafka]:
    with open_folder() as folder:
        broker = Kafka(folder, HOME)
        try:
            yield broker
        finally:
            broker.stop()


async def started(broker: Kafka) -> None:
    await asyncio.to_thread(start, broker)


def facts(count: int, cycle: str = "2021") -> list[Message]:
    versions = range(1, count + 1)
    return [Message(cycle, stored(n, str(n), f"submission/{cycle}/so-y-te").body) for n in versions]


async def test_a_broker_that_comes_up_later_is_found_without_a_restart(broker: Kafka) -> None:
    broker.stop()
    consumer = Consumer(quiet_s=0.3)
    async with opened(KafkaStream(broker.url, "later", partitions=1)) as topic:
        async with asyncio.timeout(REFUSED_S_MAX):
            with pytest.raises(Unavailable, match="topic-unavailable"):
                await topic.publish(facts(1))
            with pytest.raises(Unavailable, match="topic-unavailable"):
                async with topic.subscribe("ranking", consumer.position_of):
                    pytest.fail("nobody is there")
            with pytest.raises(Unavailable, match="topic-unavailable"):
                await create_topic(broker.url, "later", partitions=1, replicas=1)

        await started(broker)
        await create_topic(broker.url, "later", partitions=1, replicas=1)
        await topic.publish(facts(2))
        async with topic.subscribe("ranking", consumer.position_of) as subscription:
            deliveries = await consumer.take(2, subscription)

    assert [each.body for each in deliveries] == [each.body for each in facts(2)]


@asynccontextmanager
async def turning(*loops: Loop) -> AsyncIterator[None]:
    """Loops that turn, until they are cancelled."""
    running = [asyncio.create_task(keep_running(loop)) for loop in loops]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)


async def write(store: MemoryEventStore, over: asyncio.Event) -> None:
    """A fact of each stream again and again, until it is over."""
    version = 0
    while not over.is_set():
        version += 1
        await store.append([stored(version, str(version), stream) for stream in STREAMS])
        await asyncio.sleep(WRITE_PAUSE_S)


async def until_told(store: MemoryEventStore, position: int) -> None:
    async with asyncio.timeout(ALL_S_MAX):
        while await store.tracked(consumer_of()) < position:  # noqa: ASYNC110 - a store tells nobody
            await asyncio.sleep(WRITE_PAUSE_S)


async def everything(topic: KafkaStream) -> Sequence[Delivery]:
    consumer = Consumer()
    async with topic.subscribe("reader", consumer.position_of) as reading:
        deliveries = list(await consumer.fetch(reading))
        while more := await consumer.fetch(reading, limit=10_000, timeout_s=1.0):
            deliveries += more
        assert not any((await reading.behind()).values())
    return deliveries


def gaps(deliveries: Sequence[Delivery]) -> list[str]:
    """Facts that stood in the topic before the one that comes before them in their stream."""
    ends: Counter[str] = Counter()
    found = []
    for delivery in deliveries:
        fact = codec.head(delivery.body)
        if fact.version > ends[fact.stream] + 1:
            found.append(fact.id)
        ends[fact.stream] = max(ends[fact.stream], fact.version)
    return found


def test_a_gap_is_seen_though_it_is_closed_later() -> None:
    first, second = (
        Delivery(0, position, AT, "2021", message.body)
        for position, message in enumerate(facts(2), start=1)
    )

    assert gaps([first, second, first]) == []
    assert gaps([second, first, second]) == ["submission/2021/so-y-te@2"]


async def test_a_broker_killed_amid_two_relays_leaves_no_gap_and_loses_nothing(
    broker: Kafka, record_property: Callable[[str, Any], None]
) -> None:
    await started(broker)
    await create_topic(broker.url, "killed", partitions=PARTITIONS, replicas=1)
    store, over = MemoryEventStore(), asyncio.Event()
    topics = [KafkaStream(broker.url, "killed", partitions=PARTITIONS) for _ in range(2)]
    async with opened(topics[0]), opened(topics[1]):
        relays = [Loop(f"relay {topic}", Relay(store, topic).step) for topic in topics]
        writing = asyncio.create_task(write(store, over))
        async with turning(*relays):
            await until_told(store, TOLD_BEFORE)
            await asyncio.to_thread(broker.kill)
            told_at_kill = await store.tracked(consumer_of())
            await started(broker)
            await until_told(store, told_at_kill + TOLD_AFTER)
            over.set()
            await writing
            await until_told(store, await store.end())
        deliveries = await everything(topics[0])

    own = {logged.fact.id: logged.fact.body for logged in await store.log(after=0, limit=1_000_000)}
    told = {codec.head(each.body).id: each.body for each in deliveries}
    counts = {"facts": len(own), "records": len(deliveries), "gaps": len(gaps(deliveries))}
    tally.count(record_property, "a broker killed amid two relays", {"Kafka": counts})
    assert told == own
    assert gaps(deliveries) == []


async def test_a_broker_that_stands_still_longer_than_a_session_is_away_and_nothing_is_lost(
    broker: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "SESSION_S", 6)
    await started(broker)
    await create_topic(broker.url, "paused", partitions=PARTITIONS, replicas=1)
    own = [stored(version, str(version), "submission/2021/a") for version in range(1, 5)]
    outbox, ledger = MemoryEventStore(), MemoryEventStore()
    async with opened(KafkaStream(broker.url, "paused", partitions=PARTITIONS)) as topic:
        relaying = Loop("relay", Relay(outbox, topic).step)
        numbering = Loop("number", Receiver(topic, "ranking", Numberer(ledger)).step)
        async with turning(relaying, numbering), asyncio.timeout(ALL_S_MAX):
            await outbox.append(own[:2])
            await until_numbered(ledger, 2)

            make_impatient(monkeypatch)
            broker.pause()
            try:
                await outbox.append(own[2:])
                await asyncio.sleep(driver.SESSION_S + 1)
                failures = [relaying.pulse.failure, numbering.pulse.failure]
            finally:
                broker.resume()
                monkeypatch.undo()
            await until_numbered(ledger, 4)

    assert failures == ["topic-unavailable", "topic-unavailable"]
    numbered = [kept.fact async for _, kept in entries(ledger, f"{LEDGER}2021")]
    assert numbered == [each.body for each in own]
    assert await ledger.end() == 4


async def until_numbered(store: MemoryEventStore, count: int) -> None:
    while await store.end() < count:  # noqa: ASYNC110 - a store tells nobody
        await asyncio.sleep(WRITE_PAUSE_S)


async def test_a_batch_sent_again_since_the_answer_was_late_is_there_once(
    broker: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "ANSWER_S_MAX", 1)
    await started(broker)
    await create_topic(broker.url, "again", partitions=1, replicas=1)
    async with opened(KafkaStream(broker.url, "again", partitions=1)) as topic:
        await topic.publish(facts(1))
        broker.pause()
        try:
            publishing = asyncio.create_task(topic.publish(facts(3)[1:]))
            await asyncio.sleep(3 * driver.ANSWER_S_MAX)
        finally:
            broker.resume()
        await publishing

        deliveries = await everything(topic)

    assert [each.body for each in deliveries] == [each.body for each in facts(3)]


async def test_with_a_broker_that_stands_still_no_call_hangs(
    broker: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started(broker)
    await create_topic(broker.url, "still", partitions=1, replicas=1)
    consumer = Consumer(quiet_s=0.3)
    topic, other = (KafkaStream(broker.url, "still", partitions=1) for _ in range(2))
    async with (
        opened(topic),
        opened(other),
        topic.subscribe("ranking", consumer.position_of) as one,
        topic.subscribe("ranking", consumer.position_of) as standby,
    ):
        await topic.publish(facts(1))
        await consumer.take(1, one, standby)
        limits_s = FIND_S_MAX + stream.GO_S_MAX + SLACK_S + make_impatient(monkeypatch)
        broker.pause()
        try:
            async with asyncio.timeout(limits_s):
                await asyncio.gather(until_away(one), until_away(standby))
                with pytest.raises(Unavailable):
                    await topic.publish(facts(1))
                with pytest.raises(Unavailable):
                    async with other.subscribe("other", consumer.position_of):
                        pytest.fail("nobody answers")
        finally:
            broker.resume()


def make_impatient(monkeypatch: pytest.MonkeyPatch) -> float:
    """Lower the limits of the adapter; returns their sum, in seconds."""
    monkeypatch.setattr(publisher, "PUBLISH_S_MAX", 1.0)
    monkeypatch.setattr(stream, "START_S_MAX", 1.0)
    monkeypatch.setattr(subscription, "SILENT_S_MAX", 1.0)
    monkeypatch.setattr(subscription, "JOIN_S_MAX", 3.0)
    return 1.0 + 1.0 + 1.0 + 3.0


async def until_away(subscription: Subscription) -> None:
    """Return once a fetch says that the topic is away."""
    while True:
        try:
            await subscription.fetch(limit=1, timeout_s=0.1)
        except Unavailable:
            return
