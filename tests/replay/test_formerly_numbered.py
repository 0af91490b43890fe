"""What a former release numbered, and this one would not: all goes on behind it, and names it."""

from collections.abc import AsyncIterator

import pytest

from services.ranking.application import Ledgers, Source
from shared.events.codec import Stored
from shared.events.strict import NESTING_MAX
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ports import Message, Tracking
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.number import LEDGER
from shared.runtime.parked import Parked, Waiting
from tests.support.kept import kept_as
from tests.support.odd_bytes import NOT_UTF8, nested
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

OTHER = "2020"
TOLD = whole_cycle()
FORMERLY, ODD = 5, 5
"""So many were numbered by a former release, and the last of them was odd: its stream goes on."""

ODD_VALUES = [b'"' + NOT_UTF8[0] + b'"', nested(NESTING_MAX)]


def odd(told: Stored, value: bytes) -> bytes:
    """The fact with something that no field asks for."""
    return told.body[:-1] + b',"zzz":' + value + b"}"


def kept(kind: str, *bodies: bytes) -> list[Stored]:
    return [
        Stored(kind + CYCLE, number, "ledger-entry", entry.to_bytes(Entry(OPENED_AT, body)))
        for number, body in enumerate(bodies, start=1)
    ]


@pytest.fixture(params=ODD_VALUES, ids=["not-utf-8", "too-deep"])
async def service(request: pytest.FixtureRequest) -> AsyncIterator[Ranking]:
    """A ledger of a former release, with what waited and what was set aside; then others speak."""
    bodies = [each.body for each in TOLD[:FORMERLY]]
    bodies[ODD - 1] = odd(TOLD[ODD - 1], request.param)
    async with ranking() as service:
        outside = service.outside
        await outside.topic.publish([Message(CYCLE, body) for body in bodies])
        beside = kept(PARKED, bodies[ODD - 1]) + kept(ALTERED, odd(TOLD[0], request.param))
        await outside.inbox.append(
            [*kept(LEDGER, *bodies), *beside], tracking=Tracking("topic/0", FORMERLY)
        )
        other = [entry.from_bytes(kept_as(each, OTHER)).fact for each in TOLD]
        await outside.topic.publish([Message(OTHER, body) for body in other])
        await service.hear(TOLD[FORMERLY:])
        yield service


async def test_numbering_goes_on_in_this_cycle_and_in_others(service: Ranking) -> None:
    for cycle in (CYCLE, OTHER):
        last = await service.outside.inbox.last(LEDGER + cycle)
        assert last is not None
        assert last.version == len(TOLD)


async def test_the_count_names_it_and_what_stands_behind_it(service: Ranking) -> None:
    replay = (await Ledgers(service.outside.inbox).now(CYCLE)).replay

    assert [(each.number, each.code) for each in replay.faults] == [
        (ODD, "entry-unreadable"),
        (ODD + 1, "version-missing"),
    ]
    shown = (await service.get(f"/cycles/{CYCLE}/hindrances", "administrator")).json()
    assert shown["counted_to"] == len(TOLD)
    assert "ledger-damaged" in [each["code"] for each in shown["hindrances"]]


async def test_the_flags_name_it(service: Ranking) -> None:
    body = (await service.get(f"/cycles/{CYCLE}/flags", "auditor")).json()

    assert body["passed_over"] == [{"number": ODD, "code": "entry-unreadable", "fact": ""}]


async def test_what_waits_can_be_asked_for(service: Ranking) -> None:
    waiting = await Parked(service.outside.inbox, service.outside.store).waiting()

    assert waiting == Waiting(altered=(TOLD[0].id,))


@pytest.mark.parametrize(
    ("source", "code", "details"),
    [
        (
            "ledger",
            "rebuild-stopped",
            {"entry": f"{LEDGER}{CYCLE}@{ODD}", "fact": "?", "because": "entry-unreadable"},
        ),
        ("topic", "rebuild-record-unreadable", {"partition": "0", "position": str(ODD)}),
    ],
)
async def test_a_rebuild_stops_there_and_says_so(
    service: Ranking, source: Source, code: str, details: dict[str, str]
) -> None:
    came = await service.rebuilt(source)

    assert came.stopped is not None
    assert (came.stopped.code, came.stopped.details) == (code, details)
