"""Tell: from a service's event store to the topic, the stored bytes, at least once.

The position is stored after the topic acknowledged. A crash in between sends some facts twice,
which every reader recognises by stream and version; a position stored before would lose them.
Facts are told in parts that a slow cluster takes in time too, so that telling gets on.
"""

from collections.abc import Iterator, Sequence

from shared.events.envelope import cycle_of
from shared.kernel.errors import Conflict
from shared.ports import EventStore, Logged, Message, Stream, Tracking
from shared.runtime.keep import TOPIC
from shared.runtime.pulse import Progress

BATCH_FACTS_MAX = 500
PART_BYTES_MAX = 2 * 1024 * 1024
"""A publication has no more bytes than this, but for a first fact that is larger."""


def consumer_of(topic: str = TOPIC) -> str:
    """Under which name it is kept how far a topic was told."""
    return f"relay/{topic}"


class Relay:
    """The outbox of one event store.

    Its position is kept under the name of the topic: one of another name is told everything.
    """

    def __init__(self, store: EventStore, topic: Stream, name: str = TOPIC) -> None:
        self._store = store
        self._topic = topic
        self._consumer = consumer_of(name)

    async def step(self) -> int:
        """Send one batch in parts; returns how many facts it had, 0 when everything is told."""
        position = await self._store.tracked(self._consumer)
        batch = await self._store.log(after=position, limit=BATCH_FACTS_MAX)
        if not batch:
            return 0
        for part in _parts(batch):
            await self._tell(part)
        return len(batch)

    async def _tell(self, part: Sequence[Logged]) -> None:
        await self._topic.publish(
            [Message(cycle_of(entry.fact.stream), entry.fact.body) for entry in part]
        )
        try:
            await self._store.append([], tracking=Tracking(self._consumer, part[-1].position))
        except Conflict as conflict:
            if conflict.code != "already-tracked":
                raise

    async def progress(self) -> Progress:
        """Up to where the log of the store has been told."""
        reached = await self._store.tracked(self._consumer)
        return Progress(reached, await self._store.end())


def _parts(batch: Sequence[Logged]) -> Iterator[Sequence[Logged]]:
    """The batch in its order, cut where a part would have too many bytes."""
    part: list[Logged] = []
    size = 0
    for entry in batch:
        size += len(entry.fact.body)
        if part and size > PART_BYTES_MAX:
            yield part
            part, size = [], len(entry.fact.body)
        part.append(entry)
    yield part
