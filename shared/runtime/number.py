"""Number: from the topic to the ledger of each cycle, in the order of the topic.

The ledger of a cycle is the stream `ledger/{cycle}`, whose versions are the numbers 1, 2, 3, ...
Beside it stand what waits behind a gap (`parked/{cycle}`) and what was told again with other bytes
(`altered/{cycle}`), each in the order in which it came, and records that name no place
(`unreadable/{topic}/{partition}`, by their position). All are kept as `shared.ledger.entry` writes
them. The position in the topic is recorded in the same transaction, so that a number stays.
Whatever fails, and whenever a partition is given to this process, what is known is read anew from
the store.

All of this is a pure function of the topic's records, also where two members of a group believe
that a partition is theirs, one of whom may have slept for a while; `shared.runtime.receive` says
why, and does the same.
"""

import logging
from array import array
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.events import codec
from shared.events.codec import Stored
from shared.events.envelope import cycle_of
from shared.kernel.errors import Conflict
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ledger.numbering import Numbering
from shared.ports import Delivery, EventStore
from shared.runtime.keep import ALTERED, PARKED, TOPIC, Keeper, unreadable_of

LEDGER = "ledger/"
READ_ENTRIES_MAX = 1_000
BEGINNING = datetime.min.replace(tzinfo=UTC)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Ends:
    """Where the streams of a cycle's ledger end, and the numbers of its facts by stream."""

    cycle: str
    at: datetime = BEGINNING
    ledger: int = 0
    parked: int = 0
    altered: int = 0
    numbers: "dict[str, array[int]]" = field(default_factory=dict)
    free: Sequence[Stored] = ()
    """What was parked, and waits for nothing any more, until it is numbered."""

    def reach(self, at: datetime) -> datetime:
        """The time of the next entry: no entry is earlier than one before it."""
        self.at = max(self.at, at)
        return self.at


class Numberer:
    """Keeps the ledgers of all cycles whose records it is given."""

    def __init__(self, store: EventStore, topic: str = TOPIC) -> None:
        """With a topic of another name that is read from its beginning; what is numbered stays."""
        self._store = store
        self._topic = topic
        self._forget()
        self._keeper = Keeper(store, self._take, self._forget, topic)

    def _forget(self) -> None:
        self._numbering = Numbering()
        self._ends: dict[str, _Ends] = {}
        self._unsaved: dict[tuple[str, int], bytes] = {}

    async def position(self, partition: int) -> int:
        """How far the topic's partition has been numbered.

        It is asked when a partition is given to this process, which another may have had before.
        """
        return await self._keeper.position(partition)

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Number deliveries of one partition, in their order, as `Keeper.receive` does."""
        await self._keeper.receive(deliveries)

    async def _take(self, delivery: Delivery, batch: Sequence[Stored]) -> Sequence[Stored]:
        if not batch:
            self._unsaved.clear()  # What the last batch came to can be read by now.
        try:
            fact = codec.head(delivery.body)
        except codec.Unreadable as error:
            _log.error("a record of the topic names no place: %s", error)
            place = unreadable_of(self._topic, delivery.partition)
            return [_kept(place, delivery.position, delivery.appended_at, delivery.body)]
        ends = await self._know(cycle_of(fact.stream))
        waiting = self._numbering.parked.get(fact.stream, {}).get(fact.version)
        arrival = self._numbering.take(fact)
        at, freed, ends.free = delivery.appended_at, ends.free, ()
        kept = [self._number(ends, placed, at) for placed in (*freed, *arrival.placed)]
        kept += [await self._park(ends, parked, at) for parked in arrival.parked]
        for repeated in arrival.repeated:
            before = waiting.body if waiting else await self._body(ends, repeated)
            if before != repeated.body:
                kept.append(self._set_aside(ends, repeated, at))
        return kept

    def _number(self, ends: _Ends, fact: Stored, at: datetime) -> Stored:
        ends.ledger += 1
        ends.numbers.setdefault(fact.stream, array("Q")).append(ends.ledger)
        self._unsaved[ends.cycle, ends.ledger] = fact.body
        return _kept(LEDGER + ends.cycle, ends.ledger, ends.reach(at), fact.body)

    async def _park(self, ends: _Ends, fact: Stored, at: datetime) -> Stored:
        last = await self._store.last(LEDGER + ends.cycle)
        if last is not None and last.version > ends.ledger:
            # Another member, with another partition, may have numbered what is missing here.
            raise Conflict("version-taken", stream=last.stream)
        _log.warning("%s waits: a fact before it is missing", fact.id)
        ends.parked += 1
        return _kept(PARKED + ends.cycle, ends.parked, ends.reach(at), fact.body)

    def _set_aside(self, ends: _Ends, fact: Stored, at: datetime) -> Stored:
        _log.error("%s was told again with other bytes; the first stays", fact.id)
        ends.altered += 1
        return _kept(ALTERED + ends.cycle, ends.altered, ends.reach(at), fact.body)

    async def _body(self, ends: _Ends, fact: Stored) -> bytes:
        number = ends.numbers[fact.stream][fact.version - 1]
        if (ends.cycle, number) in self._unsaved:
            return self._unsaved[ends.cycle, number]
        [kept] = await self._store.stream(LEDGER + ends.cycle, after=number - 1, limit=1)
        return entry.from_bytes(kept.body).fact

    async def _know(self, cycle: str) -> _Ends:
        if cycle in self._ends:
            return self._ends[cycle]
        ends = _Ends(cycle)
        async for number, kept in entries(self._store, LEDGER + cycle):
            fact = codec.place_as_kept(kept.fact)
            ends.ledger = number
            ends.reach(kept.at)
            ends.numbers.setdefault(fact.stream, array("Q")).append(number)
            self._numbering.versions[fact.stream] = fact.version
        waiting: dict[str, dict[int, Stored]] = {}
        async for number, kept in entries(self._store, PARKED + cycle):
            fact = codec.place_as_kept(kept.fact)
            ends.parked = number
            ends.reach(kept.at)
            if fact.version > self._numbering.versions.get(fact.stream, 0):
                waiting.setdefault(fact.stream, {})[fact.version] = fact
        ends.free = self._free(waiting)
        async for number, kept in entries(self._store, ALTERED + cycle):
            ends.altered = number
            ends.reach(kept.at)
        self._ends[cycle] = ends
        return ends

    def _free(self, waiting: Mapping[str, dict[int, Stored]]) -> Sequence[Stored]:
        numbering, free = self._numbering, list[Stored]()
        for stream, facts in waiting.items():
            free += numbering.know(stream, numbering.versions.get(stream, 0), facts)
        return free


async def entries(
    store: EventStore, stream: str, *, after: int = 0
) -> AsyncIterator[tuple[int, Entry]]:
    """Every entry of one stream of a ledger behind the number `after`, with its number in it."""
    while True:
        read = await store.stream(stream, after=after, limit=READ_ENTRIES_MAX)
        for kept in read:
            yield kept.version, entry.from_bytes(kept.body)
        if len(read) < READ_ENTRIES_MAX:
            return
        after = read[-1].version


def _kept(stream: str, number: int, at: datetime, body: bytes) -> Stored:
    return Stored(stream, number, "ledger-entry", entry.to_bytes(Entry(at, body)))
