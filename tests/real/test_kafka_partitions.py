"""A topic with more partitions than a process was told deals its keys anew, and is refused."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from shared.adapters.kafka import KafkaStream, create_topic, driver
from shared.adapters.messages import sentence
from shared.kernel.errors import Refused, is_away
from shared.ports import Message
from tests.support.consumer import LONG_S, Consumer
from tests.support.opened import opened
from tests.support.servers import REAL

pytestmark = REAL

MESSAGES = [Message("2021", b"a")]
DIFFER = "topic-settings-differ"


async def for_ever(call: Callable[[], Awaitable[object]]) -> None:
    while True:
        await call()


@pytest.mark.parametrize("told", [2, 4])
async def test_who_was_told_another_number_neither_publishes_nor_reads(
    told: int, fresh_topic: tuple[str, str]
) -> None:
    await create_topic(*fresh_topic, partitions=3, replicas=1)

    async with opened(KafkaStream(*fresh_topic, partitions=told)) as topic:
        for _ in range(2):
            with pytest.raises(Refused, match=DIFFER) as refused:
                await topic.publish(MESSAGES)
            with pytest.raises(Refused, match=DIFFER):
                async with topic.subscribe("ranking", Consumer().position_of):
                    pytest.fail("the topic is another one")

    assert not is_away(refused.value)
    assert f"partitions: 3 ≠ {told}" in sentence(DIFFER, "en", refused.value.details)


async def test_who_publishes_and_reads_hears_of_partitions_that_are_added(
    fresh_topic: tuple[str, str], admin: AIOKafkaAdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "METADATA_AGE_S_MAX", 0.5)
    await create_topic(*fresh_topic, partitions=3, replicas=1)
    consumer = Consumer(quiet_s=0.3)

    async with (
        opened(KafkaStream(*fresh_topic, partitions=3)) as topic,
        topic.subscribe("ranking", consumer.position_of) as subscription,
    ):
        await topic.publish(MESSAGES)
        await consumer.take(1, subscription)

        await admin.create_partitions({fresh_topic[1]: NewPartitions(4)})

        async with asyncio.timeout(LONG_S):
            with pytest.raises(Refused, match=DIFFER):
                await for_ever(lambda: consumer.fetch(subscription))
            with pytest.raises(Refused, match=DIFFER):
                await for_ever(lambda: topic.publish(MESSAGES))
