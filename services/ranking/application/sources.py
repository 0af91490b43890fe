"""From where a cycle is made again: its ledger as it is kept, or the topic, numbered once more."""

import asyncio
from collections.abc import AsyncIterator, Container, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import NamedTuple

from services.ranking.application.making import End, Making
from shared.events import codec
from shared.events.codec import Stored
from shared.events.envelope import Recorded, cycle_of
from shared.kernel.errors import Refused, Unavailable
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ledger.numbering import Numbering
from shared.ports import Delivery, Documents, EventStore, Leases, Stream
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.number import BEGINNING, LEDGER, READ_ENTRIES_MAX
from shared.runtime.settle import Settling
from shared.runtime.whole import whole

ENDS_LOOKED_MAX = 1_000
FOLDED_BYTES_MAX = 128 * 1024
"""How many bytes of facts are folded before others have their turn: a few milliseconds."""

KINDS = (LEDGER, PARKED, ALTERED)


@dataclass(frozen=True, slots=True)
class Stores:
    """What a rebuild reads, where it writes, and how it keeps others away."""

    own: EventStore
    inbox: EventStore
    topic: Stream
    documents: Documents
    leases: Leases


async def end_of(inbox: EventStore, cycle: str) -> End:
    """Where a cycle's ledger ends at one moment.

    The numbers only grow: where they are read twice and are the same, all three were so in between.
    """
    before = await _ends(inbox, cycle)
    for _ in range(ENDS_LOOKED_MAX):
        now = await _ends(inbox, cycle)
        if now == before:
            return now
        before = now
    raise Unavailable("ledger-unsteady", cycle=cycle)


async def from_ledger(inbox: EventStore, making: Making) -> AsyncIterator[None]:
    """Read a cycle on to its end, a little at a time, as it is kept.

    What stands beside the ledger is read before it as far as what serves knew of it, so that the
    place from which that was drawn is met on the way. Raises `Refused("ledger-rewritten")` where
    the newest checkpoint speaks of other bytes.
    """
    beside = await _beside(inbox, making)
    first = max(0, making.beside_first - making.reached.parked - making.reached.altered)
    for kind, number, kept in beside[:first]:
        await making.read(kind, number, kept)
    folded_bytes, signed_to = 0, making.signed_to
    reading = _Kept(inbox, making, LEDGER)
    while (read := await reading.next()) is not None:
        number, kept = read
        if making.take(LEDGER, number, kept):
            await making.compare()
        if number == signed_to:
            making.hold_against_checkpoint()
        folded_bytes += len(kept.fact)
        if folded_bytes >= FOLDED_BYTES_MAX:
            folded_bytes = 0
            await asyncio.sleep(0)
            yield
    for kind, number, kept in beside[first:]:
        await making.read(kind, number, kept)
    _check_end(making)
    yield


async def from_topic(
    topic: Stream, inbox: EventStore, makings: Sequence[Making], group: str
) -> AsyncIterator[None]:
    """Read cycles on to their ends from the beginning of the topic, which is read once.

    Every entry has to be, byte for byte, the one that is kept. What a cycle stops at stops no
    other. `group` is a name that nobody else reads by.
    """
    open_ = {each.cycle: _Retold(inbox, each) for each in makings if not each.is_at_end}
    if not open_:
        return
    async with aclosing(whole(topic, group)) as read:
        async for deliveries in read:
            for cycle, records in _by_cycle(deliveries, open_).items():
                if await open_[cycle].is_done_by(records):
                    del open_[cycle]
            yield
            if not open_:
                return
    for cycle, retold in open_.items():
        retold.making.stopped = _ended(cycle, retold.making)


class _Record(NamedTuple):
    """A record of the topic: the fact that it is, as far as it says so, and what that says."""

    delivery: Delivery
    fact: Stored | None
    recorded: Recorded | None


class _Retold:
    """The ledger of one cycle, numbered again from the records of the topic.

    The outcome is a pure function of these, as `shared.runtime.number` has it.
    """

    def __init__(self, inbox: EventStore, making: Making) -> None:
        self.making = making
        self._inbox = inbox
        self._numbering = Numbering()
        self._at = BEGINNING
        self._kept = {kind: _Kept(inbox, making, kind) for kind in KINDS}

    async def is_done_by(self, records: Sequence[_Record]) -> bool:
        """Take records; true where nothing more is wanted, be it that it stops here."""
        try:
            for record in records:
                await self._take(record)
                if self.making.is_at_end:
                    return True
        except Refused as refusal:
            self.making.stopped = refusal
        return self.making.stopped is not None

    async def _take(self, record: _Record) -> None:
        fact, at = record.fact, record.delivery
        if fact is None:
            place = {"partition": str(at.partition), "position": str(at.position)}
            raise Refused("rebuild-record-unreadable", flaws=(), **place)
        waiting = self._numbering.parked.get(fact.stream, {}).get(fact.version)
        arrival = self._numbering.take(fact)
        for placed in arrival.placed:
            await self._keep(LEDGER, placed, record)
        for parked in arrival.parked:
            await self._keep(PARKED, parked, record)
        for repeated in arrival.repeated:
            before = waiting.body if waiting else await self._before(repeated)
            if before != repeated.body:
                await self._keep(ALTERED, repeated, record)

    async def _keep(self, kind: str, fact: Stored, by: _Record) -> None:
        """Read what the topic comes to next by a record, which has to be what is kept there."""
        self._at = max(self._at, by.delivery.appended_at)
        read, told = await self._kept[kind].next(), Entry(self._at, fact.body)
        number, kept = read or (0, None)
        if kept != told:
            place = f"{kind}{self.making.cycle}" + (f"@{number}" if number else "")
            raise Refused("rebuild-sources-differ", entry=place, fact=fact.id)
        if self.making.take(kind, number, told, by.recorded if fact is by.fact else None):
            await self.making.compare()

    async def _before(self, fact: Stored) -> bytes:
        number = self.making.ledger.replay.number_of(fact.id)
        assert number is not None, "what is repeated was placed before"
        [kept] = await self._inbox.stream(LEDGER + self.making.cycle, after=number - 1, limit=1)
        return entry.from_bytes(kept.body).fact


async def _ends(inbox: EventStore, cycle: str) -> End:
    lasts = [await inbox.last(kind + cycle) for kind in KINDS]
    return End(*(last.version if last else 0 for last in lasts))


async def _beside(inbox: EventStore, making: Making) -> Sequence[tuple[str, int, Entry]]:
    """What stands beside the ledger, in the order in which it came, as far as times tell."""
    beside: list[tuple[str, int, Entry]] = []
    for kind in (PARKED, ALTERED):
        reading = _Kept(inbox, making, kind)
        while (read := await reading.next()) is not None:
            beside.append((kind, *read))
    return sorted(beside, key=lambda each: each[2].at)


class _Kept:
    """The entries of a kind behind those that were read, up to the end, page by page."""

    def __init__(self, inbox: EventStore, making: Making, kind: str) -> None:
        self._inbox = inbox
        self._making = making
        self._kind = kind
        place = KINDS.index(kind)
        self._after, self._last = making.reached[place], making.end[place]
        self._read: Iterator[Stored] = iter(())
        self._settling = Settling()

    async def next(self) -> tuple[int, Entry] | None:
        """The next one with its number; None behind the last.

        Raises `Refused("rebuild-stopped")` where it is missing, or is no entry.
        """
        kept = next(self._read, None)
        if kept is None and self._after < self._last:
            kept = await self._first_of_page()
        if kept is None:
            return None
        self._after = kept.version
        try:
            return kept.version, entry.from_bytes(kept.body)
        except ValueError as error:
            raise self._making.stop(self._kind, kept.version, "entry-unreadable") from error

    async def _first_of_page(self) -> Stored:
        limit = min(READ_ENTRIES_MAX, self._last - self._after)
        stream = self._kind + self._making.cycle
        page = await self._inbox.stream(stream, after=self._after, limit=limit)
        self._settling.grew(len(page))
        self._read = iter(page)
        first = next(self._read, None)
        if first is None:
            raise self._making.stop(self._kind, self._after + 1, "entry-missing")
        return first


def _check_end(making: Making) -> None:
    assert making.reached == making.end, "a cycle is read up to its end, and no further"


def _by_cycle(
    deliveries: Sequence[Delivery], wanted: Container[str]
) -> Mapping[str, Sequence[_Record]]:
    """The records of the cycles that are wanted, in their order."""
    found: dict[str, list[_Record]] = {}
    for delivery in deliveries:
        record = _record(delivery, is_wanted=delivery.key in wanted)
        cycle = cycle_of(record.fact.stream) if record.fact else delivery.key
        if cycle in wanted:
            found.setdefault(cycle, []).append(record)
    return found


def _record(delivery: Delivery, *, is_wanted: bool) -> _Record:
    """Read a record once: all of it where its key says that it is wanted, else its place."""
    try:
        if is_wanted:
            read = codec.decode(delivery.body)
            return _Record(
                delivery, Stored(read.stream, read.version, read.type, delivery.body), read
            )
    except codec.Unreadable:
        pass  # It may have a place all the same.
    try:
        return _Record(delivery, codec.head(delivery.body), None)
    except codec.Unreadable:
        return _Record(delivery, None, None)


def _ended(cycle: str, making: Making) -> Refused:
    number = str(making.reached.ledger)
    return Refused("rebuild-topic-ends", cycle=cycle, number=number, size=str(making.end.ledger))
