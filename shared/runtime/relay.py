"""Tell: from a service's event store to the topic, the stored bytes, at least once.

The position is stored after the topic acknowledged. A crash in between sends some facts twice,
which every reader recognises by stream and version; a position stored before would lose them.
"""

from shared.events.envelope import cycle_of
from shared.kernel.errors import Conflict
from shared.ports import EventStore, Message, Stream, Tracking

BATCH_FACTS_MAX = 500
CONSUMER = "relay"


class Relay:
    """The outbox of one event store."""

    def __init__(self, store: EventStore, topic: Stream) -> None:
        self._store = store
        self._topic = topic

    async def step(self) -> int:
        """Send one batch; returns how many facts it had, 0 when everything is told."""
        position = await self._store.tracked(CONSUMER)
        batch = await self._store.log(after=position, limit=BATCH_FACTS_MAX)
        if not batch:
            return 0
        await self._topic.publish(
            [Message(cycle_of(entry.fact.stream), entry.fact.body) for entry in batch]
        )
        try:
            await self._store.append([], tracking=Tracking(CONSUMER, batch[-1].position))
        except Conflict as conflict:
            if conflict.code != "already-tracked":
                raise
        return len(batch)

    async def lag(self) -> int:
        """How many facts are still to be told, at most: positions may have holes."""
        return await self._store.end() - await self._store.tracked(CONSUMER)
