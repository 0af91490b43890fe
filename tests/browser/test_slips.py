"""Slips in a real browser, as they are printed: whatever a title has stands there whole."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from fastapi.responses import StreamingResponse
from playwright.sync_api import Browser

from services.survey.application.about import about
from services.survey.pages import Slips
from services.survey.pages.slips import SLIPS_PER_PAGE
from shared.adapters import qr
from shared.adapters.threads import Threads
from shared.adapters.web.values import LINE_CHARACTERS_MAX
from shared.events import survey as events
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_given import cycle

PUBLIC = "https://khaosat-caicachhanhchinh.angiang.gov.vn"
TITLE = (
    "Phiếu khảo sát mức độ hài lòng của người dân, tổ chức đối với sự phục vụ của cơ quan "
    "hành chính nhà nước trên địa bàn tỉnh An Giang "
)
CUT = """() => [...document.querySelectorAll(".slip, .slip h2")]
    .filter(each => each.scrollHeight > each.clientHeight
        && getComputedStyle(each).overflowY !== "visible")
    .map(each => each.scrollHeight - each.clientHeight)"""
"""Where something does not fit: by so many pixels."""


def slips_of(title: str) -> str:
    """A sheet of slips for a questionnaire of this title."""
    adopted = msgspec.structs.replace(ADOPTED, title=events.Wording(vi=title, second=""))
    threads = Threads("slips", 1)
    printing = Slips(PUBLIC, qr.svg, threads).printer("text/html")
    assert printing

    async def whole() -> str:
        tokens = ["7K2QX-0M4TN-9B1WE-RZ5HC"] * SLIPS_PER_PAGE
        printed = printing(about(adopted, cycle(), "so-y-te"), tokens, "vi")
        assert isinstance(printed, StreamingResponse)
        text = "".join([str(part) async for part in printed.body_iterator])
        await threads.close()
        return text

    # While the browser is open, no other loop can run in this thread.
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(lambda: asyncio.run(whole())).result()


@pytest.mark.parametrize("characters", [50, 130, LINE_CHARACTERS_MAX])
def test_a_title_of_any_length_is_printed_whole(browser: Browser, characters: int) -> None:
    page = browser.new_page()
    page.emulate_media(media="print")

    page.set_content(slips_of((3 * TITLE)[:characters]))

    assert page.locator(".slip").count() == SLIPS_PER_PAGE
    assert page.evaluate(CUT) == []
    page.close()
