"""Several members of a group who all believe that the partitions are theirs, some of them asleep.

Whatever they do to one another, what is kept is what one member alone would have kept.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251 - seeded: the same seed gives the same run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Unavailable
from shared.ports import Delivery, EventStore
from shared.runtime.number import Numberer
from shared.runtime.receive import Inbox
from shared.runtime.service import Receiving
from tests.support.failing import FailingEventStore, Fate
from tests.support.woven import woven

BEGINNING = datetime(2021, 10, 15, tzinfo=UTC)
CYCLES = ("2020", "2021")
MEMBERS = 3
BATCH_MAX = 5
LIVES = 8
TURNS = 6
SLEEP_S_MAX = 0.004
RECORDS_MAX = 40
FATES_COUNT = 12
SEEDS = 400
FATES: tuple[Fate, ...] = ("works", "works", "works", "fails", "works, and the answer is lost")

Topic = Sequence[Sequence[Delivery]]
"""Its records by partition; each cycle has a partition of its own."""

Make = Callable[[EventStore], Receiving]


def inbox(store: EventStore) -> Receiving:
    return Inbox(store, lambda stream: "unwanted" not in stream)


def body(stream: str, version: int, variant: str) -> bytes:
    return f'{{"id":"{stream}@{version}","type":"a.Fact.v1","x":"{variant}"}}'.encode()


def topic_of(chance: Random) -> Topic:
    """Mostly the next fact of a stream; now and then a later or an earlier one, or no fact."""
    return [
        [_delivery(number, place, each) for place, each in enumerate(_bodies(chance, cycle), 1)]
        for number, cycle in enumerate(CYCLES)
    ]


def _bodies(chance: Random, cycle: str) -> Iterator[bytes]:
    ends = {f"cycle/{cycle}": 0, f"submission/{cycle}/a": 0, f"unwanted/{cycle}": 0}
    for _ in range(chance.randrange(RECORDS_MAX)):
        stream = chance.choice(sorted(ends))
        if chance.random() * 10 < 1:
            yield b"noise"
            continue
        version = max(1, ends[stream] + chance.choice((-1, 0, 0, 1, 1, 1, 1, 2)))
        ends[stream] = max(ends[stream], version)
        yield body(stream, version, chance.choice(("", "", "", "other")))


def _delivery(partition: int, position: int, body: bytes) -> Delivery:
    at = BEGINNING + timedelta(seconds=position)
    return Delivery(partition, position, at, CYCLES[partition], body)


@dataclass(slots=True)
class Group:
    """Members over one store, each with every partition."""

    make: Make
    topic: Topic
    chance: Random
    store: FailingEventStore = field(default_factory=FailingEventStore)

    async def play(self) -> None:
        """All at once, with failures; then one of them to the end."""
        await asyncio.gather(*(self._member() for _ in range(MEMBERS)))
        self.store.fates = []
        last = self.make(self.store)
        for number, partition in enumerate(self.topic):
            if rest := partition[await last.position(number) :]:
                await last.receive(rest)

    async def _member(self) -> None:
        member = self.make(self.store)
        for _ in range(LIVES):
            if self.chance.random() * 4 < 1:
                member = self.make(self.store)
            with suppress(Conflict, Unavailable):
                await self._read(member)

    async def _read(self, member: Receiving) -> None:
        """Be given the partitions, and read on in batches for as long as nothing fails."""
        positions = [await member.position(number) for number in range(len(self.topic))]
        for _ in range(self.chance.randrange(1, TURNS)):
            number = self.chance.randrange(len(self.topic))
            await asyncio.sleep(self.chance.random() * SLEEP_S_MAX)
            batch = self.topic[number][positions[number] :][: self.chance.randrange(1, BATCH_MAX)]
            if batch:
                await member.receive(batch)
                positions[number] += len(batch)


async def _alone(make: Make, topic: Topic) -> MemoryEventStore:
    store = MemoryEventStore()
    member = make(store)
    for partition in topic:
        if partition:
            await member.receive(partition)
    return store


async def kept(store: EventStore) -> dict[str, list[Stored]]:
    """What is kept, by stream, in the order in which it was."""
    streams: dict[str, list[Stored]] = {}
    for logged in await store.log(after=0, limit=10_000):
        streams.setdefault(logged.fact.stream, []).append(logged.fact)
    return streams


MAKES = pytest.mark.parametrize("make", [inbox, Numberer], ids=["inbox", "ledger"])


@MAKES
@given(st.integers(0, 2**32))
def test_all_members_together_keep_what_one_would_have_kept(make: Make, seed: int) -> None:
    _play(make, seed)


@pytest.mark.slow
@MAKES
def test_and_so_they_do_in_hundreds_of_worlds(make: Make) -> None:
    for seed in range(SEEDS):
        _play(make, seed)


def _play(make: Make, seed: int) -> None:
    chance = Random(seed)
    topic = topic_of(chance)
    group = Group(make, topic, chance)
    group.store.fates = chance.choices(FATES, k=FATES_COUNT)

    woven(seed, group.play())

    alone = woven(seed, _alone(make, topic))
    assert woven(seed, kept(group.store)) == woven(seed, kept(alone)), f"seed {seed}"
    for number, partition in enumerate(topic):
        assert woven(seed, group.store.tracked(f"topic/{number}")) == len(partition)
