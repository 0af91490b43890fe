"""Which partitions the group gives to a member, as they come and go.

The driver deals with the group in a task of its own, at any moment. Two things are kept apart from
that: a partition is left only when what was fetched of it is dealt with (or the group waits no
longer), and one that was given is not read before its consumer was asked for the position.
"""

import asyncio
import logging
from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from shared.adapters.kafka.driver import REBALANCE_S

KEEP_S_MAX = 0.75 * REBALANCE_S
"""How long a partition is kept for records that are being dealt with; then there is still time to
join the group again before it goes on alone."""

_log = logging.getLogger(__name__)


class Share(ConsumerRebalanceListener):  # type: ignore[misc] # The driver has no types.
    """The partitions of one member.

    `deal` grows whenever they are taken away; until others are given, `partitions` is None.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self.deal = 0
        self.partitions: frozenset[TopicPartition] | None = None
        self._consumer = consumer
        self._given = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def busy(self) -> None:
        """Records are being dealt with."""
        self._idle.clear()

    def idle(self) -> None:
        """What was fetched is dealt with."""
        self._idle.set()

    async def wait_until_given(self, timeout_s: float) -> None:
        """Return once partitions are given, or when it is time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._given.wait()
        except TimeoutError:
            return

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """All partitions are taken away, and the group waits until this returns."""
        # First of all: whoever comes back for more is given nothing from now on.
        self.deal += 1
        self.partitions = None
        self._given.clear()
        try:
            async with asyncio.timeout(KEEP_S_MAX):
                await self._idle.wait()
        except TimeoutError:
            _log.warning("%d partitions are left amid records that take too long", len(revoked))

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """These partitions are given."""
        for partition in assigned:
            # Paused, so that nothing is read in vain, and placed anywhere, so that the driver does
            # not look for a position of its own.
            self._consumer.pause(partition)
            self._consumer.seek(partition, 0)
        self.partitions = frozenset(assigned)
        self._given.set()
