"""Invitations on paper, as slips and as a table; and a questionnaire as it will be seen."""

import csv
import io
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
import segno

from services.survey.pages.slips import SLIPS_PER_PAGE
from shared.adapters import qr
from tests.support.asked_in_full import ASKED
from tests.support.seen_page import SeenPage, assert_sound
from tests.support.survey_office import AGENCY, CITIZENS, NOBODY, Office, code_of, open_office

PUBLIC = "https://khaosat.example.gov.vn"
ADDRESS = f"{PUBLIC}/survey/form/2021/citizens"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked, at an address that is known."""
    async with open_office(public_url=PUBLIC) as office:
        await office.ask(CITIZENS, ASKED)
        yield office


async def invited(
    office: Office, count: int, accept: str, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Invitations in a form that is wanted."""
    return await office.client.post(
        f"{CITIZENS}/invitations",
        json={"agency": AGENCY, "count": count},
        headers={
            "Authorization": "Bearer survey-officer",
            "Idempotency-Key": "k",
            "Accept": accept,
            **(headers or {}),
        },
    )


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*, text/html;q=0.5"])
async def test_who_wants_no_paper_gets_tokens(accept: str, office: Office) -> None:
    answer = await invited(office, 2, accept)

    assert len(answer.json()["tokens"]) == 2


async def test_a_table_has_serial_numbers_tokens_and_addresses(office: Office) -> None:
    tokens = await office.invite(3, key="k")

    answer = await invited(office, 3, "text/csv")

    assert answer.status_code == 201
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["serial", "token", "address"],
        *([str(n), token, f"{ADDRESS}/{token}"] for n, token in enumerate(tokens, 1)),
    ]


async def test_slips_say_all_that_somebody_needs(office: Office) -> None:
    count = SLIPS_PER_PAGE + 1
    tokens = await office.invite(count, key="k")

    answer = await invited(office, count, "text/html")

    page = SeenPage(answer.text)
    assert_sound(page)
    slips = page.all("article")
    assert len(page.all("div", class_="sheet")) == 2
    assert len(slips) == count
    for slip, token in zip(slips, tokens, strict=True):
        assert token in slip.text
        assert ADDRESS.removeprefix("https://") in slip.text
        assert "Sở Y tế" in slip.text
        assert "08:00 20/12/2021" in slip.text
        assert "Phiếu khảo sát người dân" in slip.text
    assert all(qr.svg(f"{ADDRESS}/{token}") in answer.text for token in tokens)
    assert "'sha256-" in answer.headers["content-security-policy"]


def test_a_drawn_code_has_the_modules_of_its_text() -> None:
    code = segno.make(f"{ADDRESS}/7K2QX-0M4TN-9B1WE-RZ5HC", error="q", micro=False)

    drawn = dark_modules(SeenPage(f"<body>{qr.svg(f'{ADDRESS}/7K2QX-0M4TN-9B1WE-RZ5HC')}</body>"))

    expected = {
        (x + qr.QUIET_MODULES, y + qr.QUIET_MODULES)
        for y, row in enumerate(code.matrix)
        for x, module in enumerate(row)
        if module
    }
    assert drawn == expected


def dark_modules(page: SeenPage) -> set[tuple[int, int]]:
    """Where the strokes of the path lie: `M4 4.5h7m8 0h1...`, each as high as a module."""
    path = page.one("path").attributes["d"]
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for step in path.replace("M", " M").replace("m", " m").replace("h", " h").split(" "):
        if not step:
            continue
        name, number = step[0], step[1:]
        if name == "h":
            dark |= {(int(x) + place, int(y)) for place in range(int(number))}
            x += int(number)
        elif name in "Mm":
            across, absolute = float(number), name == "M"
            x = across if absolute else x + across
        else:
            y = float(step) if absolute else y + float(step)
    return dark


@pytest.mark.parametrize("accept", ["text/csv", "text/html"])
async def test_without_an_address_nothing_is_printed_and_nobody_invited(accept: str) -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)

        refused = await invited(office, 1, accept)
        stranger = await invited(office, 1, accept, {"Authorization": ""})

        assert (refused.status_code, stranger.status_code) == (409, 401)
        assert "CCHC_PUBLIC_URL" in refused.text
        assert (await office.get(f"{CITIZENS}/invitations")).json() == []


async def test_a_preview_in_a_language_that_nothing_is_written_in_is_none(office: Office) -> None:
    answer = await office.post(f"{CITIZENS}-2/preview?language=de", ASKED)

    [flaw] = answer.json()["errors"]
    assert (answer.status_code, flaw["code"], flaw["parameter"]) == (
        422,
        "language-unwritten",
        "language",
    )
    assert "vi, en" in flaw["detail"]


async def test_an_officer_sees_the_form_before_it_is_adopted(office: Office) -> None:
    drafted = {**ASKED, "title": {"vi": "Phiếu mới", "second": "New survey"}}

    answer = await office.post(f"{CITIZENS}-2/preview?language=en", drafted)

    page = SeenPage(answer.text)
    assert_sound(page)
    assert answer.status_code == 200
    assert page.one("h1").text == "New survey"
    notes = [note.text for note in page.all("p", role="note")]
    assert [text.split()[0].strip(":.") for text in notes] == ["TRIAL", "PREVIEW"]
    assert page.all("button") == []
    assert len(page.all("fieldset")) == 3
    assert await office.facts("citizens-2") == []


async def test_a_preview_says_every_flaw_as_adopting_does(office: Office) -> None:
    wrong = {**ASKED, "group": "leaders", "second_language": None}

    previewed = await office.post(f"{CITIZENS}-2/preview", wrong)
    adopted = await office.put(f"{CITIZENS}-2", wrong)

    assert code_of(previewed) == (409, "questionnaire-invalid")
    assert previewed.json()["errors"] == adopted.json()["errors"]


async def test_a_preview_names_the_questions_of_a_condition_as_the_form_does(
    office: Office,
) -> None:
    first, second, *others = ASKED["questions"]
    condition = {"question": "q1", "options": ["6"]}
    wrong = {**ASKED, "questions": [first, {**second, "asked_if": condition}, *others]}

    previewed = await office.post(f"{CITIZENS}-2/preview", wrong)

    [error] = previewed.json()["errors"]
    assert error["code"] == "condition-unknown"
    assert "Câu 1 (“Ông/Bà có hài lòng không?”)" in error["detail"]
    assert "câu 2 (“Điều gì chưa tốt?”)" in error["detail"]


@pytest.mark.parametrize(("who", "status"), [(NOBODY, 401), ("auditor", 403)])
async def test_only_survey_officers_see_a_preview(who: str, status: int, office: Office) -> None:
    refused = await office.as_(who).post(f"{CITIZENS}-2/preview", ASKED)

    assert refused.status_code == status
