"""Whatever is refused on the way to an answer is a page, and takes nothing of it away."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.kernel.errors import Crowded, Problem, Unavailable
from tests.support.asked_in_full import ASKED
from tests.support.closed_urn import ClosedUrn
from tests.support.survey_office import AGENCY, CITIZENS, Office, open_office
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


@pytest.mark.parametrize(
    ("problem", "status"),
    [(Crowded("too-many-answers"), 429), (Unavailable("database-unavailable"), 503)],
)
async def test_what_cannot_be_sent_now_stays_in_the_page(problem: Problem, status: int) -> None:
    urn = ClosedUrn(problem)
    async with open_office(urn) as office:
        await office.ask(CITIZENS, ASKED)
        [token] = await office.invite(1)
        visitor = Visitor(office, f"{FORM}/{token}")
        page = await visitor.checked(q1="5", q4="Dài & <quan trọng>")
        refused = await visitor.post(page.filled(do="send"))
        again = seen(refused, status)
        urn.problem = None
        sent = seen(await visitor.post(again.filled(do=again.one("button").attributes["value"])))

    assert refused.headers["retry-after"] == "5"
    assert again.filled() == page.filled()
    assert sent.one("h1").text == "Đã gửi câu trả lời"


@pytest.mark.parametrize(
    ("language", "headline", "expected"),
    [
        ("vi", "Mã mời chưa đúng", "Mã mời này không có."),
        ("en-GB", "This code is not known here", "This invitation is not known."),
    ],
)
async def test_a_problem_is_a_page_in_the_readers_language(
    language: str, headline: str, expected: str, office: Office
) -> None:
    nobody = Visitor(office, f"{FORM}/{'A' * 20}")

    page = seen(await nobody.get({"Accept-Language": language}), 404)

    assert expected in page.text
    assert page.one("h1").text == page.one("title").text == headline
    assert page.one("html").attributes["lang"] == language[:2]


async def test_every_problem_of_a_form_has_its_status(visitor: Visitor) -> None:
    page = await visitor.checked(q1="5")
    await visitor.post(page.filled(do="send"))
    spent = await visitor.get()
    elsewhere = await visitor.office.client.get("/form/2021/nobody/AAAAA")
    unread = await visitor.office.client.post(visitor.path, json={"do": "send"})
    await visitor.office.post(f"{CITIZENS}/closing")
    visitor.office.clock.advance(timedelta(seconds=2))
    closed = await visitor.get()

    refusals = ((spent, 409), (elsewhere, 404), (unread, 400), (closed, 409))
    assert [seen(each, status).one("h1").text for each, status in refusals] == [
        "Mã này đã được dùng",
        "Không tìm thấy trang này",
        "Chưa đọc được nội dung đã gửi",
        "Khảo sát đã đóng",
    ]
    assert "token-spent" in seen(spent, 409).text
    assert "trong danh sách biên nhận" in seen(spent, 409).text
    assert "questionnaire-unknown" in seen(elsewhere, 404).text
    assert "form-expected" in seen(unread, 400).text
    assert "survey-closed" in seen(closed, 409).text


async def test_whoever_asks_for_a_page_gets_every_problem_as_one(office: Office) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    as_page = await office.client.get("/cycles/2021/questionnaires/nobody", headers=browser)
    as_problem = await office.client.get("/cycles/2021/questionnaires/nobody")

    assert "questionnaire-unknown" in seen(as_page, 404).text
    assert as_problem.headers["content-type"] == "application/problem+json"


async def test_what_nobody_foresaw_is_a_page_and_no_log_names_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with open_office(ClosedUrn(RuntimeError("a fault of ours"))) as office:
        await office.ask(CITIZENS, ASKED)
        [token] = await office.invite(1)
        visitor = Visitor(office, f"{FORM}/{token}")
        page = await visitor.checked(q1="5")
        failed = await visitor.post(page.filled(do="send"))

    assert "500 unexpected" in seen(failed, 500).text
    assert "POST /form/{cycle}/{questionnaire}/{token} failed unexpectedly" in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize(
    ("in_all", "a_day", "expected"),
    [(1, 1, "Đường dẫn này đã nhận đủ số phiếu."), (9, 1, "Còn tiếp")],
)
async def test_an_answer_for_which_a_link_has_no_room_is_never_said_to_be_sent(
    in_all: int, a_day: int, expected: str, office: Office
) -> None:
    limits = {"answers_max": in_all, "answers_per_day_max": a_day}
    opened = await office.put(f"{CITIZENS}/links/counter", {"agency": AGENCY, **limits})
    visitor = Visitor(office, f"{FORM}/{opened.json()['token']}")
    mine, others = [await visitor.checked(q1="5", q4="Còn tiếp") for _ in range(2)]
    seen(await visitor.post(others.filled(do="send")))

    full = seen(await visitor.post(mine.filled(do="send")), 409)

    assert expected in full.text
    assert full.one("h1").text != "Câu trả lời đã được gửi rồi"


@pytest.mark.parametrize(("in_all", "a_day"), [(9, 9), (9, 1), (1, 1)])
async def test_what_was_sent_twice_by_a_link_is_told_by_its_receipt(
    in_all: int, a_day: int, office: Office
) -> None:
    limits = {"answers_max": in_all, "answers_per_day_max": a_day}
    opened = await office.put(f"{CITIZENS}/links/counter", {"agency": AGENCY, **limits})
    visitor = Visitor(office, f"{FORM}/{opened.json()['token']}")
    page = await visitor.checked(q1="5")
    seen(await visitor.post(page.filled(do="send")))

    again = seen(await visitor.post(page.filled(do="send")), 409)

    assert again.one("h1").text == "Câu trả lời đã được gửi rồi"


async def test_what_is_sent_again_by_a_full_link_is_known_also_when_it_was_counted(
    office: Office,
) -> None:
    limits = {"answers_max": 40, "answers_per_day_max": 40}
    opened = await office.put(f"{CITIZENS}/links/counter", {"agency": AGENCY, **limits})
    visitor = Visitor(office, f"{FORM}/{opened.json()['token']}")
    for _ in range(40):
        page = await visitor.checked(q1="5")
        seen(await visitor.post(page.filled(do="send")))
    await office.step("count")
    receipt = (await office.facts())[-1].receipts[0]

    again = seen(await visitor.post({**page.filled(do="send"), "receipt": [receipt]}), 409)

    assert again.one("h1").text == "Câu trả lời đã được gửi rồi"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("vi", "người khác đã dùng mã"), ("en", "somebody else used the code")],
)
async def test_an_answer_that_somebody_else_sent_is_not_said_to_be_the_readers(
    language: str, expected: str, visitor: Visitor
) -> None:
    mine, others = [await visitor.checked(q1="5") for _ in range(2)]
    seen(await visitor.post(others.filled(do="send")))

    spent = seen(await visitor.post({**mine.filled(do="send"), "language": language}), 409)

    assert expected in spent.text
    assert spent.one("h1").text in {"Mã này đã được dùng", "This code was used already"}


async def test_the_check_page_says_what_a_receipt_tells_about_a_small_agency(
    visitor: Visitor,
) -> None:
    page = await visitor.checked(q1="5")

    assert "cơ quan có ít hơn 20 phiếu" in page.text


async def test_a_form_that_comes_too_late_is_answered_in_its_own_language(
    visitor: Visitor,
) -> None:
    page = await visitor.checked(q1="5")
    await visitor.office.post(f"{CITIZENS}/closing")
    visitor.office.clock.advance(timedelta(seconds=2))

    late = await visitor.post({**page.filled(do="send"), "language": "en"})

    assert seen(late, 409).one("html").attributes["lang"] == "en"
    assert late.headers["content-language"] == "en"


async def test_a_page_that_is_wanted_in_a_language_is_refused_in_it(visitor: Visitor) -> None:
    headers = {"Accept-Language": "vi"}
    paths = (f"{FORM}/results?language=en", f"{FORM}/{'A' * 20}?language=en")

    refused = [await visitor.office.client.get(path, headers=headers) for path in paths]

    assert [answer.status_code for answer in refused] == [409, 404]
    assert {answer.headers["content-language"] for answer in refused} == {"en"}


@pytest.mark.parametrize("wait", [timedelta(seconds=2), timedelta(days=60)])
async def test_what_is_sent_again_after_the_end_leads_to_the_list_of_receipts(
    wait: timedelta, visitor: Visitor
) -> None:
    page = await visitor.checked(q1="5")
    await visitor.post(page.filled(do="send"))
    if wait < timedelta(days=1):
        await visitor.office.post(f"{CITIZENS}/closing")
    visitor.office.clock.advance(wait)

    late = seen(await visitor.post(page.filled(do="send")), 409)

    assert late.one("h1").text == "Khảo sát đã đóng"
    assert page.filled()["receipt"][0] in late.text
    assert f"{FORM}/receipts?language=vi" in {link.attributes["href"] for link in late.all("a")}


async def test_whoever_comes_after_the_survey_is_told_until_when_it_was(visitor: Visitor) -> None:
    visitor.office.clock.advance(timedelta(days=60))

    closed = seen(await visitor.get(), 409)

    assert "hết hạn trả lời: 08:00 20/12/2021" in closed.text


async def test_whoever_comes_before_the_survey_is_told_when_it_opens(office: Office) -> None:
    later = {**ASKED, "opens": "2021-12-01T08:00:00+07:00"}
    await office.put(f"{CITIZENS}-2", later)

    early = seen(await office.client.get(f"{FORM}-2"), 409)

    assert "Xin mở lại trang này từ 08:00 01/12/2021" in early.text
    assert "citizens" not in early.text
