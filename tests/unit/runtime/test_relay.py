"""Telling the topic: whatever fails, every fact is told, in order, with the bytes it has."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Delivery, Message, Stream, Tracking
from shared.runtime.relay import BATCH_FACTS_MAX, PART_BYTES_MAX, Relay, consumer_of
from tests.support.claims import stored
from tests.support.failing import FailingEventStore, FailingStream, Fate

CYCLE = "cycle/2020"
SHEET = "submission/2021/so-y-te"


def facts(count: int, stream: str = SHEET) -> list[Stored]:
    return [stored(version, str(version), stream) for version in range(1, count + 1)]


def bodies(facts: Sequence[Stored]) -> list[bytes]:
    return [fact.body for fact in facts]


async def told(topic: Stream) -> Sequence[Delivery]:
    async def beginning(_: int) -> int:
        return 0

    async with topic.subscribe("test", beginning) as subscription:
        return await subscription.fetch(limit=10_000, timeout_s=0)


async def relay_all(relay: Relay) -> int:
    """Step until everything is told, as the loop around it does; returns how often it failed."""
    failures = 0
    while True:
        try:
            if not await relay.step():
                return failures
        except Unavailable:
            failures += 1


async def test_the_stored_bytes_are_told_in_their_order_under_the_key_of_their_cycle() -> None:
    store, topic = MemoryEventStore(), MemoryStream(MemoryClock())
    own = [*facts(2), *facts(1, CYCLE)]
    await store.append(own)

    assert await Relay(store, topic).step() == 3

    assert [(each.key, each.body) for each in await told(topic)] == [
        ("2021", own[0].body),
        ("2021", own[1].body),
        ("2020", own[2].body),
    ]


async def test_bytes_that_nobody_can_read_are_told_as_they_are() -> None:
    store, topic = MemoryEventStore(), MemoryStream(MemoryClock())
    await store.append([Stored(SHEET, 1, "future.Fact.v9", b"\xff not even JSON")])

    await Relay(store, topic).step()

    assert [each.body for each in await told(topic)] == [b"\xff not even JSON"]


async def test_what_was_told_is_not_told_again_also_by_a_new_process() -> None:
    store, topic = MemoryEventStore(), MemoryStream(MemoryClock())
    await store.append(facts(2))
    await Relay(store, topic).step()

    assert await Relay(store, topic).step() == 0

    assert len(await told(topic)) == 2


async def test_a_long_log_is_told_in_batches() -> None:
    store, topic = MemoryEventStore(), MemoryStream(MemoryClock())
    await store.append(facts(BATCH_FACTS_MAX + 1))
    relay = Relay(store, topic)

    steps = [await relay.step() for _ in range(3)]

    assert steps == [BATCH_FACTS_MAX, 1, 0]
    assert [each.body for each in await told(topic)] == bodies(facts(BATCH_FACTS_MAX + 1))


class _Weighed(FailingStream):
    """A topic that remembers how many bytes each publication had."""

    def __init__(self, *prefixes: int | None) -> None:
        super().__init__(*prefixes)
        self.weights: list[int] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order."""
        self.weights.append(sum(len(message.body) for message in messages))
        await super().publish(messages)


def weighing(*sizes: int) -> list[Stored]:
    """Facts whose bodies have so many bytes."""
    numbered = enumerate(sizes, start=1)
    return [Stored(SHEET, version, "weighed", b"%d" % version * size) for version, size in numbered]


async def test_large_facts_are_told_in_parts_that_a_slow_topic_takes_in_time() -> None:
    store, topic = MemoryEventStore(), _Weighed()
    half = PART_BYTES_MAX // 2
    large = weighing(half, half, 1, half, half, PART_BYTES_MAX + 1, 1)
    await store.append(large)

    assert await Relay(store, topic).step() == len(large)

    assert topic.weights == [2 * half, 1 + half, half, PART_BYTES_MAX + 1, 1]
    assert [each.body for each in await told(topic)] == bodies(large)
    assert await store.tracked(consumer_of()) == len(large)


async def test_a_part_that_was_taken_is_not_told_again_where_the_next_one_fails() -> None:
    store, topic = MemoryEventStore(), _Weighed(None, 0)
    large = weighing(PART_BYTES_MAX, PART_BYTES_MAX, 1)
    await store.append(large)
    relay = Relay(store, topic)

    with pytest.raises(Unavailable, match="topic-unavailable"):
        await relay.step()
    assert await store.tracked(consumer_of()) == 1
    await relay.step()

    assert [each.body for each in await told(topic)] == bodies(large)


@pytest.mark.parametrize("prefix", [0, 1, 3])
async def test_what_the_topic_did_not_acknowledge_is_told_again(prefix: int) -> None:
    store, topic = MemoryEventStore(), FailingStream(prefix)
    await store.append(facts(3))
    relay = Relay(store, topic)

    with pytest.raises(Unavailable, match="topic-unavailable"):
        await relay.step()
    assert await store.tracked(consumer_of()) == 0
    await relay.step()

    assert [each.body for each in await told(topic)] == bodies([*facts(3)[:prefix], *facts(3)])


async def test_a_crash_before_the_position_is_stored_tells_twice() -> None:
    store, topic = FailingEventStore(), MemoryStream(MemoryClock())
    await store.append(facts(2))
    store.fates = ["fails"]

    with pytest.raises(Unavailable):
        await Relay(store, topic).step()
    await Relay(store, topic).step()

    assert [each.body for each in await told(topic)] == bodies(facts(2)) * 2


fates = st.lists(st.sampled_from(["works", "fails", "works, and the answer is lost"]), max_size=4)
prefixes = st.lists(st.none() | st.integers(0, 4), max_size=4)


@given(st.integers(0, 5), fates, prefixes)
async def test_whatever_fails_each_fact_is_told_and_first_told_in_order(
    count: int, fates: list[Fate], prefixes: list[int | None]
) -> None:
    store, topic = FailingEventStore(), FailingStream(*prefixes)
    await store.append(facts(count))
    store.fates = [*fates]

    failures = await relay_all(Relay(store, topic))

    arrived = [each.body for each in await told(topic)]
    assert list(dict.fromkeys(arrived)) == bodies(facts(count))
    assert len(arrived) <= count * (1 + failures)


class _Slow(MemoryStream):
    """A topic that another process is faster with, in between."""

    def __init__(self, meanwhile: Relay) -> None:
        super().__init__(MemoryClock())
        self._meanwhile: Relay | None = meanwhile

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order."""
        await super().publish(messages)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            await relay_all(meanwhile)


async def test_a_relay_that_another_has_overtaken_does_not_take_the_position_back() -> None:
    store, topic = MemoryEventStore(), MemoryStream(MemoryClock())
    await store.append(facts(2))

    assert await Relay(store, _Slow(Relay(store, topic))).step() == 2

    assert await store.tracked(consumer_of()) == 2


async def test_two_relays_at_once_tell_everything_and_neither_fails() -> None:
    store, topic = MemoryEventStore(), MemoryStream(MemoryClock())
    await store.append(facts(3))

    failures = await asyncio.gather(*(relay_all(Relay(store, topic)) for _ in range(2)))

    arrived = [each.body for each in await told(topic)]
    assert failures == [0, 0]
    assert list(dict.fromkeys(arrived)) == bodies(facts(3))


class _Contradicting(MemoryEventStore):
    """A store that raises a conflict which no relay can have made."""

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record facts alone."""
        if tracking is not None:
            raise Conflict("version-taken")
        await super().append(facts, behind=behind)


async def test_a_conflict_that_two_relays_do_not_explain_is_raised() -> None:
    store = _Contradicting()
    await store.append(facts(1))

    with pytest.raises(Conflict, match="version-taken"):
        await Relay(store, MemoryStream(MemoryClock())).step()
