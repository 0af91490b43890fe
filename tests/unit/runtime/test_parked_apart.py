"""A fact that is parked while another member places the one before it does not wait for ever.

So it comes where a cycle's records lie in two partitions, whose members do not know of each other.
"""

from collections.abc import Sequence
from contextlib import suppress

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Conflict
from shared.ports import Delivery, EventStore
from shared.runtime import parked
from shared.runtime.parked import Waiting
from shared.runtime.service import Receiving
from tests.support.parking import (
    BEGINNING,
    KINDS,
    SECOND,
    Kind,
    Service,
    told,
    waits,
    without_time,
)

MEMBERS = ("who parked it", "who placed the one before", "who begins anew")
TRIES_MAX = 2


class Pair:
    """Two members that know a stream up to its fourth fact: one parks, and the other places."""

    def __init__(self, receiving: Kind) -> None:
        self.service = Service(receiving)
        self._store: EventStore = self.service.inbox
        self._positions = [0, 0]
        self._members = [receiving(self._store), receiving(self._store)]
        self._anew = receiving(self._store)

    async def part(self, *parked: int) -> None:
        """The versions are parked, and the fifth is placed; neither member knows of the other."""
        await self._receive(self._members[0], 0, told(1, 2, 3, 4))
        await self._receive(self._members[1], 1, told(4))
        await self._receive(self._members[0], 0, told(*parked))
        await self._receive(self._members[1], 1, told(5))

    async def hear(self, member: str, *versions: int) -> None:
        """A member is told facts, again after a conflict as its loop would."""
        number = MEMBERS.index(member)
        receiving = (*self._members, self._anew)[number]
        await self._receive(receiving, number % 2, told(*versions))

    async def _receive(self, receiving: Receiving, partition: int, facts: Sequence[Stored]) -> None:
        begin = self._positions[partition]
        self._positions[partition] = begin + len(facts)
        deliveries = [
            Delivery(partition, position, BEGINNING, "2021", fact.body)
            for position, fact in enumerate(facts, begin + 1)
        ]
        for _ in range(TRIES_MAX):
            with suppress(Conflict):
                await receiving.receive(deliveries)
                return
        pytest.fail("a conflict came twice")


@KINDS
@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("next_told", [[7], [6], [5], [8, 7], [7, 9, 8]], ids=str)
async def test_what_is_told_next_frees_what_waits_for_nothing_any_more(
    receiving: Kind, member: str, next_told: list[int]
) -> None:
    pair = Pair(receiving)
    await pair.part(6)

    # A repetition tells a member nothing that it does not know; the next fact does.
    await pair.hear(member, *next_told, max(7, *next_told) + 1, 7)

    end = max(7, *next_told) + 1
    assert await pair.service.order(SECOND) == list(range(1, end + 1))
    assert await pair.service.waiting() == Waiting()


@KINDS
@pytest.mark.parametrize("member", MEMBERS)
async def test_a_stream_goes_on_with_the_fact_that_is_said_to_be_missing(
    receiving: Kind, member: str
) -> None:
    pair = Pair(receiving)
    await pair.part(6, 7, 9)
    assert without_time(await pair.service.waiting()) == [waits(SECOND, 8, 6, 7, 9)]

    await pair.hear(member, 8)

    assert await pair.service.order(SECOND) == list(range(1, 10))
    assert await pair.service.waiting() == Waiting()


@KINDS
async def test_what_is_held_is_not_said_to_be_missing_however_much_it_is(
    receiving: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "WAITING_FACTS_MAX", 2)
    pair = Pair(receiving)
    await pair.part(6, 7, 8, 9, 11)

    [listed] = (await pair.service.waiting()).parked

    assert listed.missing == f"{SECOND}@10"


@KINDS
async def test_an_ordinary_gap_is_no_conflict(receiving: Kind) -> None:
    store = MemoryEventStore()
    deliveries = [
        Delivery(0, position, BEGINNING, "2021", fact.body)
        for position, fact in enumerate(told(1, 3, 2, 5, 6), 1)
    ]

    await receiving(store).receive(deliveries)

    assert await store.tracked("topic/0") == len(deliveries)
