"""A service whose streams wait, and what is listed of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.memory import MemoryClock, MemoryEventStore, MemoryStream
from shared.events import codec
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ports import EventStore, Message
from shared.runtime.number import LEDGER, Numberer
from shared.runtime.parked import Parked, ParkedStream, Waiting
from shared.runtime.receive import Inbox
from shared.runtime.service import Receiver, Receiving
from tests.support.claims import stored

Kind = Callable[[EventStore], Receiving]

BEGINNING = datetime(2021, 10, 15, tzinfo=UTC)
FIRST, SECOND = "submission/2021/so-noi-vu", "submission/2021/so-y-te"
OTHER_CYCLE = "submission/2020/so-y-te"


def everything_wanted(store: EventStore) -> Inbox:
    """An inbox that takes every stream."""
    return Inbox(store, lambda _: True)


KINDS = pytest.mark.parametrize("receiving", [everything_wanted, Numberer], ids=["inbox", "ledger"])


class Service:
    """One that hears a topic, and whose operators look at what waits."""

    def __init__(self, receiving: Kind) -> None:
        self.clock = MemoryClock(BEGINNING)
        self.inbox, self.store = MemoryEventStore(), MemoryEventStore()
        self.parked = Parked(self.inbox, self.store)
        self._topic = MemoryStream(self.clock)
        self._receiving = receiving
        self.restart()

    def restart(self) -> None:
        """Begin again with what is kept."""
        self._receiver = Receiver(self._topic, "service", self._receiving(self.inbox))

    async def hear(self, *facts: Stored) -> None:
        """The topic tells facts, each a second after the one before, and all of it is received."""
        for fact in facts:
            self.clock.advance(timedelta(seconds=1))
            await self._topic.publish([Message("2021", fact.body)])
        await self._receiver.step()

    async def order(self, stream: str) -> list[int]:
        """The versions of a stream, in the order in which they took their places."""
        kept = [logged.fact for logged in await self.inbox.log(after=0, limit=1_000)]
        ledger = [entry.from_bytes(e.body).fact for e in kept if e.stream.startswith(LEDGER)]
        facts = [*map(codec.head, ledger), *kept]
        return [fact.version for fact in facts if fact.stream == stream]

    async def waiting(self) -> Waiting:
        """What waits, for one who looks again and again, and for one who looks the first time."""
        again = await self.parked.waiting()
        assert again == await Parked(self.inbox, self.store).waiting()
        return again


class CountingEventStore(MemoryEventStore):
    """A store that counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    async def _begin(self) -> None:
        self.calls += 1
        await super()._begin()


def told(*versions: int, stream: str = SECOND, points: str = "1") -> Sequence[Stored]:
    """Facts of a stream."""
    return [stored(version, points, stream) for version in versions]


def without_time(waiting: Waiting) -> list[ParkedStream]:
    """What is parked; nothing else waits."""
    assert waiting == Waiting(parked=waiting.parked)
    return [replace(each, since=None) for each in waiting.parked]


def waits(stream: str, missing: int, *versions: int) -> ParkedStream:
    """What is listed of a parked stream, but for the time."""
    lowest, highest = min(versions), max(versions)
    return ParkedStream(stream, f"{stream}@{missing}", len(versions), lowest, highest)
