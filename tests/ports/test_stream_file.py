"""The topic of the embedded mode outlives its process."""

from pathlib import Path

from shared.adapters.memory import MemoryClock
from shared.adapters.sqlite import SqliteStream
from shared.ports import Message
from tests.support.consumer import Consumer
from tests.support.opened import opened


async def test_what_was_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    clock, path = MemoryClock(), tmp_path / "topic.db"
    async with opened(SqliteStream(path, clock)) as topic:
        await topic.publish([Message("2021", b"a")])
    async with opened(SqliteStream(path, clock)) as topic:
        await topic.publish([Message("2021", b"b")])
        consumer = Consumer()

        async with topic.subscribe("ranking", consumer.position_of) as subscription:
            deliveries = await consumer.take(2, subscription)

    assert [(each.position, each.body) for each in deliveries] == [(1, b"a"), (2, b"b")]
