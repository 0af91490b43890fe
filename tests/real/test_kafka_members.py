"""Members of a group come, go and die while records are dealt with, and each is counted once."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiokafka import TopicPartition

from shared.adapters.kafka import KafkaStream, create_topic, driver, share, subscription
from shared.adapters.kafka.share import Share
from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.ports import Delivery, Message, Stream, Subscription, Tracking
from shared.runtime import service
from shared.runtime.loop import Loop, keep_all_running_until, keep_running
from shared.runtime.number import LEDGER, Numberer, entries
from shared.runtime.service import Receiver
from tests.support import tally
from tests.support.claims import stored
from tests.support.consumer import LONG_S, Consumer
from tests.support.opened import opened
from tests.support.outside import memory_outside
from tests.support.servers import REAL
from tests.support.watched_stream import Watch, WatchedStream

pytestmark = [*REAL, pytest.mark.slow]

PROJECT = Path(__file__).parents[2]
PARTITIONS = 6
CYCLES = tuple(str(cycle) for cycle in range(2001, 2013))
PAUSE_S = 0.05
DEAL_S = 0.1
AHEAD_S = 0.3
ALL_S_MAX = 60.0
TAKEOVER_S_MAX = driver.SESSION_S + driver.HEARTBEAT_S + 20
"""A member that was killed is missed, the others hear of it, and they join again.

The library would miss it for 45 s by itself.
"""

LEFT_S_MAX = driver.SESSION_S / 2
"""Well below the time after which a member is missed: one that leaves is not waited for."""


@pytest.fixture
async def topic(fresh_topic: tuple[str, str]) -> AsyncIterator[KafkaStream]:
    servers, name = fresh_topic
    await create_topic(servers, name, partitions=PARTITIONS, replicas=1)
    async with opened(KafkaStream(servers, name, partitions=PARTITIONS)) as stream:
        yield stream


class SlowEventStore(MemoryEventStore):
    """An event store that takes its time, so that much happens meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._grown = asyncio.Event()

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        await asyncio.sleep(DEAL_S)
        await super().append(facts, tracking=tracking, behind=behind)
        self._grown.set()

    async def until_it_has(self, facts: int) -> None:
        """Return once it has so many facts."""
        while await self.end() < facts:
            await self._grown.wait()
            self._grown.clear()


async def publish(topic: Stream, over: asyncio.Event) -> dict[str, list[bytes]]:
    """A fact of each cycle again and again until it is over; gives what each ledger has to hold."""
    told: dict[str, list[bytes]] = {cycle: [] for cycle in CYCLES}
    while not over.is_set():
        for cycle, facts in told.items():
            version = len(facts) + 1
            facts.append(stored(version, str(version), f"submission/{cycle}/so-y-te").body)
        await topic.publish([Message(cycle, facts[-1]) for cycle, facts in told.items()])
        await asyncio.sleep(PAUSE_S)
    return told


@asynccontextmanager
async def member(
    topic: Stream, name: str, store: MemoryEventStore, watch: Watch
) -> AsyncIterator[None]:
    """A process that numbers the topic, from its first records on until it stops."""
    receiver = Receiver(WatchedStream(topic, name, watch), "ranking", Numberer(store))
    running = asyncio.create_task(keep_running(Loop(name, receiver.step)))
    try:
        await watch.until_busy(name)
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})


async def ledgers(store: MemoryEventStore) -> dict[str, list[bytes]]:
    return {
        cycle: [kept.fact async for _, kept in entries(store, LEDGER + cycle)] for cycle in CYCLES
    }


async def members_come_and_go(topic: Stream, store: SlowEventStore, watch: Watch) -> int:
    """One member stays, two come and go; returns how many facts there were when all is numbered."""
    over = asyncio.Event()
    async with asyncio.timeout(ALL_S_MAX), asyncio.TaskGroup() as tasks:
        publishing = tasks.create_task(publish(topic, over))
        async with member(topic, "one", store, watch):
            async with member(topic, "two", store, watch), member(topic, "three", store, watch):
                await asyncio.sleep(DEAL_S)
            over.set()
            told = await publishing
            facts = sum(map(len, told.values()))
            await store.until_it_has(facts)
    assert await ledgers(store) == told
    assert await store.end() == facts
    return facts


async def test_whoever_comes_and_goes_every_fact_is_numbered_once(
    topic: KafkaStream, record_property: Callable[[str, Any], None]
) -> None:
    watch = Watch()

    facts = await members_come_and_go(topic, SlowEventStore(), watch)

    counts = {"facts": facts, "positions": watch.asked, "overlaps": len(watch.overlaps)}
    tally.count(record_property, "members that come and go", {"Kafka": counts})
    assert not watch.overlaps


async def test_a_member_that_leaves_amid_its_records_is_seen_by_the_watch(
    topic: KafkaStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Share, "busy", Share.idle)
    watch = Watch()

    await members_come_and_go(topic, SlowEventStore(), watch)

    assert watch.overlaps


@pytest.fixture
async def pair(
    fresh_topic: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[KafkaStream, KafkaStream]]:
    """Streams of a topic with one partition, which moves to a member of the first from the last."""
    monkeypatch.setattr(subscription, "POLL_S_MAX", LONG_S)
    await create_topic(*fresh_topic, partitions=1, replicas=1)
    # The driver deals out partitions by the names of the members.
    first, last = (KafkaStream(*fresh_topic, partitions=1, client_id=name) for name in ("a", "z"))
    async with opened(first), opened(last):
        yield first, last


async def read_ahead(
    topic: Stream, consumer: Consumer, reading: Subscription
) -> Sequence[Delivery]:
    """Publish ten records, all of which the driver hands over, and one of which is dealt with."""
    while not consumer.asked:
        await consumer.fetch(reading, timeout_s=0.1)
    ahead = asyncio.create_task(consumer.fetch(reading))
    await asyncio.sleep(AHEAD_S)
    ahead.cancel()
    await topic.publish([Message("2021", b"%d" % number) for number in range(10)])
    return await consumer.fetch(reading, limit=1)


async def test_who_takes_too_long_is_not_waited_for_and_asks_anew(
    pair: tuple[KafkaStream, KafkaStream], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "KEEP_S_MAX", AHEAD_S)
    consumer, (first, last) = Consumer(quiet_s=0.3), pair

    async with last.subscribe("ranking", consumer.position_of) as slow:
        fetched = list(await read_ahead(first, consumer, slow))
        async with first.subscribe("ranking", consumer.position_of) as quick:
            fetched += await consumer.take(9, quick)
            late = await consumer.take(0, slow)

    assert [int(each.body) for each in fetched] == list(range(10))
    assert late == []
    assert consumer.asked == [0, 0]


async def test_what_was_read_ahead_of_a_partition_is_dropped_once_it_is_taken_away(
    pair: tuple[KafkaStream, KafkaStream], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_away, revoke = asyncio.Event(), Share.on_partitions_revoked
    consumer, (first, last) = Consumer(quiet_s=0.3), pair

    async def revoked(of: Share, partitions: Collection[TopicPartition]) -> None:
        if partitions:
            taken_away.set()
        await revoke(of, partitions)

    monkeypatch.setattr(Share, "on_partitions_revoked", revoked)
    async with last.subscribe("ranking", consumer.position_of) as slow:
        fetched = list(await read_ahead(first, consumer, slow))
        async with first.subscribe("ranking", consumer.position_of) as quick:
            await taken_away.wait()
            late = await consumer.take(0, slow)
            fetched += await consumer.take(9, quick, slow)

    assert [int(each.body) for each in fetched] == list(range(10))
    assert late == []


async def test_what_a_member_had_that_ended_gently_another_takes_over_at_once(
    topic: KafkaStream,
) -> None:
    store, over = SlowEventStore(), asyncio.Event()
    outside = replace(memory_outside(topic=topic), inbox=store)
    hear = service.hear("ranking", outside, lambda _: True)
    consumer = Consumer(quiet_s=0.3)
    ending = asyncio.create_task(keep_all_running_until(over, [hear], LONG_S))
    await topic.publish([Message(cycle, stored(1, "1").body) for cycle in CYCLES])
    await store.until_it_has(1)
    async with topic.subscribe("ranking", consumer.position_of) as standby:
        while not consumer.asked:
            await consumer.fetch(standby, timeout_s=0.1)
        assert len(consumer.asked) < PARTITIONS

        over.set()
        await ending

        async with asyncio.timeout(LEFT_S_MAX):
            while len(set(consumer.asked)) < PARTITIONS:
                await consumer.fetch(standby, timeout_s=0.1)


@contextmanager
def process(servers: str, topic: str) -> Iterator[subprocess.Popen[str]]:
    """A member of the group in a process of its own, which has partitions."""
    program = [sys.executable, "-m", "tests.support.kafka_member"]
    command = [*program, servers, topic, str(PARTITIONS), "ranking"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as member:
        try:
            assert member.stdout is not None
            assert member.stdout.readline() == "joined\n"
            yield member
        finally:
            member.kill()


async def test_what_a_killed_member_had_another_takes_over_in_time(
    topic: KafkaStream, fresh_topic: tuple[str, str]
) -> None:
    consumer = Consumer(quiet_s=0.3)
    with process(*fresh_topic) as killed:
        async with topic.subscribe("ranking", consumer.position_of) as standby:
            while not consumer.asked:
                await consumer.fetch(standby, timeout_s=0.1)
            assert len(consumer.asked) < PARTITIONS

            killed.send_signal(signal.SIGKILL)
            await topic.publish([Message(cycle, b"a") for cycle in CYCLES])

            async with asyncio.timeout(TAKEOVER_S_MAX):
                deliveries = await consumer.take(len(CYCLES), standby)

    assert sorted(each.key for each in deliveries) == sorted(CYCLES)
