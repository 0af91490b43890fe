"""Rebuilds over HTTP: ordered, done by the worker's loop, and read until they have ended."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.ranking.application import Manner, Order, Rebuilds, making
from services.ranking.application.generations import TABLES, Generations
from services.ranking.main import rebuilding, stores_of
from shared.events.codec import Stored
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.runtime.number import LEDGER
from tests.support.kept import kept
from tests.support.ranking import Ranking, changed, loop_of, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.stopping import Killed, StoppingDocuments
from tests.support.told import whole_cycle

TOLD = whole_cycle()
OTHER = "2020"
WRITINGS_MAX = 100


@pytest.fixture
async def service() -> AsyncIterator[Ranking]:
    """Two cycles that are counted and shown."""
    async with ranking(documents=StoppingDocuments()) as counted:
        await kept(OTHER, store=counted.outside.inbox)  # type: ignore[arg-type]  # it is in memory
        await counted.hear(TOLD)
        yield counted


def by_process(service: Ranking, name: str) -> Rebuilds:
    """What a process of this name does."""
    return rebuilding(stores_of(service.outside), name, service.clock)


async def order(
    service: Ranking, key: str = "k", who: str = "administrator", **body: object
) -> httpx.Response:
    return await service.post("/rebuilds", who, body, key)


async def read(service: Ranking, ordered: httpx.Response) -> Any:  # noqa: ANN401 - JSON
    place = ordered.headers["Location"].removeprefix("/ranking")
    return (await service.get(place, "auditor")).json()


async def serving(service: Ranking, cycle: str = CYCLE) -> str:
    return (await Generations(service.outside.documents).pointer(cycle)).serving.name


async def test_a_rebuild_is_ordered_done_by_the_worker_and_read(service: Ranking) -> None:
    before = await service.documents()

    ordered = await order(service)
    waiting = await read(service, ordered)
    await service.settle()
    ended = await read(service, ordered)

    assert ordered.status_code == 202
    assert ordered.json() == waiting
    assert (waiting["state"], ended["state"]) == ("waiting", "ended")
    assert list(ended["cycles"]) == [OTHER, CYCLE]
    assert ended["cycles"][CYCLE] == {
        "state": "serves",
        "at": service.clock.now().isoformat(),
        "generation": "v2.g1",
        "facts": len(TOLD),
        "shown_to": len(TOLD),
        "served_to": len(TOLD),
        "compared": 4,
        "differences": 0,
        "differing": [],
    }
    assert await service.documents() == before


async def test_one_cycle_is_made_from_the_topic_and_only_compared(service: Ranking) -> None:
    ordered = await order(service, cycles=[CYCLE], source="topic", switch="never")
    await service.settle()

    ended = await read(service, ordered)

    assert {cycle: each["state"] for cycle, each in ended["cycles"].items()} == {CYCLE: "made"}
    assert await serving(service) == "v2.g0"


async def test_the_same_order_again_is_no_news_and_another_under_its_key_is_refused(
    service: Ranking,
) -> None:
    first = await order(service, "a", cycles=[CYCLE])
    await service.settle()

    again = await order(service, "a", cycles=[CYCLE])
    other = await order(service, "a", cycles=[OTHER])
    await service.settle()

    assert again.headers["Location"] == first.headers["Location"]
    assert again.json()["state"] == "ended"
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert await serving(service) == "v2.g1"


async def test_orders_are_done_one_after_the_other(service: Ranking) -> None:
    ordered = [await order(service, key, cycles=[CYCLE]) for key in "ab"]
    await service.settle()

    ended = [await read(service, each) for each in ordered]

    assert [each["state"] for each in ended] == ["ended", "ended"]
    assert await serving(service) == "v2.g2"


async def test_how_far_it_is_can_be_read_meanwhile(service: Ranking) -> None:
    ordered = await order(service, cycles=[CYCLE])
    await loop_of(service, "rebuild").step()

    running = await read(service, ordered)

    assert running["state"] == "running"
    assert running["cycles"][CYCLE]["state"] == "making"
    assert running["cycles"][CYCLE]["size"] == len(TOLD)


async def test_what_it_stopped_at_is_named_and_the_other_cycles_are_made(service: Ranking) -> None:
    newer = changed().body.replace(b"ResultImported.v2", b"ResultImported.v9")
    body = entry.to_bytes(Entry(OPENED_AT, newer))
    damaged = Stored(LEDGER + CYCLE, len(TOLD) + 1, "ledger-entry", body)
    await service.outside.inbox.append([damaged])

    ordered = await order(service)
    await service.settle()
    ended = await read(service, ordered)

    stopped = ended["cycles"][CYCLE]
    assert (stopped["state"], stopped["problem"]["code"]) == ("stopped", "rebuild-stopped")
    assert stopped["problem"]["details"]["fact"] == changed().id
    assert ended["cycles"][OTHER]["state"] == "serves"
    assert await serving(service) == "v2.g0"


async def test_documents_that_differ_are_named_and_go_on_serving(
    service: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "LOOK_S", 0.0)
    await service.falsify(TABLES, f"{CYCLE}/department", {"rows": []})

    ordered = await order(service, cycles=[CYCLE])
    while await loop_of(service, "rebuild").step():
        pass
    made = (await read(service, ordered))["cycles"][CYCLE]

    assert (made["state"], made["compared"], made["differences"]) == ("differs", 4, 1)
    assert made["differing"] == [f"{TABLES}/{CYCLE}/department"]
    assert await serving(service) == "v2.g0"


@pytest.mark.parametrize("source", ["ledger", "topic"])
async def test_whoever_is_killed_at_any_writing_another_process_ends_it(
    service: Ranking, source: str
) -> None:
    before, documents = await service.documents(), service.outside.documents
    assert isinstance(documents, StoppingDocuments)
    ordered = await order(service, cycles=[CYCLE], source=source)
    deaths = 0

    for writing in range(1, WRITINGS_MAX):
        documents.kill(writing)
        rebuilds = by_process(service, f"process {writing}")
        try:
            while await rebuilds.step():
                pass
            break
        except Killed:
            deaths += 1
            assert await service.documents() == before

    documents.kill(None)
    ended = await read(service, ordered)
    assert deaths >= 10
    assert (ended["state"], ended["cycles"][CYCLE]["state"]) == ("ended", "serves")
    assert await service.documents() == before


async def test_a_cycle_that_came_to_something_is_not_made_again_by_who_goes_on(
    service: Ranking,
) -> None:
    documents = service.outside.documents
    assert isinstance(documents, StoppingDocuments)
    ordered = await order(service)
    first = by_process(service, "first")
    while (await read(service, ordered))["cycles"][OTHER]["state"] != "serves":
        await first.step()

    second = by_process(service, "second")
    while await second.step():
        pass

    assert (await read(service, ordered))["state"] == "ended"
    assert (await serving(service, OTHER), await serving(service)) == ("v2.g1", "v2.g1")


async def test_a_command_goes_on_with_its_own_that_was_broken_off_and_with_no_other(
    service: Ranking,
) -> None:
    rebuilds = by_process(service, "command")
    everything, some = Order(), Order([CYCLE])
    begun = await rebuilds.begin("first", everything)

    again = await rebuilds.begin("second", everything)
    other = await rebuilds.begin("third", some)
    from_topic = await rebuilds.begin("fourth", Order(manner=Manner("topic")))
    by_worker = await rebuilds.step()
    async for _ in rebuilds.run(again):
        pass
    anew = await rebuilds.begin("fifth", everything)

    assert again == begun
    assert len({begun.id, other.id, from_topic.id, anew.id}) == 4
    assert by_worker == 0


async def test_what_nobody_ordered_is_unknown_and_a_cycle_without_facts_too(
    service: Ranking,
) -> None:
    unknown = await service.get(f"/rebuilds/{'0' * 32}", "auditor")
    uncounted = await order(service, cycles=["2019"])

    assert (unknown.status_code, unknown.json()["code"]) == (404, "rebuild-unknown")
    assert (uncounted.status_code, uncounted.json()["code"]) == (404, "cycle-not-counted")


async def test_auditors_read_what_administrators_order(service: Ranking) -> None:
    refused = await order(service, who="auditor")

    assert (refused.status_code, refused.json()["code"]) == (403, "role-not-allowed")
