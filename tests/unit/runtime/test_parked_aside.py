"""What was set aside is listed too; and how the list looks."""

import json

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.runtime import parked
from shared.runtime.number import Numberer
from shared.runtime.parked import Parked, ParkedStream, UnreadableRecord, Waiting
from tests.support.echo_service import EchoService
from tests.support.listening import FIRST, KINDS, SECOND, Kind, Listening, everything_wanted, told


@KINDS
async def test_what_was_told_with_other_bytes_is_listed_by_its_id_and_stays(
    receiving: Kind,
) -> None:
    service = Listening(receiving)

    await service.hear(*told(1, 2), *told(2, 1, 2, points="9"), *told(1, stream=FIRST))
    service.restart()
    await service.hear(*told(3))

    waiting = await service.waiting()
    assert waiting == Waiting(altered=(f"{SECOND}@2", f"{SECOND}@1"))


@KINDS
async def test_records_that_name_no_fact_are_listed_by_their_places(receiving: Kind) -> None:
    service = Listening(receiving)
    noise = Stored(SECOND, 1, "any", b"\xff")

    await service.hear(*told(1), noise, *told(2), noise)

    records = (UnreadableRecord(0, 2), UnreadableRecord(0, 4))
    assert await service.waiting() == Waiting(unreadable=records)


# --- The list itself


async def test_the_list_says_everything_in_json() -> None:
    inbox, store = MemoryEventStore(), MemoryEventStore()
    service = Listening(everything_wanted)
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
    }


async def test_a_time_in_the_list_is_written_in_json_too() -> None:
    service = Listening(Numberer)
    await service.hear(*told(2))

    [listed] = (await service.waiting()).body["parked"]

    assert listed["since"] == "2021-10-15T00:00:01+00:00"


@KINDS
async def test_of_each_kind_so_many_are_listed(
    receiving: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "LISTED_MAX", 2)
    service = Listening(receiving)
    streams = [f"submission/2021/{agency}" for agency in "abc"]
    noise = Stored(SECOND, 1, "any", b"\xff")
    await service.hear(*(fact for stream in streams for fact in told(1, 3, stream=stream)))
    await service.hear(*(fact for each in streams for fact in told(1, stream=each, points="9")))
    await service.hear(noise, noise, noise)

    waiting = await service.waiting()

    assert [each.stream for each in waiting.parked] == streams[:2]
    assert waiting.altered == tuple(f"{stream}@1" for stream in streams[:2])
    assert [record.position for record in waiting.unreadable] == [10, 11]


async def test_what_waits_is_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parked, "WAITING_FACTS_MAX", 2)
    service = Listening(everything_wanted)

    await service.hear(*told(3, 4, 5, 9))

    [listed] = (await service.waiting()).parked
    assert listed == ParkedStream(SECOND, f"{SECOND}@1", waiting=2, lowest=3, highest=9)
