"""Documents of certified totals in quarantine: nobody reads them, and nothing counts by them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest

from demo.papers import paper
from services.survey.main import wire
from shared.adapters.memory import MemoryScanner
from shared.adapters.memory.scanner import FINDING
from shared.events import survey as events
from shared.runtime.intray import LEFT_FOR
from tests.support.paper_desk import HEALTH, PATH, Desk, code_of, open_desk
from tests.support.sample_files import infected_paper

DOCUMENT, INFECTED = paper("Kết quả"), infected_paper()
RESULT = f"{PATH}/results/{HEALTH}"
READERS = ("one", "auditor", "administrator")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A survey that takes answers, and a scanner."""
    async with open_desk(MemoryScanner()) as desk:
        yield desk


def at(content: bytes) -> str:
    return f"/result-documents/{sha256(content).hexdigest()}"


def totals(content: bytes) -> Mapping[str, object]:
    said = {"source": "Bưu điện tỉnh", "document": "15/BC-BĐ"}
    return {**said, "counts": {"q1": {"5": 60}}, "sha256": sha256(content).hexdigest()}


async def hand_in(desk: Desk, content: bytes, who: str = "one") -> httpx.Response:
    stored = await desk.ask(who, "PUT", at(content), content=content)
    assert stored.status_code in {200, 201}
    return await desk.ask(who, "PUT", RESULT, totals(content))


async def kinds(desk: Desk) -> list[str]:
    known = [type(fact).__name__ for fact in await desk.facts()]
    return [kind for kind in known if kind.startswith(("Document", "Result"))]


async def read(desk: Desk, content: bytes) -> set[object]:
    answers = [await desk.ask(who, "GET", at(content)) for who in READERS]
    return {200 if each.status_code == 200 else each.json()["code"] for each in answers}


async def test_nobody_reads_a_document_before_it_is_cleared(desk: Desk) -> None:
    await hand_in(desk, DOCUMENT)

    waiting = await read(desk, DOCUMENT)
    turns = [await desk.step("scan"), await desk.step("scan")]

    assert waiting == {"file-quarantined"}
    assert turns == [1, 0]
    assert await read(desk, DOCUMENT) == {200}
    assert await kinds(desk) == ["DocumentQuarantined", "ResultTyped", "DocumentCleared"]


async def test_nothing_counts_by_a_document_that_waits_and_then_it_does(desk: Desk) -> None:
    await hand_in(desk, DOCUMENT)

    early = await desk.ask("other", "PUT", RESULT, totals(DOCUMENT))
    await desk.step("scan")
    then = await desk.ask("other", "PUT", RESULT, totals(DOCUMENT))

    assert code_of(early) == (409, "file-quarantined")
    assert then.status_code == 200
    assert (await kinds(desk))[-1] == "ResultImported"


async def test_what_was_typed_in_of_a_document_that_is_condemned_comes_to_nothing(
    desk: Desk,
) -> None:
    await hand_in(desk, INFECTED)
    await desk.step("scan")

    read_then = await read(desk, INFECTED)
    again = await desk.ask("one", "PUT", RESULT, totals(INFECTED))
    other = await desk.ask("other", "PUT", RESULT, totals(INFECTED))

    assert read_then == {"file-condemned"}
    assert {code_of(again), code_of(other)} == {(409, "file-condemned")}
    assert (await desk.ask("one", "GET", f"{PATH}/results/typed")).json()["items"] == []
    *_, condemned = await desk.facts()
    assert isinstance(condemned, events.DocumentCondemned)
    assert condemned.finding == FINDING


async def test_a_document_is_scanned_once_for_a_questionnaire(desk: Desk) -> None:
    await hand_in(desk, DOCUMENT)
    await desk.step("scan")
    corrected = {**totals(DOCUMENT), "counts": {"q1": {"5": 61}}}

    await desk.ask("one", "PUT", RESULT, corrected)
    answer = await desk.ask("other", "PUT", RESULT, corrected)

    assert answer.status_code == 200
    assert (await kinds(desk)).count("DocumentQuarantined") == 1
    assert await desk.step("scan") == 0


async def test_a_document_that_no_result_names_is_gone_after_a_month(desk: Desk) -> None:
    await desk.ask("one", "PUT", at(DOCUMENT), content=DOCUMENT)
    await hand_in(desk, INFECTED)
    desk.clock.set(desk.clock.now() + LEFT_FOR + timedelta(seconds=1))

    assert [await desk.step("sweep"), await desk.step("sweep")] == [1, 0]

    gone = await desk.ask("one", "PUT", RESULT, totals(DOCUMENT))
    assert code_of(gone) == (409, "file-not-stored")
    assert await desk.outside.files.size(sha256(INFECTED).hexdigest()) == len(INFECTED)


async def test_without_a_scanner_nothing_waits() -> None:
    async with open_desk() as desk:
        await hand_in(desk, DOCUMENT)
        await desk.ask("other", "PUT", RESULT, totals(DOCUMENT))

        assert await kinds(desk) == ["ResultTyped", "ResultImported"]
        assert await read(desk, DOCUMENT) == {200}


async def test_a_document_that_came_before_there_was_a_scanner_is_shown_to_it_later() -> None:
    async with open_desk() as desk:
        await hand_in(desk, INFECTED)
        with_scanner = wire(replace(desk.outside, scanner=MemoryScanner()))
        [rescan] = [loop.step for loop in with_scanner.loops if loop.name == "survey.rescan"]

        await rescan()

        assert await read(desk, INFECTED) == {"file-condemned"}
        assert await kinds(desk) == ["ResultTyped", "DocumentCondemned"]
