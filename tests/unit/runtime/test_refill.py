"""A lost topic is refilled: numbering it again comes to the same, in whichever order it came."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.codec import Stored
from shared.kernel.errors import Refused
from shared.ledger.entry import Entry
from shared.ports import Delivery, Message
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.number import LEDGER, Numberer, entries
from shared.runtime.receive import Inbox
from shared.runtime.refill import BATCH_RECORDS_MAX, Record, of_ledgers, refill
from shared.runtime.relay import Relay
from shared.runtime.whole import whole

BEGINNING = datetime(2021, 10, 15, tzinfo=UTC)
CYCLES = ("2020", "2021")
KINDS = (LEDGER, PARKED, ALTERED)
LATER = timedelta(days=300)

Told = tuple[str, str, int, str, int]
"""A cycle, a stream in it, a version, a variant of the bytes, and seconds since the one before."""

told = st.lists(
    st.tuples(
        st.sampled_from(CYCLES),
        st.sampled_from("ab"),
        st.integers(1, 5),
        st.sampled_from(("", "", "", "other")),
        st.integers(0, 1),
    ),
    max_size=40,
)


def body(cycle: str, name: str, version: int, variant: str = "") -> bytes:
    stream = f"submission/{cycle}/{name}"
    return f'{{"id":"{stream}@{version}","type":"a.Fact.v1","x":"{variant}"}}'.encode()


def delivered(records: Sequence[Told]) -> list[Delivery]:
    """The records in a topic of one partition, several of which are of one time."""
    at, found = BEGINNING, []
    for position, (cycle, name, version, variant, seconds) in enumerate(records, start=1):
        at += timedelta(seconds=seconds)
        found.append(Delivery(0, position, at, cycle, body(cycle, name, version, variant)))
    return found


async def numbered(deliveries: Sequence[Delivery]) -> MemoryEventStore:
    store = MemoryEventStore()
    if deliveries:
        await Numberer(store).receive(deliveries)
    return store


async def kept(store: MemoryEventStore) -> dict[str, list[Entry]]:
    """All that is kept of each cycle."""
    return {
        kind + cycle: [each async for _, each in entries(store, kind + cycle)]
        for kind in KINDS
        for cycle in CYCLES
    }


def new_topic() -> MemoryStream:
    clock = MemoryClock()
    clock.set(BEGINNING + LATER)
    return MemoryStream(clock)


async def filled(store: MemoryEventStore) -> MemoryStream:
    topic = new_topic()
    counts = [count async for count in refill(topic, of_ledgers(store), "a")]
    assert counts[-1] == len(await read(topic))
    return topic


async def read(topic: MemoryStream) -> list[Delivery]:
    return [each async for deliveries in whole(topic, "reader") for each in deliveries]


@given(told)
async def test_numbering_what_was_refilled_comes_to_what_was_kept(records: list[Told]) -> None:
    before = await numbered(delivered(records))

    retold = [record async for record in of_ledgers(before)]

    places = enumerate(retold, start=1)
    again = await numbered([Delivery(0, place, *record) for place, record in places])
    assert await kept(again) == await kept(before)


async def test_each_record_has_the_time_at_which_it_was_first_taken() -> None:
    store = await numbered(delivered([("2021", "a", 1, "", 5), ("2021", "a", 2, "", 7)]))

    topic = await filled(store)

    times = [each.appended_at - BEGINNING for each in await read(topic)]
    assert times == [timedelta(seconds=5), timedelta(seconds=12)]


async def test_what_the_lost_topic_had_and_nobody_had_numbered_the_outbox_tells() -> None:
    first, second = (
        Stored("submission/2021/a", version, "a.Fact.v1", body("2021", "a", version))
        for version in (1, 2)
    )
    outbox = MemoryEventStore()
    await outbox.append([first, second])
    await Relay(outbox, new_topic(), "lost").step()
    store = await numbered(delivered([("2021", "a", 1, "", 0)]))
    topic = await filled(store)

    assert await Relay(outbox, topic, "lost").step() == 0
    assert await Relay(outbox, topic, "found").step() == 2
    again = Numberer(store, "found")
    await again.receive(await read(topic))

    assert [each.fact for each in (await kept(store))["ledger/2021"]] == [first.body, second.body]
    assert (await kept(store))["altered/2021"] == []


async def test_a_topic_that_was_told_something_is_not_refilled() -> None:
    store = await numbered(delivered([("2021", "a", 1, "", 0)]))
    topic = new_topic()
    await topic.publish([Message("2021", body("2021", "b", 1))])

    with pytest.raises(Refused, match="topic-not-empty"):
        async for _ in refill(topic, of_ledgers(store), "a"):
            pass

    assert len(await read(topic)) == 1


async def test_it_goes_in_batches_and_tells_how_many_it_took() -> None:
    async def many() -> AsyncIterator[Record]:
        for version in range(1, 2 * BATCH_RECORDS_MAX + 2):
            yield Record(BEGINNING, "2021", body("2021", "a", version))

    counts = [count async for count in refill(new_topic(), many(), "a")]

    assert counts == [BATCH_RECORDS_MAX, 2 * BATCH_RECORDS_MAX, 2 * BATCH_RECORDS_MAX + 1]


async def test_an_inbox_hears_the_refilled_topic_and_keeps_nothing_twice() -> None:
    records = delivered([("2021", "a", 1, "", 0), ("2021", "a", 2, "", 0)])
    inbox = MemoryEventStore()
    await Inbox(inbox, lambda _: True, topic="lost").receive(records)
    topic = await filled(await numbered(records))

    heard = Inbox(inbox, lambda _: True, topic="found")
    await heard.receive(await read(topic))

    assert await inbox.end() == 2
    assert (await inbox.tracked("lost/0"), await inbox.tracked("found/0")) == (2, 2)
