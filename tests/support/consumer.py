"""A consumer of the topic that keeps its positions, as long as a test needs it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from shared.ports import Delivery, Subscription

LONG_S = 30.0
TURN_S = 0.05


class Consumer:
    """Keeps its positions, and sees that they have no holes; members of a group do so together.

    `quiet_s` is how long nothing comes until all has come.
    """

    def __init__(self, *, quiet_s: float = 0.0) -> None:
        self.asked: list[int] = []
        self._quiet_s = quiet_s
        self._positions: defaultdict[int, int] = defaultdict(int)

    async def position_of(self, partition: int) -> int:
        """How far it has come."""
        self.asked.append(partition)
        return self._positions[partition]

    async def fetch(
        self, subscription: Subscription, *, limit: int = 100, timeout_s: float = LONG_S
    ) -> Sequence[Delivery]:
        """What comes next."""
        deliveries = await subscription.fetch(limit=limit, timeout_s=timeout_s)
        for delivery in deliveries:
            assert delivery.position == self._positions[delivery.partition] + 1
            self._positions[delivery.partition] = delivery.position
        return deliveries

    async def take(self, count: int, *subscriptions: Subscription) -> list[Delivery]:
        """Fetch until so many records have come, and a moment longer, for those too many."""
        deliveries: list[Delivery] = []
        async with asyncio.timeout(LONG_S):
            while len(deliveries) < count:
                for subscription in subscriptions:
                    deliveries += await self.fetch(subscription, timeout_s=TURN_S)
        for subscription in subscriptions:
            deliveries += await self.fetch(subscription, timeout_s=self._quiet_s)
        return deliveries
