"""A draft is kept in the browser of whoever made it, for its own form, and nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.survey.domain.filled import Filled
from services.survey.pages.draft import DRAFT_CHARACTERS_MAX, Draft, packed, unpacked
from tests.support.asked_in_full import ASKED
from tests.support.seen_page import SeenPage
from tests.support.survey_office import CITIZENS, Office, open_office
from tests.support.visitor import FORM, Visitor, seen

CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.-]{0,5}", fullmatch=True)
FILLED = st.builds(
    Filled,
    st.dictionaries(CODES, CODES, max_size=5),
    st.dictionaries(CODES, st.lists(CODES, min_size=1, max_size=3).map(tuple), max_size=5),
    st.dictionaries(CODES, st.text(min_size=1, max_size=50), max_size=3),
)


@dataclass(frozen=True)
class Cookie:
    """What a page told the browser to keep."""

    value: str
    attributes: list[str]

    @property
    def sent_back(self) -> dict[str, str]:
        """The header by which the browser tells it."""
        return {"Cookie": f"draft={self.value}"}


def cookie_of(answer: httpx.Response) -> Cookie:
    """The one cookie that an answer sets."""
    [header] = answer.headers.get_list("set-cookie")
    first, *attributes = header.split("; ")
    name, _, value = first.partition("=")
    assert name == "draft"
    return Cookie(value, attributes)


@pytest.fixture(params=["http://office", "https://office"])
async def visitor(request: pytest.FixtureRequest) -> AsyncIterator[Visitor]:
    """Somebody who was invited, over a line that is safe or not."""
    async with open_office(public_url=request.param) as office:
        await office.ask(CITIZENS, ASKED)
        [token] = await office.invite(1)
        yield Visitor(office, f"{FORM}/{token}")


async def saved(visitor: Visitor, **answers: str | list[str]) -> tuple[SeenPage, Cookie]:
    """The page after a draft was saved, and the cookie of it."""
    form = await visitor.opened()
    answer = await visitor.post(form.filled(do="save", **answers))
    return seen(answer), cookie_of(answer)


async def test_no_page_sets_a_cookie_that_nobody_asked_for(visitor: Visitor) -> None:
    opened = await visitor.get()
    checked = await visitor.post(SeenPage(opened.text).filled(do="check", q1="5"))
    edited = await visitor.post(SeenPage(checked.text).filled(do="edit"))

    assert not any("set-cookie" in answer.headers for answer in (opened, checked, edited))


async def test_a_draft_goes_on_where_it_was_left_off(visitor: Visitor) -> None:
    page, cookie = await saved(visitor, q1="3", q2=["slow", "far"], q4="Còn tiếp")

    continued = seen(await visitor.get(cookie.sent_back))

    assert "Đã lưu bản nháp" in page.one("p", role="status").text
    assert continued.filled() == page.filled()
    assert continued.filled()["q.q2"] == ["slow", "far"]
    assert continued.one("button", value="forget").text == "Xóa bản nháp"


async def test_a_draft_belongs_to_its_form_and_is_gone_with_the_survey(visitor: Visitor) -> None:
    _, cookie = await saved(visitor, q1="3")

    days = 25  # From the day on which they are asked to the closing.
    assert set(cookie.attributes) - {"Secure"} == {
        f"Path={visitor.path}",
        f"Max-Age={days * 24 * 3600}",
        "HttpOnly",
        "SameSite=Strict",
    }
    is_safe = visitor.office.outside.public_url.startswith("https")
    assert ("Secure" in cookie.attributes) == is_safe


async def test_sending_deletes_the_draft(visitor: Visitor) -> None:
    _, cookie = await saved(visitor, q1="3")
    page = await visitor.checked(q1="5")

    sent = await visitor.post(page.filled(do="send"), cookie.sent_back)

    seen(sent)
    assert cookie_of(sent).value == ""
    assert "Max-Age=0" in cookie_of(sent).attributes


async def test_a_draft_is_forgotten_when_its_owner_says_so(visitor: Visitor) -> None:
    page, cookie = await saved(visitor, q1="3", q4="Còn tiếp")

    forgotten = await visitor.post(page.filled(do="forget"), cookie.sent_back)

    assert "q.q1" not in seen(forgotten).filled()
    assert seen(forgotten).filled()["q.q4"] == [""]
    assert "Max-Age=0" in cookie_of(forgotten).attributes


async def test_what_is_written_too_long_is_left_out_and_this_is_said(visitor: Visitor) -> None:
    page, cookie = await saved(visitor, q1="3", q4="ệ" * 1_500)

    continued = seen(await visitor.get(cookie.sent_back))

    assert "quá dài nên không lưu được" in page.one("p", role="status").text
    assert page.filled()["q.q4"] == ["ệ" * 1_500]
    assert continued.filled()["q.q1"] == ["3"]
    assert continued.filled()["q.q4"] == [""]


async def test_nothing_of_a_draft_is_kept_by_the_service(visitor: Visitor) -> None:
    office: Office = visitor.office
    before = await office.bodies()

    await saved(visitor, q1="3", q4="Còn tiếp")

    assert await office.bodies() == before
    assert await office.outside.urn.waiting("2021/citizens") == {}


@pytest.mark.parametrize(
    "value", ["", "x", "e30", "W10", "bnVsbA", "eyJhbnN3ZXJzIjpbXX0", "!!!", "A" * 4_000]
)
async def test_a_cookie_that_nobody_here_made_is_an_empty_form(
    value: str, visitor: Visitor
) -> None:
    page = seen(await visitor.get({"Cookie": f"draft={value}"}))

    assert "q.q1" not in page.filled()


@given(FILLED, st.text(max_size=80), st.sampled_from(["vi", "en"]))
def test_a_draft_comes_back_as_it_was(filled: Filled, begun: str, language: str) -> None:
    draft = Draft(filled, begun, language)

    value = packed(draft)

    assert value is not None
    text, is_whole = value
    assert len(text) <= DRAFT_CHARACTERS_MAX
    assert is_whole
    assert unpacked(text) == draft


@given(st.text(max_size=200))
def test_any_text_is_a_draft_or_none(text: str) -> None:
    draft = unpacked(text)

    assert draft is None or isinstance(draft.filled, Filled)
