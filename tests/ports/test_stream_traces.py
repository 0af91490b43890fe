"""The trace that goes with a message, beside its bytes, in memory and over Kafka."""

from collections.abc import AsyncIterator

import pytest

from shared.adapters.kafka import KafkaStream, create_topic
from shared.adapters.memory import MemoryClock, MemoryStream
from shared.ports import Delivery, Message, Stream
from tests.support.opened import opened
from tests.support.servers import REAL

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(params=["memory", pytest.param("kafka", marks=REAL)])
async def topic(request: pytest.FixtureRequest) -> AsyncIterator[Stream]:
    if request.param == "memory":
        yield MemoryStream(MemoryClock())
        return
    servers, name = request.getfixturevalue("fresh_topic")
    await create_topic(servers, name, partitions=1, replicas=1)
    async with opened(KafkaStream(servers, name, partitions=1)) as topic:
        yield topic


async def test_a_trace_goes_with_its_message(topic: Stream) -> None:
    await topic.publish([Message("2021", b"one"), Message("2021", b"two", TRACE)])

    heard = await _heard(topic, 2)

    assert [(each.body, each.trace) for each in heard] == [(b"one", ""), (b"two", TRACE)]


async def _heard(topic: Stream, count: int) -> list[Delivery]:
    heard: list[Delivery] = []
    async with topic.subscribe("reader", _from_the_beginning) as subscription:
        while len(heard) < count:
            heard += await subscription.fetch(limit=10, timeout_s=1.0)
    return heard


async def _from_the_beginning(_: int) -> int:
    return 0
