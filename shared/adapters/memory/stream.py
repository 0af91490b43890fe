"""The topic `facts` in memory, shared by all services of a test."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from zlib import crc32

from shared.adapters.following import Followers
from shared.ports import Clock, Delivery, Message, Subscription


class MemoryStream:
    """A topic with as many partitions as wanted; a key stays in its partition."""

    def __init__(self, clock: Clock, *, partitions: int = 1) -> None:
        self._clock = clock
        self._partitions: list[list[Delivery]] = [[] for _ in range(partitions)]
        self._followers = Followers(partitions, self._read)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order."""
        await asyncio.sleep(0)
        at = self._clock.now()
        for message in messages:
            number = crc32(message.key.encode()) % len(self._partitions)
            partition = self._partitions[number]
            position = len(partition) + 1
            taken_at = min(message.taken_at or at, at)
            taken = Delivery(number, position, taken_at, message.key, message.body, message.trace)
            partition.append(taken)
        self._followers.wake()

    def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AbstractAsyncContextManager[Subscription]:
        """Follow the topic as a member of the group."""
        return self._followers.subscribe(group, position_of)

    async def _read(self, partition: int, after: int, limit: int) -> Sequence[Delivery]:
        return self._partitions[partition][after : after + limit]
