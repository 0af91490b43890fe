"""A topic under watch: whether somebody asks for a position amid records that are dealt with."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from shared.ports import Delivery, Message, Stream, Subscription


class Watcher(Protocol):
    """Who is told what the members of a group do."""

    def ask(self, member: str, partition: int, /) -> None:
        """A member asks for a position."""

    def deal(self, member: str, partitions: set[int], /) -> None:
        """A member deals with records of these partitions from now on, and with nothing else."""


@dataclass
class Watch:
    """What the members of a group do: each deals with what it fetched until it fetches again."""

    asked: int = 0
    overlaps: list[str] = field(default_factory=list)
    dealing: dict[str, set[int]] = field(default_factory=dict)
    _busy: defaultdict[str, asyncio.Event] = field(
        default_factory=lambda: defaultdict(asyncio.Event)
    )

    def ask(self, member: str, partition: int) -> None:
        """A member asks for a position: itself may deal with nothing, others not with this."""
        self.asked += 1
        for other, partitions in self.dealing.items():
            if partitions and (other == member or partition in partitions):
                self.overlaps.append(f"{member} asks for {partition}, {other} has {partitions}")

    def deal(self, member: str, partitions: set[int]) -> None:
        """A member deals with records of these partitions, and with nothing else."""
        self.dealing[member] = partitions
        if partitions:
            self._busy[member].set()

    async def until_busy(self, member: str) -> None:
        """Return once the member has dealt with something, or begins to."""
        await self._busy[member].wait()


class WatchedStream:
    """The topic as one member follows it."""

    def __init__(self, topic: Stream, member: str, watch: Watcher) -> None:
        self._topic = topic
        self._member = member
        self._watch = watch

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order."""
        await self._topic.publish(messages)

    @asynccontextmanager
    async def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AsyncIterator[Subscription]:
        """Follow the topic, under watch."""

        async def watched(partition: int) -> int:
            self._watch.ask(self._member, partition)
            return await position_of(partition)

        async with self._topic.subscribe(group, watched) as subscription:
            try:
                yield _WatchedSubscription(subscription, self._member, self._watch)
            finally:
                self._watch.deal(self._member, set())


class _WatchedSubscription:
    def __init__(self, subscription: Subscription, member: str, watch: Watcher) -> None:
        self._subscription = subscription
        self._member = member
        self._watch = watch

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records; what came before is dealt with."""
        self._watch.deal(self._member, set())
        deliveries = await self._subscription.fetch(limit=limit, timeout_s=timeout_s)
        self._watch.deal(self._member, {each.partition for each in deliveries})
        return deliveries

    async def behind(self) -> Mapping[int, int | None]:
        """How much is left."""
        return await self._subscription.behind()
