"""Who follows a topic that lives in this process, and which partitions each is given.

Partitions are dealt to the members of a group in turn, and dealt anew when one comes or goes, as
a broker does it. Whoever is given a partition asks its consumer how far it has come.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from shared.ports import Delivery, Subscription

PositionOf = Callable[[int], Awaitable[int]]
BEHIND_MAX = 1_000
"""More than so many records behind is far behind, and nobody has to know how far."""

Read = Callable[[int, int, int], Awaitable[Sequence[Delivery]]]


class Followers:
    """The groups that follow one topic.

    `read(partition, after, limit)` gives the topic's records of one partition.
    """

    def __init__(self, partitions: int, read: Read) -> None:
        assert partitions >= 1, "a topic has a partition"
        self._partitions = partitions
        self._read = read
        self._groups: dict[str, list[_Follower]] = {}
        self._news = asyncio.Event()

    @asynccontextmanager
    async def subscribe(self, group: str, position_of: PositionOf) -> AsyncIterator[Subscription]:
        """Be a member of the group for as long as the context is open."""
        members = self._groups.setdefault(group, [])
        follower = _Follower(self, group, position_of)
        members.append(follower)
        try:
            yield follower
        finally:
            members.remove(follower)
            self.wake()

    def wake(self) -> None:
        """Tell those who wait that there is something new."""
        self._news.set()
        self._news = asyncio.Event()

    @property
    def news(self) -> asyncio.Event:
        """Set at the next change; take it before you look, so that no change slips through."""
        return self._news

    async def read(self, partition: int, after: int, limit: int) -> Sequence[Delivery]:
        """The topic's records of one partition."""
        return await self._read(partition, after, limit)

    def given_to(self, follower: "_Follower") -> Sequence[int]:
        """The partitions that a member has at this moment."""
        members = self._groups[follower.group]
        assert follower in members, "a subscription ends with its context"
        return range(members.index(follower), self._partitions, len(members))


class _Follower:
    """One member of a group."""

    def __init__(self, followers: Followers, group: str, position_of: PositionOf) -> None:
        self.group = group
        self._followers = followers
        self._position_of = position_of
        self._positions: dict[int, int] = {}
        self._turn = 0

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records, in order within each partition; none if nothing came in time."""
        time = asyncio.get_running_loop().time
        deadline = time() + timeout_s
        while True:
            news = self._followers.news
            if deliveries := await self._next(limit):
                return self._delivered(deliveries)
            try:
                await asyncio.wait_for(news.wait(), deadline - time())
            except TimeoutError:
                return ()

    async def behind(self) -> Mapping[int, int | None]:
        """How many records there are beyond the last fetch, counted up to `BEHIND_MAX` each."""
        return {
            partition: len(await self._followers.read(partition, after, BEHIND_MAX))
            for partition, after in list(self._positions.items())
        }

    async def _next(self, limit: int) -> Sequence[Delivery]:
        await self._take_partitions()
        deliveries: list[Delivery] = []
        partitions = sorted(self._positions)
        self._turn += 1
        for place in range(len(partitions)):
            partition = partitions[(place + self._turn) % len(partitions)]
            room = limit - len(deliveries)
            if room > 0:
                after = self._positions[partition]
                deliveries += await self._followers.read(partition, after, room)
        return deliveries

    async def _take_partitions(self) -> None:
        given = self._followers.given_to(self)
        self._positions = {
            partition: position
            for partition, position in self._positions.items()
            if partition in given
        }
        for partition in given:
            if partition not in self._positions:
                self._positions[partition] = await self._position_of(partition)

    def _delivered(self, deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
        for delivery in deliveries:
            expected = self._positions[delivery.partition] + 1
            assert delivery.position == expected, "this topic has no holes"
            self._positions[delivery.partition] = delivery.position
        return deliveries
