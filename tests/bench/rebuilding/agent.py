"""The same job by faust-streaming: an agent over the stream of the topic's raw values.

python -m tests.bench.rebuilding.agent SERVERS TOPIC FACTS FOLDER
"""

import asyncio
import time
from collections.abc import AsyncIterator

import faust

from shared.adapters.kafka import driver
from tests.bench.rebuilding.job import Job, wanted


async def read() -> None:
    """Read the topic once from its beginning, and write."""
    asked, done = wanted(), asyncio.Event()
    job = Job(asked)
    application = faust.App(
        f"faust-{time.monotonic_ns()}",
        broker=f"kafka://{asked.servers}",
        store="memory://",
        datadir=f"{asked.folder}/faust",
        web_enabled=False,
        topic_disable_leader=True,
        value_serializer="raw",
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=driver.FETCH_PARTITION_BYTES_MAX,
    )
    topic = application.topic(asked.topic, value_serializer="raw", key_serializer="raw")

    async def take(stream: AsyncIterator[bytes]) -> None:
        async for body in stream:
            if job.take(body):
                await job.write()
                done.set()

    application.agent(topic)(take)
    async with application:
        await done.wait()


if __name__ == "__main__":
    asyncio.run(read())
