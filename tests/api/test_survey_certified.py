"""Certified totals over HTTP, with the document that certifies them."""

from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import Any

import httpx
import pytest

from demo.papers import paper
from shared.events import survey as events
from tests.support.paper_desk import HEALTH, HOME, PATH, Desk, code_of, open_desk

DOCUMENT = paper("Kết quả")
SHA256 = sha256(DOCUMENT).hexdigest()
STORED = f"/result-documents/{SHA256}"
RESULT = f"{PATH}/results/{HEALTH}"
TYPED = f"{PATH}/results/typed"
SOURCE = {"source": "Bưu điện tỉnh", "document": "15/BC-BĐ"}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as desk:
        yield desk


def totals(**said: object) -> Mapping[str, object]:
    return {**SOURCE, "counts": {"q1": {"5": 60, "1": 40}}, **said}


async def certify(desk: Desk, **said: object) -> httpx.Response:
    """Two people type in the same; what the second of them is answered."""
    await desk.ask("other", "PUT", RESULT, totals(**said))
    return await desk.ask("one", "PUT", RESULT, totals(**said))


async def imported(desk: Desk) -> list[events.ResultImported]:
    return [fact for fact in await desk.facts() if isinstance(fact, events.ResultImported)]


async def waiting_for(desk: Desk, who: str) -> Any:  # noqa: ANN401 - JSON
    """What waits for a second person, as somebody sees it, page by page."""
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await desk.ask(who, "GET", f"{TYPED}?limit=1&cursor={cursor}")).json()
        found += page["items"]
        cursor = page["next"]
    return found


async def test_what_waits_is_listed_page_by_page(desk: Desk) -> None:
    for source in ("Bưu điện", "Bưu/điện", "Sở Nội vụ"):
        await desk.ask("one", "PUT", RESULT, totals(source=source))

    found = await waiting_for(desk, "one")

    assert [each["source"] for each in found] == ["Bưu điện", "Bưu/điện", "Sở Nội vụ"]


async def test_a_certified_result_names_its_document(desk: Desk) -> None:
    stored = await desk.ask("one", "PUT", STORED, content=DOCUMENT)
    answer = await certify(desk, sha256=SHA256, forms=100)

    assert (stored.status_code, answer.status_code) == (201, 200), answer.text
    [result] = await imported(desk)
    assert (result.sha256, result.counts) == (SHA256, {"q1": {"5": 60, "1": 40}})


async def test_a_result_that_one_typed_in_waits_for_a_second_person(desk: Desk) -> None:
    once = await desk.ask("one", "PUT", RESULT, totals())
    twice = await desk.ask("other", "PUT", RESULT, totals(counts={"q1": {"5": 60, "1": 4}}))

    assert len(once.json()["facts"]) == 1
    assert [(said.json()["status"], said.json()["differs"]) for said in (once, twice)] == [
        ("typed-once", []),
        ("different", ["/counts/q1/1"]),
    ]
    assert await imported(desk) == []
    differs = {who: await waiting_for(desk, who) for who in ("one", "auditor")}
    waiting = {"agency": HEALTH, "source": SOURCE["source"]}
    persons = ["survey-officer:o-1", "survey-officer:o-2"]
    assert differs == {
        "one": [{**waiting, "persons": persons, "differs": ["/counts/q1/1"]}],
        "auditor": [{**waiting, "persons": persons, "differs": []}],
    }

    corrected = await desk.ask("other", "PUT", RESULT, totals())

    assert corrected.json()["status"] == "counts"
    assert len(await imported(desk)) == 1
    assert await waiting_for(desk, "one") == []


async def test_on_how_many_forms_a_result_rests_is_told_compared_kept_and_shown(desk: Desk) -> None:
    once = await desk.ask("one", "PUT", RESULT, totals(forms=120))
    twice = await desk.ask("other", "PUT", RESULT, totals(forms=121))
    corrected = await desk.ask("other", "PUT", RESULT, totals(forms=120))

    said = [
        (each.json()["status"], each.json()["forms"], each.json()["differs"])
        for each in (once, twice, corrected)
    ]
    assert said == [
        ("typed-once", 120, []),
        ("different", 121, ["/forms"]),
        ("counts", 120, []),
    ]
    assert [result.forms for result in await imported(desk)] == [120]
    shown = (await desk.ask("auditor", "GET", f"{PATH}/results")).json()["results"]
    forms = {row["agency"]: row["imported_forms"] for row in shown if row["question"] == "q1"}
    assert forms == {HEALTH: {"Bưu điện tỉnh": 120}, HOME: {}}


async def test_a_result_without_its_document_is_refused(desk: Desk) -> None:
    answer = await desk.ask("one", "PUT", RESULT, totals(sha256=SHA256))

    assert code_of(answer) == (409, "file-not-stored")
    assert await imported(desk) == []


async def test_a_result_said_again_is_no_news(desk: Desk) -> None:
    await desk.ask("one", "PUT", STORED, content=DOCUMENT)
    for _ in range(2):
        answer = await certify(desk, sha256=SHA256)

    assert answer.json()["facts"] == []
    assert len(await imported(desk)) == 1


async def test_the_same_document_is_not_counted_again_under_another_source(desk: Desk) -> None:
    await desk.ask("one", "PUT", STORED, content=DOCUMENT)
    await certify(desk, sha256=SHA256)
    renamed = {"source": "Bưu điện tỉnh An Giang", "beside": True}

    answer = await certify(desk, sha256=SHA256, **renamed)

    assert code_of(answer) == (409, "result-of-same-document")
    assert answer.json()["details"] == {"source": SOURCE["source"]}
    assert len(await imported(desk)) == 1


async def test_a_document_that_was_not_handed_in_is_known_by_its_name(desk: Desk) -> None:
    await certify(desk)
    renamed = {"source": "Bưu điện tỉnh An Giang", "document": " 15/bc-bđ", "beside": True}

    answer = await certify(desk, **renamed)

    assert code_of(answer) == (409, "result-of-same-document")
    assert len(await imported(desk)) == 1


async def test_a_second_source_counts_only_as_another_survey(desk: Desk) -> None:
    await certify(desk)

    other = {"source": "Sở Nội vụ", "document": "3/BC-SNV"}
    silent = await certify(desk, **other)
    nothing = await certify(desk, **other, counts={})
    said = await certify(desk, **other, beside=True)
    corrected = await certify(desk, document="16/BC-BĐ")

    assert code_of(silent) == (409, "result-beside-others")
    assert silent.json()["details"] == {"agency": HEALTH, "sources": SOURCE["source"]}
    assert [each.status_code for each in (nothing, said, corrected)] == [200, 200, 200]
    assert len(await imported(desk)) == 3


async def test_a_source_is_renamed_once_it_took_everything_back(desk: Desk) -> None:
    await desk.ask("one", "PUT", STORED, content=DOCUMENT)
    await certify(desk, sha256=SHA256)
    await certify(desk, sha256=SHA256, counts={})

    answer = await certify(desk, sha256=SHA256, source="Bưu điện")

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("counts", "flaws"),
    [
        ({"q1": {"5": 60, "1": 41}}, ["/counts/q1"]),
        ({"q1": {"5": 60}, "q2": {"slow": 101}}, ["/counts/q2"]),
        ({"q1": {"5": 100}, "q2": {"slow": 100, "far": 100, "rude": 0}}, []),
        ({"q1": {"5": 1}}, []),
    ],
)
async def test_totals_that_do_not_add_up_name_the_question(
    desk: Desk, counts: Mapping[str, Mapping[str, int]], flaws: list[str]
) -> None:
    answer = await certify(desk, counts=counts, forms=100)

    found = answer.json().get("errors", [])
    assert [(each["pointer"], each["code"]) for each in found] == [
        (pointer, "counts-exceed-forms") for pointer in flaws
    ]
    assert len(await imported(desk)) == (not flaws)


async def test_a_document_is_stored_once_and_read_as_it_came(desk: Desk) -> None:
    first = await desk.ask("one", "PUT", STORED, content=DOCUMENT)
    second = await desk.ask("other", "PUT", STORED, content=DOCUMENT)
    unnamed = await desk.ask("auditor", "GET", STORED)
    await desk.ask("one", "PUT", RESULT, totals(sha256=SHA256))

    assert code_of(unnamed) == (404, "file-unknown")
    assert (first.status_code, second.status_code) == (201, 200)
    for who in ("one", "auditor", "administrator"):
        read = await desk.ask(who, "GET", STORED)
        assert (read.content, read.headers["Content-Type"]) == (DOCUMENT, "application/pdf")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document-not-pdf"),
        (b"%PD", "document-not-pdf"),
        (b"PK\x03\x04 and so on", "file-damaged"),
        (DOCUMENT[:-9], "file-damaged"),
        (b" " + DOCUMENT, "file-mixed"),
    ],
)
async def test_what_is_no_pdf_is_not_stored(desk: Desk, content: bytes, code: str) -> None:
    path = f"/result-documents/{sha256(content).hexdigest()}"

    assert code_of(await desk.ask("one", "PUT", path, content=content)) == (409, code)
    assert code_of(await desk.ask("one", "GET", path)) == (404, "file-unknown")


async def test_a_document_that_is_another_is_not_stored(desk: Desk) -> None:
    answer = await desk.ask("one", "PUT", STORED, content=DOCUMENT + b" ")

    assert code_of(answer) == (409, "file-hash-differs")


@pytest.mark.parametrize("who", ["auditor", "administrator", "agency", "council"])
async def test_only_survey_officers_hand_in_and_import(desk: Desk, who: str) -> None:
    answers = [
        await desk.ask(who, "PUT", STORED, content=DOCUMENT),
        await desk.ask(who, "PUT", RESULT, totals()),
    ]

    assert {code_of(answer) for answer in answers} == {(403, "role-not-allowed")}


@pytest.mark.parametrize("who", ["agency", "council"])
async def test_documents_are_read_by_those_who_run_or_check_the_survey(
    desk: Desk, who: str
) -> None:
    await desk.ask("one", "PUT", STORED, content=DOCUMENT)

    assert code_of(await desk.ask(who, "GET", STORED)) == (403, "role-not-allowed")
