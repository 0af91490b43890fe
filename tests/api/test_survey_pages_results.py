"""The page of the results: what the public results say, for people."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.asked_in_full import ASKED
from tests.support.seen_page import SeenPage
from tests.support.survey_office import ASKED_OF_CITIZENS, CITIZENS, NOBODY, Office, open_office
from tests.support.visitor import FORM, seen
from tests.support.worked_survey import held

PAGE = f"{FORM}/results"
PUBLIC = f"{CITIZENS}/results/public"


async def closed(office: Office, chosen: str) -> None:
    await office.ask(CITIZENS, ASKED_OF_CITIZENS)
    await office.answer_all(chosen)
    await office.post(f"{CITIZENS}/closing", key="close")


async def opened(office: Office, accepted: str = "vi", query: str = "") -> SeenPage:
    headers = {"Accept-Language": accepted}
    return seen(await office.client.get(f"{PAGE}{query}", headers=headers))


def cells(rows: list[Mapping[str, Any]], options: Mapping[str, list[str]]) -> list[str]:
    """Counts and per cents of JSON, in the order in which a page shows them."""
    told = []
    for row in rows:
        for option in options[row["question"]] if row.get("counts") else ():
            share = row["shares"].get(option, "0.00") if row["shares"] else ""
            told += [str(row["counts"].get(option, 0)), share]
    return told


async def test_the_page_tells_what_the_public_results_tell_and_no_more() -> None:
    async with open_office() as office:
        await held(office)
        public = (await office.as_(NOBODY).get(PUBLIC)).json()
        asked = (await office.get(CITIZENS)).json()["questions"]

        page = await opened(office)

    options = {each["code"]: [option["code"] for option in each["options"]] for each in asked}
    rows = [*public["overall"], *public["results"]]
    scored = [row["scored"] for row in rows if row.get("scored") and row["valid"]]
    withheld = [public["notes"][row["withheld"]] for row in rows if row["withheld"]]
    assert [each.text for each in page.all("td")] == cells(rows, options)
    assert len(page.all("h3")) == len(rows)
    assert [each.text for each in page.all("p", class_="nothing")] == withheld
    for each in scored:
        told = f"{each['satisfied']} người, {each['satisfied_percent']} %"
        assert (
            f"{told} số người có ý kiến; sai số {each['satisfied_between']['margin']}" in page.text
        )


async def test_of_a_small_group_the_page_tells_only_why_it_tells_nothing() -> None:
    async with open_office() as office:
        await closed(office, "5" * 9)

        page = await opened(office)

    assert [each.text for each in page.all("p", class_="nothing")] == [
        "Không công bố vì có ít hơn 10 người trả lời."
    ] * 2
    assert page.all("td") == []
    assert "9 người" not in page.text


async def test_nothing_is_shown_before_the_survey_is_closed() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        await office.answer_all("5" * 12)

        page = seen(await office.client.get(PAGE), 409)

    assert page.all("td") == []


async def test_the_page_leads_to_the_receipts_and_to_each_agency() -> None:
    async with open_office() as office:
        await closed(office, "5" * 12)

        page = await opened(office)

    ids = {each.attributes["id"] for each in page.elements if "id" in each.attributes}
    contents = [each.attributes["href"] for each in page.all("a")]
    assert (
        page.one("a", href=f"{FORM}/receipts?language=vi").text
        == "Danh sách mã biên nhận đã kiểm đếm"
    )
    assert {href[1:] for href in contents if href.startswith("#")} <= ids
    assert [each.text for each in page.all("h2")][1:] == ["Tất cả các cơ quan", "Sở Y tế"]


@pytest.mark.parametrize(
    ("chosen", "silent"),
    [("5" * 12, ["Sở Nội vụ"]), ("5", ["Sở Nội vụ"]), ("", ["Sở Nội vụ", "Sở Y tế"])],
)
async def test_agencies_about_which_nobody_answered_are_folded_into_one_line(
    chosen: str, silent: list[str]
) -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        if chosen:
            await office.answer_all(chosen)
        await office.post(f"{CITIZENS}/closing", key="close")

        page = await opened(office)

    folded = f"Không có phiếu trả lời: {len(silent)} cơ quan"
    assert page.one("summary").text == folded
    assert page.one("details").text == " ".join([folded, *silent])


async def test_an_agency_of_which_something_is_certified_is_not_folded() -> None:
    source = {"source": "Bưu điện tỉnh", "document": "12/BC"}
    certified = {**source, "counts": {"q2": {"slow": 12}}, "forms": 15}
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)
        await office.post(f"{CITIZENS}/closing", key="close")
        imported = await office.certify(f"{CITIZENS}/results/so-noi-vu", certified)
        assert imported.status_code == 200, imported.text

        page = await opened(office)

    assert [each.text for each in page.all("h2")][2:] == ["Sở Nội vụ"]
    assert page.one("summary").text == "Không có phiếu trả lời: 1 cơ quan"
    assert "Gồm cả kết quả đã được xác nhận của: Bưu điện tỉnh (15 phiếu)." in page.one("main").text


@pytest.mark.parametrize(
    ("accepted", "query", "first", "lang", "others"),
    [
        ("vi", "", "Câu 1 Ông/Bà có hài lòng không?", "", ["en"]),
        ("vi", "?language=en", "Question 1 Are you satisfied?", "", ["vi"]),
        ("en", "", "Question 1 Are you satisfied?", "", ["vi"]),
        ("en", "?language=km", "Question 1 Ông/Bà có hài lòng không?", "vi", ["vi", "en"]),
    ],
)
async def test_the_page_is_in_a_language_of_the_questionnaire_where_it_has_it(
    accepted: str, query: str, first: str, lang: str, others: list[str]
) -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)
        await office.post(f"{CITIZENS}/closing", key="close")

        page = await opened(office, accepted, query)

    links = [each.attributes for each in page.all("a")]
    assert page.all("h3")[0].text == first
    assert page.one("p", class_="lead").attributes.get("lang", "") == lang
    assert [each["hreflang"] for each in links if "hreflang" in each] == others
