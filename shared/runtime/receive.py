"""Hear: from the topic to a service's inbox, its own copy of what the other services said.

The inbox is an event store like any other, numbered per stream by `shared.ledger.numbering`.
What waits behind a gap is kept in it too, under `parked/`, and a record that names no place under
`unreadable/`, so that nothing of the topic is lost. The position in the topic is recorded in the
same transaction as what was derived from it; after any failure the inbox reads itself anew.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from shared.events import codec
from shared.events.codec import Stored
from shared.ledger.numbering import Gap, Numbering
from shared.ports import Delivery, EventStore, Tracking

PARKED = "parked/"
UNREADABLE = "unreadable/"
READ_FACTS_MAX = 1_000

_log = logging.getLogger(__name__)


class Inbox:
    """What one service keeps of the topic: the streams that `wanted` picks by their name."""

    def __init__(self, store: EventStore, wanted: Callable[[str], bool]) -> None:
        self._store = store
        self._wanted = wanted
        self._numbering = Numbering()

    async def position(self, partition: int) -> int:
        """How far the topic's partition has been received, by this member or another.

        Whoever asks begins to read there, so that what was known of the streams before is doubtful.
        """
        self._numbering = Numbering()
        return await self._store.tracked(_consumer(partition))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The streams that wait for a missing fact."""
        return self._numbering.gaps

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Record deliveries of one partition, in their order, with the position behind them."""
        last = deliveries[-1]
        tracking = Tracking(_consumer(last.partition), last.position)
        try:
            kept: list[Stored] = []
            for delivery in deliveries:
                kept += await self._take(delivery, kept)
            await self._store.append(kept, tracking=tracking)
        except BaseException:
            self._numbering = Numbering()
            raise

    async def _take(self, delivery: Delivery, batch: Sequence[Stored]) -> Sequence[Stored]:
        try:
            fact = codec.head(delivery.body)
        except codec.Unreadable as error:
            _log.error("a record of the topic names no place: %s", error)
            place = f"{UNREADABLE}{delivery.partition}"
            return [Stored(place, delivery.position, "unreadable", delivery.body)]
        if not self._wanted(fact.stream):
            return []
        await self._know(fact.stream)
        arrival = self._numbering.take(fact)
        for repeated in arrival.repeated:
            await self._compare(repeated, batch)
        for parked in arrival.parked:
            _log.warning("%s waits: a fact before it is missing", parked.id)
        return [*arrival.placed, *(_parked(fact) for fact in arrival.parked)]

    async def _know(self, stream: str) -> None:
        if stream in self._numbering.versions:
            return
        last = await self._store.last(stream)
        version = last.version if last else 0
        waiting = await self._waiting(stream, version)
        self._numbering.versions[stream] = version
        if waiting:
            self._numbering.parked[stream] = waiting

    async def _waiting(self, stream: str, version: int) -> dict[int, Stored]:
        """What is parked of a stream that ends at `version`, all of it."""
        waiting: dict[int, Stored] = {}
        while True:
            after = max(waiting, default=version)
            facts = await self._store.stream(PARKED + stream, after=after, limit=READ_FACTS_MAX)
            waiting |= {fact.version: replace(fact, stream=stream) for fact in facts}
            if len(facts) < READ_FACTS_MAX:
                return waiting

    async def _compare(self, repeated: Stored, batch: Sequence[Stored]) -> None:
        """Raise an alarm where a fact that is kept, or will be with this batch, was altered."""
        before = repeated.version - 1
        places = (repeated.stream, PARKED + repeated.stream)
        kept = [fact for fact in batch if fact.stream in places]
        for place in places:
            kept += await self._store.stream(place, after=before, limit=1)
        if any(f.version == repeated.version and f.body != repeated.body for f in kept):
            _log.error("%s was told again with other bytes; the first stays", repeated.id)


def _parked(fact: Stored) -> Stored:
    return Stored(PARKED + fact.stream, fact.version, fact.type, fact.body)


def _consumer(partition: int) -> str:
    return f"topic/{partition}"
