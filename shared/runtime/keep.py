"""Keep: what comes of the topic's records, with the position behind them, or neither.

Whoever keeps knows some of what is stored by heart. That is only true as long as the store stands
where this process last saw it: another member may have gone on, and a store that failed over may
have lost what it had confirmed. So the position is read before every append, and where it is
another, nothing is recorded and everything is read anew.
"""

from collections.abc import Awaitable, Callable, Sequence

from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from shared.ports import Delivery, EventStore, Tracking

TOPIC = "topic"
"""The name of a topic that has no other, as that of the embedded mode."""

PARKED = "parked/"
ALTERED = "altered/"
UNREADABLE = "unreadable/"

Take = Callable[[Delivery, Sequence[Stored]], Awaitable[Sequence[Stored]]]


def unreadable_of(topic: str, partition: int) -> str:
    """The stream of what came in a partition and names no place, by its position there."""
    return f"{UNREADABLE}{topic}/{partition}"


class Keeper:
    """Records what comes of each delivery: `take` says it, beside what the batch came to before.

    `forget` is called where what is known of the store by heart is doubtful. The position is kept
    under the name of what is read: with another name the topic is read from its beginning.
    """

    def __init__(
        self, store: EventStore, take: Take, forget: Callable[[], None], name: str = TOPIC
    ) -> None:
        self._store = store
        self._name = name
        self._take = take
        self._forget_more = forget
        self._positions: dict[int, int] = {}

    async def position(self, partition: int) -> int:
        """How far the topic's partition has been kept, by this member or another.

        Whoever asks begins to read there, so that what was known before is doubtful.
        """
        self._forget()
        return await self._known_position(partition)

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Record deliveries of one partition, in their order, with the position behind them.

        Those that are known to be recorded are passed over. Raises `Conflict` where another member
        has recorded some that were not known to be, or some that were known are lost.
        """
        partition = deliveries[-1].partition
        try:
            position = await self._known_position(partition)
            new = [delivery for delivery in deliveries if delivery.position > position]
            if new:
                await self._receive(new, position)
                self._positions[partition] = new[-1].position
        except BaseException:
            self._forget()
            raise

    async def _receive(self, deliveries: Sequence[Delivery], position: int) -> None:
        consumer = self._consumer(deliveries[-1].partition)
        kept: list[Stored] = []
        for delivery in deliveries:
            kept += await self._take(delivery, kept)
        # What was known, or looked up, has to be what the records up to the position came to.
        tracked = await self._store.tracked(consumer)
        if tracked != position:
            code = "already-tracked" if tracked > position else "tracked-no-more"
            raise Conflict(code, consumer=consumer)
        await self._store.append(kept, tracking=Tracking(consumer, deliveries[-1].position))

    async def _known_position(self, partition: int) -> int:
        if partition not in self._positions:
            self._positions[partition] = await self._store.tracked(self._consumer(partition))
        return self._positions[partition]

    def _forget(self) -> None:
        self._positions.clear()
        self._forget_more()

    def _consumer(self, partition: int) -> str:
        return f"{self._name}/{partition}"
