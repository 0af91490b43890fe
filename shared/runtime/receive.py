"""Hear: from the topic to a service's inbox, its own copy of what the other services said.

The inbox is an event store like any other, numbered per stream by `shared.ledger.numbering`.
What waits behind a gap is kept in it too (`parked/{stream}`), and so is what was told again with
other bytes (`altered/{stream}`, in the order in which it came) and a record that names no place
(`unreadable/{topic}/{partition}`, by its position), so that nothing of the topic is lost. The
position in the topic is recorded in the same transaction; after any failure the inbox reads itself
anew.

What is kept is a pure function of the topic's records, whoever receives them. Two members of a
group may believe that a partition is theirs, and one of them may have slept for a while. Each
derives what it keeps from what the records up to its position came to, and from all records
behind that; so whatever another has kept of these meanwhile, it would keep at the very same
places, and is refused. Where the other kept nothing of them, nothing was missed.
"""

import logging
from collections.abc import Callable, Sequence

from shared.events import codec
from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from shared.ledger.numbering import Numbering
from shared.ports import Delivery, EventStore
from shared.runtime.keep import ALTERED, PARKED, TOPIC, Keeper, unreadable_of

READ_FACTS_MAX = 1_000

_log = logging.getLogger(__name__)


class Inbox:
    """What one service keeps of the topic: the streams that `wanted` picks by their name.

    Whoever comes to want more than before says so by the next `edition`: then the whole topic is
    read once more, and what is kept of it already is no news. So it is with a topic of another
    name. Only of what was told again with other bytes the alarm is raised once more.
    """

    def __init__(
        self,
        store: EventStore,
        wanted: Callable[[str], bool],
        *,
        edition: int = 1,
        topic: str = TOPIC,
    ) -> None:
        self._store = store
        self._wanted = wanted
        self._numbering = Numbering()
        self._topic = topic
        name = topic if edition == 1 else f"{topic}.{edition}"
        self._keeper = Keeper(store, self._take, self._forget, name)

    def _forget(self) -> None:
        self._numbering = Numbering()

    async def position(self, partition: int) -> int:
        """How far the topic's partition has been received, by this member or another."""
        return await self._keeper.position(partition)

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Record deliveries of one partition, in their order, as `Keeper.receive` does."""
        await self._keeper.receive(deliveries)

    async def _take(self, delivery: Delivery, batch: Sequence[Stored]) -> Sequence[Stored]:
        try:
            fact = codec.head(delivery.body)
        except codec.Unreadable as error:
            place = unreadable_of(self._topic, delivery.partition)
            if await self._is_kept(place, delivery.position):
                return []
            _log.error("a record of the topic names no place: %s", error)
            return [Stored(place, delivery.position, "unreadable", delivery.body)]
        if not self._wanted(fact.stream):
            return []
        freed = await self._know(fact.stream)
        arrival = self._numbering.take(fact)
        kept = [*freed, *arrival.placed]
        for parked in arrival.parked:
            await self._check_missing(parked)
            _log.warning("%s waits: a fact before it is missing", parked.id)
            kept.append(parked.kept_in(PARKED + parked.stream))
        for repeated in arrival.repeated:
            if await self._differs(repeated, batch):
                _log.error("%s was told again with other bytes; the first stays", repeated.id)
                kept.append(await self._altered(repeated, batch))
        return kept

    async def _is_kept(self, stream: str, version: int) -> bool:
        return any(
            fact.version == version
            for fact in await self._store.stream(stream, after=version - 1, limit=1)
        )

    async def _know(self, stream: str) -> Sequence[Stored]:
        """Read what is kept of a stream, once; returns what of it waits for nothing any more."""
        if stream in self._numbering.versions:
            return ()
        version = await self._end(stream)
        return self._numbering.know(stream, version, await self._waiting(stream, version))

    async def _end(self, stream: str) -> int:
        last = await self._store.last(stream)
        return last.version if last else 0

    async def _check_missing(self, parked: Stored) -> None:
        """Raise `Conflict` where another member has kept what is missing here: all is read anew.

        Whoever receives another partition does not move the position of this one.
        """
        stream, end = parked.stream, self._numbering.versions[parked.stream]
        next_waiting = await self._store.stream(PARKED + stream, after=end, limit=1)
        if await self._end(stream) > end or any(f.version == end + 1 for f in next_waiting):
            raise Conflict("version-taken", stream=stream)

    async def _waiting(self, stream: str, version: int) -> dict[int, Stored]:
        """What is parked of a stream that ends at `version`, all of it."""
        waiting: dict[int, Stored] = {}
        while True:
            after = max(waiting, default=version)
            facts = await self._store.stream(PARKED + stream, after=after, limit=READ_FACTS_MAX)
            waiting |= {fact.version: fact.kept_in(stream) for fact in facts}
            if len(facts) < READ_FACTS_MAX:
                return waiting

    async def _differs(self, repeated: Stored, batch: Sequence[Stored]) -> bool:
        """Whether the fact that is kept, or will be with this batch, has other bytes."""
        before = repeated.version - 1
        places = (repeated.stream, PARKED + repeated.stream)
        kept = [fact for fact in batch if fact.stream in places]
        for place in places:
            kept += await self._store.stream(place, after=before, limit=1)
        return any(f.version == repeated.version and f.body != repeated.body for f in kept)

    async def _altered(self, fact: Stored, batch: Sequence[Stored]) -> Stored:
        """What is kept of a fact that was told again with other bytes."""
        stream = ALTERED + fact.stream
        earlier = [kept.version for kept in batch if kept.stream == stream]
        version = max(earlier, default=await self._end(stream)) + 1
        return Stored(stream, version, fact.type, fact.body)
