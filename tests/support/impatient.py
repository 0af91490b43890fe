"""A topic that keeps nobody waiting: whoever asks for records that are not there is told so."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from shared.ports import Delivery, Message, Stream, Subscription


class Impatient:
    """For tests that step through loops until nothing is left: each would wait for more."""

    def __init__(self, topic: Stream) -> None:
        self._topic = topic

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order."""
        await self._topic.publish(messages)

    @asynccontextmanager
    async def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AsyncIterator[Subscription]:
        """Follow the topic as a member of the group."""
        async with self._topic.subscribe(group, position_of) as subscription:
            yield _Glancing(subscription)


class _Glancing:
    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        del timeout_s
        return await self._subscription.fetch(limit=limit, timeout_s=0)

    async def behind(self) -> Mapping[int, int | None]:
        return await self._subscription.behind()
