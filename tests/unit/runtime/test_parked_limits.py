"""What waits is listed up to limits, and the list says when they hide something."""

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.runtime import parked
from shared.runtime.parked import Parked, ParkedStream, Waiting
from tests.support.parking import (
    FIRST,
    KINDS,
    SECOND,
    CountingEventStore,
    Kind,
    Service,
    everything_wanted,
    told,
)


@KINDS
async def test_of_each_kind_so_many_are_listed(
    receiving: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "LISTED_MAX", 2)
    service = Service(receiving)
    streams = [f"submission/2021/{agency}" for agency in "abc"]
    noise = Stored(SECOND, 1, "any", b"\xff")
    await service.hear(*(fact for stream in streams for fact in told(1, 3, stream=stream)))
    await service.hear(*(fact for each in streams for fact in told(1, stream=each, points="9")))
    await service.hear(noise, noise, noise)

    waiting = await service.waiting()

    assert [each.stream for each in waiting.parked] == streams[:2]
    assert waiting.altered == tuple(f"{stream}@1" for stream in streams[:2])
    assert [record.position for record in waiting.unreadable] == [10, 11]
    assert waiting.more


@KINDS
async def test_a_fact_that_was_told_again_and_again_hides_no_other(
    receiving: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "WAITING_FACTS_MAX", 2)
    service = Service(receiving)
    await service.hear(*told(1, 2))
    await service.hear(*(told(1, points=str(points))[0] for points in range(3, 10)))
    await service.hear(*told(2, points="9"))

    waiting = await service.waiting()
    monkeypatch.setattr(parked, "PAGES_MAX", 3)
    cut_short = await service.waiting()

    assert waiting.altered == (f"{SECOND}@1", f"{SECOND}@2")
    assert not waiting.more
    assert cut_short.altered == (f"{SECOND}@1",)
    assert cut_short.more


@KINDS
async def test_where_all_of_each_kind_are_listed_there_are_no_more(
    receiving: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "LISTED_MAX", 2)
    monkeypatch.setattr(parked, "LOOKED_AT_MAX", 2)
    service = Service(receiving)
    noise = Stored(SECOND, 1, "any", b"\xff")
    for stream in (FIRST, SECOND):
        await service.hear(*told(1, 3, stream=stream), *told(1, stream=stream, points="9"))
    await service.hear(noise, noise)

    waiting = await service.waiting()

    assert [len(each) for each in (waiting.parked, waiting.altered, waiting.unreadable)] == [2] * 3
    assert not waiting.more


async def test_so_many_streams_are_looked_at_and_what_is_left_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parked, "LOOKED_AT_MAX", 2)
    inbox, store = CountingEventStore(), MemoryEventStore()
    service = Service(everything_wanted)
    service.inbox, service.parked = inbox, Parked(inbox, store)
    service.restart()
    for agency in "abcde":
        await service.hear(*told(2, 1, stream=f"submission/2021/{agency}"))
    inbox.calls = 0

    waiting = await service.parked.waiting()

    assert waiting == Waiting(more=True)
    assert inbox.calls == 4 + 2 * 2


async def test_what_waits_is_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parked, "WAITING_FACTS_MAX", 2)
    service = Service(everything_wanted)

    await service.hear(*told(3, 4, 5, 9))

    [listed] = (await service.waiting()).parked
    assert listed == ParkedStream(SECOND, f"{SECOND}@1", waiting=2, lowest=3, highest=9)
