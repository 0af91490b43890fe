"""The bare sides: aiokafka alone, and with a loop that decodes and folds, and does no more.

python -m tests.bench.rebuilding.plain SERVERS TOPIC FACTS FOLDER drain|fold
"""

import asyncio
import sys

from shared.runtime.service import FETCH_RECORDS_MAX
from tests.bench import bare_servers
from tests.bench.rebuilding.job import Loop, Wanted, Watch, wanted


async def drain(asked: Wanted) -> None:
    """Every record, and nothing made of it."""
    watch, left = Watch(), asked.facts
    async with bare_servers.consuming(asked.servers, asked.topic, 1) as consumer:
        while left:
            records = await bare_servers.fetch(consumer, FETCH_RECORDS_MAX)
            watch.start()
            left -= len(records)
        watch.tell(asked.facts)


async def fold(asked: Wanted) -> None:
    """Every record decoded and folded, and the table counted; nothing numbered, hashed, kept."""
    loop, is_done = Loop(asked), False
    async with bare_servers.consuming(asked.servers, asked.topic, 1) as consumer:
        while not is_done:
            for body in await bare_servers.fetch(consumer, FETCH_RECORDS_MAX):
                is_done = loop.take(body)
        loop.tell()


if __name__ == "__main__":
    asyncio.run((fold if sys.argv[5] == "fold" else drain)(wanted()))
