"""A member of a group in a process of its own: `python -m ... SERVERS TOPIC PARTITIONS GROUP`.

It says "joined" when it was given partitions, and goes on until it is killed.
"""

import asyncio
import sys

from shared.adapters.kafka import KafkaStream

TURN_S = 0.5


async def follow(servers: str, topic: str, partitions: str, group: str) -> None:
    """Fetch for ever; each partition is at its beginning."""
    joined = False

    async def position_of(_: int) -> int:
        nonlocal joined
        if not joined:
            joined = True
            sys.stdout.write("joined\n")
            sys.stdout.flush()
        return 0

    stream = KafkaStream(servers, topic, partitions=int(partitions))
    async with stream.subscribe(group, position_of) as subscription:
        while True:
            await subscription.fetch(limit=100, timeout_s=TURN_S)


if __name__ == "__main__":
    asyncio.run(follow(*sys.argv[1:]))
