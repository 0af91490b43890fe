"""Parked: what waits in a service's stores, or was set aside there, for those who operate it.

It is read from what the inbox, or the ledger, keeps beside what it was told, so that it is the same
in every process. Where nothing was ever parked it costs one look at the names of streams a kind.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from shared.events import codec
from shared.events.envelope import fact_id
from shared.ledger import entry
from shared.ports import EventStore
from shared.runtime.keep import ALTERED, PARKED, UNREADABLE
from shared.runtime.number import LEDGER, entries
from shared.runtime.react import STOPPED, named, track_of
from shared.runtime.turn import Turn

LISTED_MAX = 100
"""How many of each kind are listed; there may be more."""

LOOKED_AT_MAX = 500
"""How many streams of each kind are looked at: what was parked once costs two calls ever after."""

WAITING_FACTS_MAX = 1_000
"""Up to how many facts of a parked stream are counted, and are read at once."""

PAGES_MAX = 10
"""How often so many of those that were told again are looked through."""

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class ParkedStream:
    """A stream with facts that wait for their place, and the id of the first that is `missing`.

    `waiting` is how many wait; `lowest` and `highest` are their versions. Where a ledger is kept it
    is known when the first of them came (`since`).
    """

    stream: str
    missing: str
    waiting: int
    lowest: int
    highest: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoppedStream:
    """A stream to which this service does not react any more, from `fact` on.

    `because` is the code of a problem or the kind of an exception, and `waiting` how many facts
    there are to be reacted to.
    """

    stream: str
    fact: str
    because: str
    waiting: int


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A record of the topic that names no fact."""

    partition: int
    position: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits or was set aside: up to `LISTED_MAX` of each kind, by their names.

    `more` says that there are, or may be, some that are not listed. `altered` are the facts that
    were told again with other bytes. Like the unreadable records they stay for ever, as what
    happened; parked and stopped streams go when they go on.
    """

    parked: tuple[ParkedStream, ...] = ()
    stopped: tuple[StoppedStream, ...] = ()
    altered: tuple[str, ...] = ()
    unreadable: tuple[UnreadableRecord, ...] = ()
    more: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """The same as JSON has it."""
        body = asdict(self)
        for parked in body["parked"]:
            parked["since"] = parked["since"] and parked["since"].isoformat()
        return body


@dataclass(slots=True)
class _Ledger:
    """How far a cycle's ledger was read, and which versions were parked, and since when."""

    parked: int = 0
    numbered: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, dict[int, datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class _Look:
    """One look at everything, and whether it ended before all was seen."""

    more: bool = False

    async def names(self, store: EventStore, prefix: str) -> AsyncGenerator[str, None]:
        """The names of the first streams that begin with `prefix`."""
        count = 0
        async for name in named(store, prefix):
            if count == LOOKED_AT_MAX:
                self.more = True
                return
            count += 1
            yield name

    async def listed(self, found: AsyncGenerator[Kind, None]) -> tuple[Kind, ...]:
        """The first of what is found."""
        listed: list[Kind] = []
        async with aclosing(found):
            async for each in found:
                if len(listed) == LISTED_MAX:
                    self.more = True
                    break
                listed.append(each)
        return tuple(listed)


class Parked:
    """Looks into the stores of one service; what it read of a ledger it does not read again."""

    def __init__(self, inbox: EventStore, store: EventStore) -> None:
        self._inbox = inbox
        self._store = store
        self._ledgers: dict[str, _Ledger] = {}
        self._turn = Turn()

    async def waiting(self) -> Waiting:
        """What waits now."""
        look = _Look()
        waiting = Waiting(
            parked=await look.listed(self._parked(look)),
            stopped=await look.listed(self._stopped(look)),
            altered=await look.listed(self._altered(look)),
            unreadable=await look.listed(self._unreadable(look)),
        )
        return replace(waiting, more=look.more)

    async def _parked(self, look: _Look) -> AsyncGenerator[ParkedStream, None]:
        async for name in look.names(self._inbox, PARKED):
            place = name.removeprefix(PARKED)
            if _is_ledger(place):
                for parked in await self._parked_in_ledger(place):
                    yield parked
            elif (found := await self._parked_stream(place)) is not None:
                yield found

    async def _parked_stream(self, stream: str) -> ParkedStream | None:
        # What is parked is read first: what is freed meanwhile is not taken for waiting then.
        newest = await self._inbox.last(PARKED + stream)
        last = await self._inbox.last(stream)
        version = last.version if last else 0
        if newest is None or newest.version <= version:
            return None
        limit = WAITING_FACTS_MAX
        facts = await self._inbox.stream(PARKED + stream, after=version, limit=limit)
        missing = fact_id(stream, await self._missing(stream, version))
        return ParkedStream(stream, missing, len(facts), facts[0].version, newest.version)

    async def _missing(self, stream: str, version: int) -> int:
        """The first version behind `version` that is not parked."""
        limit = WAITING_FACTS_MAX
        while True:
            before = version
            for fact in await self._inbox.stream(PARKED + stream, after=version, limit=limit):
                if fact.version != version + 1:
                    return version + 1
                version = fact.version
            if version < before + limit:
                return version + 1

    async def _parked_in_ledger(self, cycle: str) -> list[ParkedStream]:
        ledger = self._ledgers.setdefault(cycle, _Ledger())
        async with self._turn.taken():
            await self._read(cycle, ledger)
        found = []
        for stream, waiting in sorted(ledger.waiting.items()):
            version = ledger.versions.get(stream, 0) + 1
            while version in waiting:
                version += 1
            missing = fact_id(stream, version)
            lowest, highest, since = min(waiting), max(waiting), min(waiting.values())
            found.append(ParkedStream(stream, missing, len(waiting), lowest, highest, since))
        return found

    async def _read(self, cycle: str, ledger: _Ledger) -> None:
        """Read on; what was parked first, as above."""
        async for number, kept in entries(self._inbox, PARKED + cycle, after=ledger.parked):
            fact = codec.place_as_kept(kept.fact)
            ledger.waiting.setdefault(fact.stream, {})[fact.version] = kept.at
            ledger.parked = number
        async for number, kept in entries(self._inbox, LEDGER + cycle, after=ledger.numbered):
            fact = codec.place_as_kept(kept.fact)
            ledger.versions[fact.stream] = fact.version
            ledger.numbered = number
        for stream, versions in list(ledger.waiting.items()):
            reached = ledger.versions.get(stream, 0)
            left = {version: at for version, at in versions.items() if version > reached}
            ledger.waiting[stream] = left
            if not left:
                del ledger.waiting[stream]

    async def _stopped(self, look: _Look) -> AsyncGenerator[StoppedStream, None]:
        async for name in look.names(self._inbox, STOPPED):
            stream = name.removeprefix(STOPPED)
            reached = await self._store.tracked(track_of(stream))
            for mark in await self._inbox.stream(name, after=reached, limit=1):
                last = await self._inbox.last(stream)
                waiting = (last.version if last else 0) - mark.version + 1
                fact = fact_id(stream, mark.version)
                yield StoppedStream(stream, fact, mark.body.decode(), waiting)

    async def _altered(self, look: _Look) -> AsyncGenerator[str, None]:
        """By stream, each fact once, however often it was told again."""
        async for name in look.names(self._inbox, ALTERED):
            is_ledger, told, after = "/" not in name.removeprefix(ALTERED), set[str](), 0
            for _ in range(PAGES_MAX):
                kept = await self._inbox.stream(name, after=after, limit=WAITING_FACTS_MAX)
                for each in kept:
                    body = entry.from_bytes(each.body).fact if is_ledger else each.body
                    if (fact := codec.place_as_kept(body).id) not in told:
                        told.add(fact)
                        yield fact
                if len(kept) < WAITING_FACTS_MAX:
                    break
                after = kept[-1].version
            else:
                look.more = True

    async def _unreadable(self, look: _Look) -> AsyncGenerator[UnreadableRecord, None]:
        async for name in look.names(self._inbox, UNREADABLE):
            partition = int(name.rpartition("/")[2])
            for record in await self._inbox.stream(name, limit=LISTED_MAX + 1):
                yield UnreadableRecord(partition, record.version)


def _is_ledger(place: str) -> bool:
    """Whether it is a cycle, beside whose ledger something is kept, and not a stream."""
    return "/" not in place
