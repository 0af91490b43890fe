"""What a service has said comes back from the topic, and nothing else does."""

from collections.abc import Sequence

import pytest

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events.codec import Stored
from shared.ports import Message
from shared.runtime.recall import Recall, Recalled
from shared.runtime.relay import Relay

STREAM = "submission/2021/a"


def fact(version: int, *, stream: str = STREAM, type_: str = "submission.Fact.v1") -> Stored:
    body = f'{{"id":"{stream}@{version}","type":"{type_}"}}'.encode()
    return Stored(stream, version, type_, body)


ALL = [fact(version) for version in range(1, 5)]
FOREIGN = fact(1, stream="appraisal/2021/a", type_="appraisal.Fact.v1")


async def topic_of(*facts: Stored, also: Sequence[bytes] = ()) -> MemoryStream:
    topic = MemoryStream(MemoryClock())
    await topic.publish([Message("2021", body) for body in (*(f.body for f in facts), *also)])
    return topic


async def recalled(
    topic: MemoryStream, store: MemoryEventStore, *, brings: bool = True
) -> Recalled:
    recall = Recall(topic, store, "submission")
    told = [came async for came in (recall.bring("a") if brings else recall.look("a"))]
    return told[-1]


async def kept(store: MemoryEventStore) -> list[Stored]:
    return list(await store.stream(STREAM, limit=100))


@pytest.mark.parametrize("there", [0, 1, 3, 4])
async def test_what_is_missing_comes_back_behind_what_is_there(there: int) -> None:
    store = MemoryEventStore()
    await store.append(ALL[:there])
    topic = await topic_of(*ALL[:2], FOREIGN, *ALL, also=[b"poison"])

    came = await recalled(topic, store)

    assert await kept(store) == ALL
    assert await store.end() == len(ALL)
    assert came.back == len(ALL) - there
    assert came.is_well


async def test_a_second_time_brings_nothing() -> None:
    store, topic = MemoryEventStore(), await topic_of(*ALL)
    await recalled(topic, store)

    came = await recalled(topic, store)

    assert (came.back, came.kept, await store.end()) == (0, len(ALL), len(ALL))


async def test_what_was_not_told_yet_stays() -> None:
    store, topic = MemoryEventStore(), await topic_of(*ALL[:2])
    await store.append(ALL)

    came = await recalled(topic, store)

    assert (came.back, came.is_well) == (0, True)
    assert await kept(store) == ALL


async def test_looking_brings_nothing() -> None:
    store = MemoryEventStore()

    came = await recalled(await topic_of(*ALL), store, brings=False)

    assert (came.back, await store.end()) == (len(ALL), 0)


async def test_a_fact_with_other_bytes_is_named_and_the_store_keeps_its_own() -> None:
    store = MemoryEventStore()
    other = Stored(STREAM, 2, ALL[1].type, ALL[1].body + b" ")
    await store.append([ALL[0], other])

    came = await recalled(await topic_of(*ALL), store)

    assert came.differing == [f"{STREAM}@2"]
    assert not came.is_well
    assert (await kept(store))[1] == other


async def test_a_gap_of_the_topic_is_named_and_nothing_behind_it_comes_back() -> None:
    store = MemoryEventStore()

    came = await recalled(await topic_of(ALL[0], *ALL[2:]), store)

    assert came.missing == [f"{STREAM}@2"]
    assert await kept(store) == ALL[:1]


@pytest.mark.parametrize(("told", "untold"), [(0, 4), (2, 2), (4, 0)])
async def test_the_outbox_tells_afterwards_what_the_topic_lacks(told: int, untold: int) -> None:
    store, topic = MemoryEventStore(), await topic_of(*ALL[:told])
    await store.append(ALL)

    await recalled(topic, store)

    assert await Relay(store, topic).step() == untold


async def test_what_the_topic_has_behind_a_gap_is_told_from_the_gap_on() -> None:
    store, topic = MemoryEventStore(), await topic_of(ALL[0], *ALL[2:])
    await store.append(ALL)

    await recalled(topic, store)

    assert await Relay(store, topic).step() == len(ALL) - 1
