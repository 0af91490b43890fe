"""The pages on which people answer: filled in, checked, sent, and refused as pages."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.ports import Box
from tests.support.asked_in_full import ASKED
from tests.support.survey_office import CITIZENS, Office, open_office
from tests.support.visitor import FORM, Visitor, seen


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked everything that can be asked, in two languages."""
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)
        yield office


@pytest.fixture
async def visitor(office: Office) -> Visitor:
    """Somebody who was invited."""
    [token] = await office.invite(1)
    return Visitor(office, f"{FORM}/{token}")


async def waiting(office: Office) -> int:
    """How many answers lie in the urn."""
    return sum((await office.outside.urn.waiting("2021/citizens")).values())


async def test_the_form_asks_everything_and_says_about_whom(visitor: Visitor) -> None:
    page = await visitor.opened()

    assert page.one("h1").text == "Phiếu khảo sát người dân"
    assert "Sở Y tế" in page.text
    assert "08:00 20/12/2021" in page.text
    legends = [legend.text for legend in page.all("legend")]
    assert legends == [
        "Câu 1 (bắt buộc) Ông/Bà có hài lòng không?",
        "Câu 2 (bắt buộc) Điều gì chưa tốt?",
        "Câu 3 (không bắt buộc) Ông/Bà đã đến mấy lần?",
    ]
    assert "Chỉ trả lời nếu ở câu 1 Ông/Bà chọn: “Bình thường” hoặc “Rất không hài lòng”." in (
        page.text
    )
    assert [each.attributes["autocomplete"] for each in page.all("textarea")] == ["off"]


async def test_the_form_is_there_in_the_second_language(visitor: Visitor) -> None:
    first = await visitor.opened()
    link = first.one("a", hreflang="en")
    page = seen(await visitor.office.client.get(visitor.path + link.attributes["href"]))

    assert page.one("html").attributes["lang"] == "en"
    assert page.one("h1").text == "Survey of citizens"
    assert page.all("legend")[0].text == "Question 1 (required) Are you satisfied?"


async def test_a_form_whose_address_names_no_language_is_in_the_one_that_the_browser_likes(
    visitor: Visitor,
) -> None:
    liked = {"Accept-Language": "en"}

    english = seen(await visitor.get(liked))
    vietnamese = seen(await visitor.office.client.get(f"{visitor.path}?language=vi", headers=liked))

    assert english.one("html").attributes["lang"] == "en"
    assert vietnamese.one("html").attributes["lang"] == "vi"


async def test_the_page_of_receipts_is_in_the_language_of_the_page_that_led_to_it(
    visitor: Visitor,
) -> None:
    form = seen(await visitor.get({"Accept-Language": "en"}))
    check = seen(await visitor.post(form.filled(do="check", q1="5")))
    sent = seen(await visitor.post(check.filled(do="send")))
    [href] = [each.attributes["href"] for each in sent.all("a") if "?" in each.attributes["href"]]

    page = seen(await visitor.office.client.get(href))

    assert [each.one("html").attributes["lang"] for each in (form, sent, page)] == ["en"] * 3


async def test_answers_are_kept_when_the_language_is_switched(visitor: Visitor) -> None:
    form = await visitor.opened()
    answer = await visitor.post(form.filled(do="switch", q1="3", q2=["slow", "far"], q4="Xin chào"))

    page = seen(answer)
    assert page.one("html").attributes["lang"] == "en"
    assert page.filled()["q.q2"] == ["slow", "far"]
    assert page.filled()["q.q4"] == ["Xin chào"]


async def test_a_text_in_another_language_than_its_page_says_so(office: Office) -> None:
    khmer = f"{CITIZENS}-km"
    await office.ask(khmer, {**ASKED, "second_language": "km"})
    [token] = await office.invite(1, path=khmer)
    answer = await office.client.get(f"/form/2021/citizens-km/{token}?language=km")

    page = seen(answer)
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("h1").attributes["lang"] == "km"
    assert page.one("button", value="check").text == "Check before you send"


async def test_what_is_missing_is_said_first_and_everything_else_stays(visitor: Visitor) -> None:
    form = await visitor.opened()
    answer = await visitor.post(form.filled(do="check", q3="once", q4="Tốt <b>lắm</b>"))

    page = seen(answer, 422)
    assert page.one("title").text == "Lỗi: Phiếu khảo sát người dân"
    errors = page.one("section", role="alert")
    assert "autofocus" in errors.attributes
    [link] = [each for each in page.all("a") if each.attributes["href"].startswith("#q")]
    assert link.attributes["href"] == "#q1-1"
    assert link.text == "Câu 1: câu này cần được trả lời. “Ông/Bà có hài lòng không?”"
    assert page.filled()["q.q3"] == ["once"]
    assert page.filled()["q.q4"] == ["Tốt <b>lắm</b>"]


@pytest.mark.parametrize(
    ("answers", "said_of_it"),
    [
        ({"q1": "9"}, "Câu 1: xin chọn một phương án có sẵn."),
        ({"q1": "1", "q2": ["slow", "none"]}, "Câu 2: không thể vừa chọn “không có ý kiến”"),
        ({"q1": "5", "q4": "x" * 2_001}, "Câu 4: phần tự viết dài quá 2000 ký tự"),
        ({"q1": "5", "q3": "never"}, "Câu 3: xin chọn một phương án có sẵn."),
    ],
)
async def test_what_does_not_fit_is_said_of_its_question(
    answers: dict[str, str | list[str]], said_of_it: str, visitor: Visitor
) -> None:
    form = await visitor.opened()

    page = seen(await visitor.post(form.filled(do="check", **answers)), 422)

    assert said_of_it in page.one("section", role="alert").text


async def test_the_check_page_shows_what_will_be_sent_and_what_not(visitor: Visitor) -> None:
    page = await visitor.checked(q1="5", q2=["slow"], q4="Cảm ơn\nnhiều")

    assert [each.text for each in page.all("dd")][2:] == [
        "Rất hài lòng",
        "Không trả lời",
        "Cảm ơn nhiều",
    ]
    assert page.one("s").text == "Chậm"
    assert "q.q2" not in page.filled()
    assert page.filled()["q.q4"] == ["Cảm ơn\nnhiều"]
    [receipt] = page.filled()["receipt"]
    assert page.one("p", class_="code").text == receipt
    assert len(receipt.replace("-", "")) == 30
    assert await waiting(visitor.office) == 0


async def test_the_receipt_that_was_noted_stays_when_something_is_changed(visitor: Visitor) -> None:
    page = await visitor.checked(q1="5")

    form = seen(await visitor.post(page.filled(do="edit")))
    again = seen(await visitor.post(form.filled(do="check", q1="3", q2="far")))

    assert form.filled()["q.q1"] == ["5"]
    assert again.filled()["receipt"] == page.filled()["receipt"]


async def test_an_answer_is_sent_and_counted_under_its_receipt(office: Office) -> None:
    receipts = []
    for token in await office.invite(40):
        visitor = Visitor(office, f"{FORM}/{token}")
        page = await visitor.checked(q1="3", q2=["far", "slow"], q4="Tốt")
        sent = seen(await visitor.post(page.filled(do="send")))
        receipts += page.filled()["receipt"]
        assert sent.one("h1").text == "Đã gửi câu trả lời"
        assert sent.one("p", class_="code").text == receipts[-1]

    await office.step("count")

    counted = (await office.facts())[-1]
    assert set(counted.receipts) <= set(receipts)
    assert counted.responses[0].answers == {"q1": "3"}
    assert counted.responses[0].choices == {"q2": ("slow", "far")}


async def test_what_is_sent_twice_is_told_kindly(visitor: Visitor) -> None:
    page = await visitor.checked(q1="5")
    await visitor.post(page.filled(do="send"))

    again = seen(await visitor.post(page.filled(do="send")), 409)

    assert again.one("h1").text == "Mã này đã được dùng"
    assert again.one("p", class_="code").text == page.filled()["receipt"][0]
    assert await waiting(visitor.office) == 1


@pytest.mark.parametrize("change", [{"receipt": ["short"]}, {"q.q1": ["9"]}, {"q.q2": ["far"]}])
async def test_nothing_is_sent_that_was_not_shown_before(
    change: dict[str, list[str]], visitor: Visitor
) -> None:
    page = await visitor.checked(q1="5")

    answer = await visitor.post({**page.filled(do="send"), **change})

    assert answer.status_code in {200, 422}
    assert await waiting(visitor.office) == 0


async def test_a_token_is_typed_as_it_was_meant(visitor: Visitor) -> None:
    client, token = visitor.office.client, visitor.path.rpartition("/")[2]
    typed = f" {token.replace('-', ' ').lower().replace('0', 'o')} "

    page = seen(await client.get(FORM))
    wrong = seen(await client.post(FORM, data={"token": "abc"}), 422)
    right = await client.post(FORM, data={"token": typed})

    assert page.one("label").attributes["for"] == "token"
    assert wrong.filled()["token"] == ["abc"]
    assert (right.status_code, right.headers["location"]) == (
        303,
        f"{FORM}/{token.replace('-', '')}",
    )
    seen(await client.get(right.headers["location"]))


async def test_the_style_is_named_by_what_is_in_it_and_kept(visitor: Visitor) -> None:
    page = await visitor.opened()

    style = await visitor.office.client.get(page.one("link", rel="stylesheet").attributes["href"])

    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("waited_s", "stamp", "hasty"),
    [(4, None, True), (5, None, False), (0, "", False), (0, "1637802000.0", False)],
)
async def test_only_what_was_sent_too_soon_is_hasty(
    waited_s: int, stamp: str | None, *, hasty: bool, visitor: Visitor
) -> None:
    office = visitor.office
    fields = (await visitor.checked(q1="5")).filled(do="send")
    if stamp is not None:
        fields["begun"] = [stamp]
    office.clock.advance(timedelta(seconds=waited_s))

    seen(await visitor.post(fields))

    box = Box("so-y-te", "invitation")
    drawn = await office.outside.urn.draw("2021/citizens", [box], batch=1, least=1, most=1)
    assert drawn is not None
    assert [answer["hasty"] for answer in drawn.answers] == [hasty]
