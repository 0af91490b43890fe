"""A service as it runs: whatever fails, it hears the whole topic, once and in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.codec import Stored
from shared.events.envelope import Recorded
from shared.kernel.errors import Unavailable
from shared.kernel.view import View
from shared.ports import Delivery, Document, Message, Subscription
from shared.runtime import service
from shared.runtime.loop import keep_all_running_until
from shared.runtime.number import LEDGER, entries
from shared.runtime.project import Projector
from shared.runtime.react import Reactor
from shared.runtime.receive import Inbox
from shared.runtime.service import FETCH_RECORDS_MAX, Receiver
from tests.support.claims import stored
from tests.support.failing import FailingEventStore, Fate, everything
from tests.support.outside import memory_outside

LONG_S = 30.0
JOINED_S = 0.02
CYCLES = ("2017", "2018", "2019", "2020", "2021")


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FETCH_WAIT_S", 0.05)


def told(cycle: str, version: int) -> Stored:
    return stored(version, str(version), f"cycle/{cycle}")


async def publish(topic: MemoryStream, *facts: Stored) -> None:
    await topic.publish([Message(fact.stream.split("/")[1], fact.body) for fact in facts])


def receiver(topic: MemoryStream, store: MemoryEventStore) -> Receiver:
    return Receiver(topic, "ranking", Inbox(store, lambda _: True))


async def receive_all(receiver: Receiver) -> int:
    """Step until nothing comes, as the loop around it does; returns how often it failed."""
    failures = 0
    while True:
        try:
            if not await receiver.step():
                return failures
        except Unavailable:
            failures += 1


class Recording:
    """Who keeps what comes, and remembers how it came."""

    def __init__(self) -> None:
        self.batches: list[list[Delivery]] = []
        self.reached: dict[int, int] = {}

    async def position(self, partition: int) -> int:
        """How far the partition has been received."""
        return self.reached.get(partition, 0)

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Keep deliveries of one partition."""
        self.batches.append(list(deliveries))
        self.reached[deliveries[-1].partition] = deliveries[-1].position


async def test_a_step_says_how_much_it_received() -> None:
    topic = MemoryStream(MemoryClock())
    receiving = receiver(topic, MemoryEventStore())
    await publish(topic, told("2021", 1), told("2021", 2))

    assert [await receiving.step(), await receiving.step()] == [2, 0]


async def test_each_partition_is_handed_over_by_itself_and_in_order() -> None:
    topic, kept = MemoryStream(MemoryClock(), partitions=3), Recording()
    facts = [told(cycle, version) for version in (1, 2) for cycle in CYCLES]
    await publish(topic, *facts)

    assert await Receiver(topic, "ranking", kept).step() == len(facts)

    assert [{each.partition for each in batch} for batch in kept.batches] == [{0}, {1}, {2}]
    for batch in kept.batches:
        assert [each.position for each in batch] == list(range(1, len(batch) + 1))


async def test_a_long_topic_comes_in_batches() -> None:
    topic, kept = MemoryStream(MemoryClock()), Recording()
    last = FETCH_RECORDS_MAX + 1
    await publish(topic, *(told("2021", version) for version in range(1, last + 1)))

    await receive_all(Receiver(topic, "ranking", kept))

    assert [len(batch) for batch in kept.batches] == [FETCH_RECORDS_MAX, 1]


async def test_a_new_process_goes_on_behind_what_was_kept() -> None:
    topic, kept = MemoryStream(MemoryClock()), Recording()
    kept.reached[0] = 2
    await publish(topic, *(told("2021", version) for version in (1, 2, 3)))

    await Receiver(topic, "ranking", kept).step()

    assert [[each.position for each in batch] for batch in kept.batches] == [[3]]


# --- Failures


@pytest.mark.parametrize("fate", ["fails", "works, and the answer is lost"])
async def test_what_could_not_be_kept_is_read_again(fate: Fate) -> None:
    topic, store = MemoryStream(MemoryClock(), partitions=3), FailingEventStore()
    facts = [told(cycle, version) for version in (1, 2) for cycle in CYCLES]
    await publish(topic, *facts)
    store.fates = ["works", "fails", fate]

    failures = await receive_all(receiver(topic, store))

    assert failures == 2
    assert {fact.id for fact in await everything(store)} == {fact.id for fact in facts}
    assert len(await everything(store)) == len(facts)


class _Away(MemoryStream):
    """A topic that is away when it is followed first, and again when it is read first."""

    def __init__(self) -> None:
        super().__init__(MemoryClock())
        self.failures = ["subscribing", "reading"]

    def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AbstractAsyncContextManager[Subscription]:
        """Follow the topic as a member of the group."""
        following = super().subscribe(group, position_of)
        return self._following(following)

    @asynccontextmanager
    async def _following(
        self, following: AbstractAsyncContextManager[Subscription]
    ) -> AsyncIterator[Subscription]:
        self.fail("subscribing")
        async with following as subscription:
            yield _Failing(self, subscription)

    def fail(self, where: str) -> None:
        """Fail there, once."""
        if self.failures[:1] == [where]:
            self.failures.pop(0)
            raise Unavailable("topic-unavailable")


class _Failing:
    """A subscription that fails when the topic is away."""

    def __init__(self, topic: _Away, subscription: Subscription) -> None:
        self._topic = topic
        self._subscription = subscription

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records."""
        deliveries = await self._subscription.fetch(limit=limit, timeout_s=timeout_s)
        self._topic.fail("reading")
        return deliveries

    async def behind(self) -> Mapping[int, int | None]:
        """How many records there are beyond the last fetch."""
        return await self._subscription.behind()


async def test_a_topic_that_was_away_is_followed_anew_and_nothing_was_lost() -> None:
    topic, store = _Away(), MemoryEventStore()
    await publish(topic, told("2021", 1), told("2021", 2))

    failures = await receive_all(receiver(topic, store))

    assert failures == 2
    assert await everything(store) == [told("2021", 1), told("2021", 2)]


@pytest.mark.parametrize("end", ["cancelled", "failed"])
async def test_who_ends_leaves_the_partitions_to_the_others(end: str) -> None:
    topic = MemoryStream(MemoryClock(), partitions=4)
    store, away = MemoryEventStore(), MemoryEventStore()
    await publish(topic, *(told(cycle, 1) for cycle in CYCLES))
    ending = receiver(topic, away if end == "failed" else store)
    await away.close()

    if end == "failed":
        with pytest.raises(Unavailable):
            await ending.step()
    else:
        await ending.step()
        waiting = asyncio.create_task(ending.step())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait([waiting])
    await publish(topic, *(told(cycle, 2) for cycle in CYCLES))
    await receive_all(receiver(topic, store))

    assert len(await everything(store)) == 2 * len(CYCLES)


async def test_who_ends_gently_has_left_the_group_by_then() -> None:
    topic = MemoryStream(MemoryClock(), partitions=4)
    store, over = MemoryEventStore(), asyncio.Event()
    outside = replace(memory_outside(topic=topic), inbox=store)
    hear = service.hear("ranking", outside, lambda _: True)
    running = asyncio.create_task(keep_all_running_until(over, [hear], LONG_S))
    await asyncio.sleep(JOINED_S)

    over.set()
    await running
    await publish(topic, *(told(cycle, 1) for cycle in CYCLES))
    await receive_all(receiver(topic, store))

    assert await store.end() == len(CYCLES)


# --- The loops


async def test_what_one_service_tells_another_one_hears() -> None:
    topic = MemoryStream(MemoryClock())
    one, other = memory_outside(topic=topic), memory_outside(topic=topic)
    await one.store.append([stored(1, "1"), told("2021", 1)])
    tell = service.tell("submission", one)
    hear = service.hear("appraisal", other, lambda stream: stream.startswith("cycle/"))

    assert [await tell.step(), await hear.step()] == [2, 2]

    assert await other.inbox.last("cycle/2021") == told("2021", 1)
    assert await other.inbox.end() == 1


async def test_every_service_hears_the_whole_topic() -> None:
    topic = MemoryStream(MemoryClock())
    services = {name: memory_outside(topic=topic) for name in ("appraisal", "survey")}
    await publish(topic, told("2021", 1))

    loops = [service.hear(name, outside, lambda _: True) for name, outside in services.items()]
    for loop in loops:
        await loop.step()

    assert [await each.inbox.last("cycle/2021") for each in services.values()] == [
        told("2021", 1)
    ] * 2


async def test_who_numbers_the_topic_keeps_all_of_it_in_the_ledger() -> None:
    outside = memory_outside(topic=(topic := MemoryStream(MemoryClock())))
    await publish(topic, told("2021", 1), stored(1, "1"))

    await service.number("ranking", outside).step()

    kept = [each.fact async for _, each in entries(outside.inbox, f"{LEDGER}2021")]
    assert kept == [told("2021", 1).body, stored(1, "1").body]


async def test_each_loop_says_whose_it_is_and_what_it_does() -> None:
    outside = memory_outside(topic=(topic := MemoryStream(MemoryClock())))
    await publish(topic, told("2021", 1))
    await outside.store.append([told("2021", 2), told("2021", 3)])
    seen: list[str] = []

    async def perform(*_: object) -> None:
        """Nothing follows from anything."""

    def policy(recorded: Recorded) -> Sequence[object]:
        seen.append(recorded.id)
        return ()

    view: View[Recorded] = View("test", 1, lambda _: ["last"], lambda *_: {})
    loops = (
        service.hear("survey", outside, lambda _: True),
        service.react("survey", outside, Reactor(outside.inbox, outside.store, policy, perform)),
        service.show("survey", outside, Projector(outside.store, outside.documents, [view])),
        service.tell("survey", outside),
        service.number("ranking", memory_outside(topic=topic)),
    )

    assert [(loop.name, await loop.step()) for loop in loops] == [
        ("survey.receive", 1),
        ("survey.react", 1),
        ("survey.project", 2),
        ("survey.relay", 2),
        ("ranking.number", 3),
    ]
    assert seen == ["cycle/2021@1"]
    assert await outside.documents.get("test.v1", "last") == Document("last", 2, {})
