"""What waits is listed, in the stores of every service, and goes from the list when it goes on."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryEventStore
from shared.runtime import number
from shared.runtime.number import Numberer
from shared.runtime.parked import Parked, Waiting
from tests.support.listening import (
    BEGINNING,
    FIRST,
    KINDS,
    OTHER_CYCLE,
    SECOND,
    Kind,
    Listening,
    told,
    waits,
    without_time,
)
from tests.support.woven import woven


class _Counting(MemoryEventStore):
    """A store that counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    async def _begin(self) -> None:
        self.calls += 1
        await super()._begin()


async def test_where_nothing_was_ever_parked_the_list_is_empty_and_costs_four_looks() -> None:
    inbox, store = _Counting(), _Counting()
    await inbox.append(told(1, 2, 3))
    inbox.calls = 0

    assert await Parked(inbox, store).waiting() == Waiting()
    assert (inbox.calls, store.calls) == (4, 0)


# --- Gaps, and their repair


@KINDS
async def test_a_gap_parks_its_stream_alone_and_is_listed(receiving: Kind) -> None:
    service = Listening(receiving)

    await service.hear(*told(1, 3, 4), *told(1, 2, stream=FIRST), *told(7))

    assert without_time(await service.waiting()) == [waits(SECOND, 2, 3, 4, 7)]
    assert await service.order(FIRST) == [1, 2]
    assert await service.order(SECOND) == [1]


@KINDS
@pytest.mark.parametrize("restart", [False, True])
async def test_the_missing_fact_comes_by_the_topic_and_all_goes_on_in_order(
    receiving: Kind,
    restart: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    service = Listening(receiving)
    await service.hear(*told(1, 4, 3), *told(1, stream=FIRST))
    assert without_time(await service.waiting()) == [waits(SECOND, 2, 3, 4)]
    if restart:
        service.restart()

    await service.hear(*told(2), *told(5))

    assert await service.order(SECOND) == [1, 2, 3, 4, 5]
    assert await service.waiting() == Waiting()


@KINDS
async def test_what_still_waits_behind_a_second_gap_stays_listed(receiving: Kind) -> None:
    service = Listening(receiving)
    await service.hear(*told(2, 3, 6, 8))
    assert without_time(await service.waiting()) == [waits(SECOND, 1, 2, 3, 6, 8)]

    await service.hear(*told(1))
    assert without_time(await service.waiting()) == [waits(SECOND, 4, 6, 8)]

    await service.hear(*told(4, 5))
    assert without_time(await service.waiting()) == [waits(SECOND, 7, 8)]


async def test_a_ledger_knows_since_when_a_stream_waits() -> None:
    service = Listening(Numberer)
    await service.hear(*told(1, 4, 3), *told(2, stream=FIRST))

    assert [each.since for each in (await service.waiting()).parked] == [
        BEGINNING + timedelta(seconds=4),
        BEGINNING + timedelta(seconds=2),
    ]


async def test_the_ledger_of_every_cycle_is_looked_into() -> None:
    service = Listening(Numberer)
    await service.hear(*told(2), *told(3, stream=OTHER_CYCLE))

    assert without_time(await service.waiting()) == [
        waits(OTHER_CYCLE, 1, 3),
        waits(SECOND, 1, 2),
    ]


@KINDS
@given(st.integers(0, 2**32))
def test_what_never_waited_is_listed_by_nobody_whenever_they_look(
    receiving: Kind, seed: int
) -> None:
    service, seen = Listening(receiving), set[Waiting]()

    async def hear() -> None:
        for version in range(2, 20, 2):
            await service.hear(*told(version, version - 1))

    async def look() -> None:
        for _ in range(20):
            seen.add(await service.parked.waiting())

    async def play() -> Waiting:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(number, "READ_ENTRIES_MAX", 2)
            await asyncio.gather(hear(), *(look() for _ in range(4)))
        return await service.waiting()

    assert woven(seed, play()) == Waiting()
    assert seen == {Waiting()}


async def test_what_was_read_of_a_ledger_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number, "READ_ENTRIES_MAX", 2)
    service = Listening(Numberer)
    service.inbox = _Counting()
    service.parked = Parked(service.inbox, service.store)
    service.restart()
    await service.hear(*told(*range(1, 20)), *told(21))

    calls = []
    for _ in range(2):
        service.inbox.calls = 0
        await service.parked.waiting()
        calls.append(service.inbox.calls)

    assert calls[0] > 12
    assert calls[1] == 6
