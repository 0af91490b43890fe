"""A member of a group in a process of its own: `python -m ... SERVERS TOPIC GROUP`, until killed.

It says "joined" when it was given partitions.
"""

import asyncio
import sys

from shared.adapters.kafka import KafkaStream

TURN_S = 0.5


async def follow(servers: str, topic: str, group: str) -> None:
    """Fetch for ever; each partition is at its beginning."""
    joined = False

    async def position_of(_: int) -> int:
        nonlocal joined
        if not joined:
            joined = True
            sys.stdout.write("joined\n")
            sys.stdout.flush()
        return 0

    async with KafkaStream(servers, topic).subscribe(group, position_of) as subscription:
        while True:
            await subscription.fetch(limit=100, timeout_s=TURN_S)


if __name__ == "__main__":
    asyncio.run(follow(*sys.argv[1:]))
