"""Rebuilds that have not ended: what a command takes up again, and how many orders may wait."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from services.ranking.application import Manner, Order, Rebuilds, Source, Switch, rebuilds
from services.ranking.application.generations import Generations
from services.ranking.main import rebuilding, stores_of
from shared.ports import Document
from tests.support.kept import kept
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

OTHER = "2020"
EVERYTHING = Order()
SOURCES: Sequence[Source] = ("ledger", "topic")
SWITCHES: Sequence[Switch] = ("if-equal", "always", "never")


@pytest.fixture
async def service() -> AsyncIterator[Ranking]:
    """Two cycles that are counted and shown, and were rebuilt once."""
    async with ranking() as counted:
        await kept(OTHER, store=counted.outside.inbox)  # type: ignore[arg-type]  # it is in memory
        await counted.hear(whole_cycle())
        await finish(commands(counted), await commands(counted).begin("once", EVERYTHING))
        yield counted


def commands(service: Ranking, name: str = "command") -> Rebuilds:
    """What a command does, by a name of its own."""
    return rebuilding(stores_of(service.outside), name, service.clock)


async def finish(by: Rebuilds, operation: Document) -> Any:  # noqa: ANN401 - JSON
    """Do all of an operation; what it came to."""
    [*_, last] = [body async for body in by.run(operation)]
    return last["cycles"]


async def break_off(service: Ranking, after: str = OTHER, state: str = "serves") -> Document:
    """A command that is killed once it has told that a cycle has come so far."""
    by = commands(service, "killed")
    operation = await by.begin("killed", EVERYTHING)
    async with aclosing(by.run(operation)) as running:
        async for body in running:
            if body["cycles"][after]["state"] == state:
                break
    return operation


async def states(service: Ranking) -> list[str]:
    """The state of every operation that is kept."""
    page = await service.outside.documents.page(rebuilds.REBUILDS, prefix="", limit=99)
    return sorted(each.body["state"] for each in page if each.body)


# --- Commands


async def test_what_was_broken_off_a_while_ago_goes_on_and_tells_what_it_came_to_as_of_then(
    service: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "TOLD_EVERY_S", 0.0)
    broken_off, then = await break_off(service, CYCLE, "making"), service.clock.now().isoformat()
    service.clock.advance(timedelta(minutes=30))
    now = service.clock.now().isoformat()

    taken_up = await commands(service).begin("later", EVERYTHING)
    came = await finish(commands(service), taken_up)

    assert taken_up.body is not None
    assert (taken_up.id, taken_up.body["cycles"][CYCLE]) == (broken_off.id, {"state": "waiting"})
    assert [each["state"] for each in came.values()] == ["serves", "serves"]
    assert [each.get("earlier") for each in came.values()] == [True, None]
    assert [each["at"] for each in came.values()] == [then, now]


async def test_what_was_broken_off_too_long_ago_is_closed_and_begun_anew(service: Ranking) -> None:
    broken_off = await break_off(service)
    service.clock.advance(rebuilds.TAKEN_UP_WITHIN + timedelta(seconds=1))

    anew = await commands(service).begin("later", EVERYTHING)

    assert anew.id != broken_off.id
    assert await states(service) == ["broken-off", "ended", "waiting"]
    came = await finish(commands(service), anew)
    assert [each.get("earlier") for each in came.values()] == [None, None]


@pytest.mark.parametrize("moves", [1, 2], ids=["away", "away and back"])
@pytest.mark.parametrize("cycle", [OTHER, CYCLE], ids=["made", "left"])
async def test_what_was_broken_off_is_not_taken_up_where_a_pointer_has_moved_since(
    service: Ranking, cycle: str, moves: int
) -> None:
    broken_off = await break_off(service)
    for _ in range(moves):
        await Generations(service.outside.documents).roll_back(cycle)

    anew = await commands(service).begin("later", EVERYTHING)

    assert anew.id != broken_off.id
    assert anew.body is not None
    assert {each["state"] for each in anew.body["cycles"].values()} == {"waiting"}


async def test_what_was_broken_off_with_nothing_left_is_not_told_as_if_it_were_new(
    service: Ranking,
) -> None:
    broken_off = await break_off(service, after=CYCLE)

    anew = await commands(service).begin("later", EVERYTHING)

    assert anew.id != broken_off.id


# --- Orders


async def test_commands_that_were_broken_off_are_in_the_way_of_no_order(
    service: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "OPEN_READ_MAX", 2)
    cycles: Sequence[Sequence[str]] = ([], [CYCLE], [OTHER])
    for number, (some, source, switch) in enumerate(product(cycles, SOURCES, SWITCHES)):
        await commands(service).begin(f"command {number}", Order(some, Manner(source, switch)))

    ordered = await service.post("/rebuilds", "administrator", {"cycles": [CYCLE]})
    await service.settle()

    place = ordered.headers["Location"].removeprefix("/ranking")
    assert (await service.get(place, "auditor")).json()["state"] == "ended"
    assert (await states(service)).count("waiting") == 18


async def test_who_orders_while_too_many_wait_is_asked_to_wait(
    service: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "ORDERS_OPEN_MAX", 2)

    async def order(key: str) -> int:
        answer = await service.post("/rebuilds", "administrator", {"cycles": [CYCLE]}, key)
        return answer.status_code

    answers = [await order(key) for key in "aabbc"]
    await service.settle()
    answers.append(await order("c"))

    assert answers == [202, 202, 202, 202, 503, 202]
