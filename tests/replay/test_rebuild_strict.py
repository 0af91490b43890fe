"""A rebuild stops at what is not as it has to be, names it, and leaves what serves as it is."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from services.ranking.application import Came, Rebuilder, Source
from services.ranking.application.generations import Generations
from shared.adapters.memory import MemoryEventStore
from shared.count import fold
from shared.count.replay import Replay
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.ports import Message
from shared.runtime.number import LEDGER
from tests.support.kept import kept_as
from tests.support.ranking import Ranking, came_to, changed, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

TOLD = whole_cycle()
NEXT = len(TOLD) + 1


class Poisoned(Exception):
    """What a fold or a drawing may meet."""


@pytest.fixture
async def service() -> AsyncIterator[Ranking]:
    """A cycle that is counted and shown."""
    async with ranking() as counted:
        await counted.hear(TOLD)
        yield counted


async def keep(service: Ranking, body: bytes, number: int = NEXT) -> None:
    """Put an entry into the ledger, past whoever numbers."""
    await service.outside.inbox.append([Stored(LEDGER + CYCLE, number, "ledger-entry", body)])


def kept(body: bytes) -> bytes:
    return entry.to_bytes(Entry(OPENED_AT, body))


async def stopped_at(
    service: Ranking, source: Source = "ledger", *, known: int = 0
) -> tuple[str, dict[str, str]]:
    """What a rebuild says of where it stopped; nothing that serves has changed by it."""
    before = await service.documents()
    came: Came = await service.rebuilt(source, "always")
    assert came.stopped is not None
    assert not came.serves
    assert (await Generations(service.outside.documents).pointer(CYCLE)).serving.number == known
    assert await service.documents() == before
    return came.stopped.code, dict(came.stopped.details)


# --- The ledger

NEWER = changed().body.replace(b"ResultImported.v2", b"ResultImported.v9")
DAMAGES = {
    "a fact of a newer version": (kept(NEWER), "fact-unreadable", changed().id),
    "bytes that name no place": (kept(b"\x00"), "entry-unreadable", "?"),
    "a fact of another cycle": (kept_as(changed(), "2020"), "fact-of-another-cycle", ""),
    "a fact that stands there already": (kept(TOLD[-1].body), "version-repeated", TOLD[-1].id),
    "an entry without its time": (changed().body, "entry-unreadable", "?"),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_is_damaged_in_the_ledger_is_named(service: Ranking, damage: str) -> None:
    body, because, fact = DAMAGES[damage]
    await keep(service, body)

    code, details = await stopped_at(service)

    assert code == "rebuild-stopped"
    assert details["entry"] == f"ledger/{CYCLE}@{NEXT}"
    assert details["because"] == because
    assert not fact or details["fact"] == fact


async def test_a_number_that_is_missing_is_named(service: Ranking) -> None:
    await keep(service, kept(changed().body), NEXT + 1)

    _, details = await stopped_at(service)

    assert details == {"entry": f"ledger/{CYCLE}@{NEXT}", "because": "entry-missing", "fact": "?"}


async def test_an_entry_at_which_the_count_fails_is_named(
    service: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "apply", _poison(fold.apply, at=5))

    _, details = await stopped_at(service)

    assert details == {"entry": f"ledger/{CYCLE}@5", "because": "Poisoned", "fact": "?"}


async def test_a_cycle_that_comes_to_no_document_is_named(
    service: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Replay, "count", _poison(Replay.count, at=1))
        code, details = await stopped_at(service)

    assert (code, details["because"]) == ("rebuild-stopped", "Poisoned")


@pytest.mark.parametrize("damage", ["another", "none"])
async def test_an_own_fact_that_the_ledger_has_otherwise_is_named(
    service: Ranking, damage: str
) -> None:
    await service.approve()
    [approval] = await service.outside.store.stream(f"result/{CYCLE}", limit=9)
    own = MemoryEventStore()
    if damage == "another":
        await own.append(
            [structs.replace(approval, body=approval.body.replace(b'"1.0"', b'"1.1"'))]
        )

    rebuilder = Rebuilder(replace(service.stores(), own=own), "again")
    came = await came_to(rebuilder)

    assert came.stopped is not None
    assert came.stopped.code == "rebuild-sources-differ"
    assert came.stopped.details["fact"] == approval.id


async def test_an_own_fact_that_cannot_be_read_is_named_and_what_was_ordered_ends(
    service: Ranking,
) -> None:
    own = MemoryEventStore()
    await own.append([structs.replace(changed(), stream=f"result/{CYCLE}", version=1, body=NEWER)])

    rebuilder = Rebuilder(replace(service.stores(), own=own), "again")
    came = await came_to(rebuilder)

    assert came.stopped is not None
    assert came.stopped.code == "rebuild-stopped"
    assert came.stopped.details["because"].startswith("Unreadable: ")
    assert came.body["state"] == "stopped"


# --- The topic


async def test_an_entry_that_the_topic_tells_otherwise_is_named(service: Ranking) -> None:
    told = changed()
    await keep(service, kept(told.body.replace(b"97", b"98")))
    await service.outside.topic.publish([Message(CYCLE, told.body)])

    code, details = await stopped_at(service, "topic")

    assert code == "rebuild-sources-differ"
    assert details == {"entry": f"ledger/{CYCLE}@{NEXT}", "fact": told.id}


async def test_an_entry_that_the_topic_took_at_another_time_is_named(service: Ranking) -> None:
    told = changed()
    await keep(service, kept(told.body))
    service.clock.advance(timedelta(hours=1))
    await service.outside.topic.publish([Message(CYCLE, told.body)])

    code, _ = await stopped_at(service, "topic")

    assert code == "rebuild-sources-differ"


async def test_a_topic_that_ends_before_the_ledger_does_is_named(service: Ranking) -> None:
    await keep(service, kept(changed().body))

    code, details = await stopped_at(service, "topic")

    assert code == "rebuild-topic-ends"
    assert details == {"cycle": CYCLE, "number": str(len(TOLD)), "size": str(NEXT)}


async def test_a_record_that_names_no_place_stops_the_cycle_that_it_came_under() -> None:
    async with ranking() as service:
        await service.hear(TOLD[:3])
        await service.tell(b"\x00")
        await service.hear(TOLD[3:])

        code, details = await stopped_at(service, "topic")

    assert code == "rebuild-record-unreadable"
    assert details == {"partition": "0", "position": "4"}


async def test_one_that_came_under_another_stops_nothing_here() -> None:
    async with ranking() as service:
        await service.hear(TOLD[:3])
        await service.outside.topic.publish([Message("2020", b"\x00")])
        await service.hear(TOLD[3:])

        came = await service.rebuilt("topic")

    assert (came.stopped, came.differing, came.serves) == (None, [], True)


def _poison(real: Callable[..., Any], *, at: int) -> Callable[..., Any]:
    """Does what the real one does, and fails when it is called for the so-manyth time."""
    calls = 0

    def poisoned(*arguments: Any) -> Any:  # noqa: ANN401 - as the real one
        nonlocal calls
        calls += 1
        if calls >= at:
            raise Poisoned
        return real(*arguments)

    return poisoned
