"""A store as a version reads it that does not know some of its facts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from msgspec import structs

from shared.events.codec import Stored
from shared.events.envelope import fact_id
from shared.ports import EventStore, Logged

UNKNOWN = "future.Fact.v9"


class Outdated:
    """Hands everything on, but what it reads of the facts `unknown` is of a type of the future."""

    def __init__(self, store: EventStore, unknown: Iterable[str]) -> None:
        self.unknown = set(unknown)
        self._store = store
        self.append, self.end, self.tracked = store.append, store.end, store.tracked
        self.streams = store.streams

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """As the store says."""
        facts = await self._store.stream(stream, after=after, limit=limit)
        return [self._read(fact) for fact in facts]

    async def last(self, stream: str) -> Stored | None:
        """As the store says."""
        fact = await self._store.last(stream)
        return fact and self._read(fact)

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """As the store says."""
        logged = await self._store.log(after=after, limit=limit)
        return [replace(each, fact=self._read(each.fact)) for each in logged]

    def _read(self, fact: Stored) -> Stored:
        if fact_id(fact.stream, fact.version) not in self.unknown:
            return fact
        body = fact.body.replace(f'"type":"{fact.type}"'.encode(), f'"type":"{UNKNOWN}"'.encode())
        return structs.replace(fact, type=UNKNOWN, body=body)
