"""What waits is listed, in the stores of every service, and goes from the list when it goes on."""

import asyncio
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.runtime import number
from shared.runtime.number import Numberer
from shared.runtime.parked import Parked, UnreadableRecord, Waiting
from tests.support.echo_service import EchoService
from tests.support.parking import (
    BEGINNING,
    FIRST,
    KINDS,
    OTHER_CYCLE,
    SECOND,
    CountingEventStore,
    Kind,
    Service,
    everything_wanted,
    told,
    waits,
    without_time,
)
from tests.support.woven import woven


async def test_where_nothing_was_ever_parked_the_list_is_empty_and_costs_four_looks() -> None:
    inbox, store = CountingEventStore(), CountingEventStore()
    await inbox.append(told(1, 2, 3))
    inbox.calls = 0

    assert await Parked(inbox, store).waiting() == Waiting()
    assert (inbox.calls, store.calls) == (4, 0)


# --- Gaps, and their repair


@KINDS
async def test_a_gap_parks_its_stream_alone_and_is_listed(receiving: Kind) -> None:
    service = Service(receiving)

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
    service = Service(receiving)
    await service.hear(*told(1, 4, 3), *told(1, stream=FIRST))
    assert without_time(await service.waiting()) == [waits(SECOND, 2, 3, 4)]
    if restart:
        service.restart()

    await service.hear(*told(2), *told(5))

    assert await service.order(SECOND) == [1, 2, 3, 4, 5]
    assert await service.waiting() == Waiting()


@KINDS
async def test_what_still_waits_behind_a_second_gap_stays_listed(receiving: Kind) -> None:
    service = Service(receiving)
    await service.hear(*told(2, 3, 6, 8))
    assert without_time(await service.waiting()) == [waits(SECOND, 1, 2, 3, 6, 8)]

    await service.hear(*told(1))
    assert without_time(await service.waiting()) == [waits(SECOND, 4, 6, 8)]

    await service.hear(*told(4, 5))
    assert without_time(await service.waiting()) == [waits(SECOND, 7, 8)]


async def test_a_ledger_knows_since_when_a_stream_waits() -> None:
    service = Service(Numberer)
    await service.hear(*told(1, 4, 3), *told(2, stream=FIRST))

    assert [each.since for each in (await service.waiting()).parked] == [
        BEGINNING + timedelta(seconds=4),
        BEGINNING + timedelta(seconds=2),
    ]


async def test_the_ledger_of_every_cycle_is_looked_into() -> None:
    service = Service(Numberer)
    await service.hear(*told(2), *told(3, stream=OTHER_CYCLE))

    assert without_time(await service.waiting()) == [
        waits(OTHER_CYCLE, 1, 3),
        waits(SECOND, 1, 2),
    ]


# --- What was set aside


@KINDS
async def test_what_was_told_with_other_bytes_is_listed_by_its_id_and_stays(
    receiving: Kind,
) -> None:
    service = Service(receiving)

    await service.hear(*told(1, 2), *told(2, 1, 2, points="9"), *told(1, stream=FIRST))
    service.restart()
    await service.hear(*told(3))

    waiting = await service.waiting()
    assert waiting == Waiting(altered=(f"{SECOND}@2", f"{SECOND}@1"))


@KINDS
async def test_records_that_name_no_fact_are_listed_by_their_places(receiving: Kind) -> None:
    service = Service(receiving)
    noise = Stored(SECOND, 1, "any", b"\xff")

    await service.hear(*told(1), noise, *told(2), noise)

    records = (UnreadableRecord(0, 2), UnreadableRecord(0, 4))
    assert await service.waiting() == Waiting(unreadable=records)


# --- The list itself


async def test_the_list_says_everything_in_json() -> None:
    inbox, store = MemoryEventStore(), MemoryEventStore()
    service = Service(everything_wanted)
    service.inbox, service.store, service.parked = inbox, store, Parked(inbox, store)
    service.restart()
    noise = Stored(SECOND, 1, "any", b"\xff")
    await service.hear(*told(1, 2, 4), *told(1, points="9"), noise, *told(1, stream=FIRST))
    await EchoService(inbox, store, {f"{SECOND}@1": KeyError()}).reactor.step()

    body = json.loads(json.dumps((await service.waiting()).body))

    assert body == {
        "parked": [
            {
                "stream": SECOND,
                "missing": f"{SECOND}@3",
                "waiting": 1,
                "lowest": 4,
                "highest": 4,
                "since": None,
            }
        ],
        "stopped": [{"stream": SECOND, "fact": f"{SECOND}@1", "because": "KeyError", "waiting": 2}],
        "altered": [f"{SECOND}@1"],
        "unreadable": [{"partition": 0, "position": 5}],
        "more": False,
    }


async def test_a_time_in_the_list_is_written_in_json_too() -> None:
    service = Service(Numberer)
    await service.hear(*told(2))

    [listed] = (await service.waiting()).body["parked"]

    assert listed["since"] == "2021-10-15T00:00:01+00:00"


@KINDS
@given(st.integers(0, 2**32))
def test_what_never_waited_is_listed_by_nobody_whenever_they_look(
    receiving: Kind, seed: int
) -> None:
    service, seen = Service(receiving), set[Waiting]()

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
    service = Service(Numberer)
    service.inbox = CountingEventStore()
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
