"""Somebody who answers sealed in a real browser, whose clock is the test's."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import Served, turn

PAUSE_MS_MAX = 20_000
EXCHANGE, CAST = "**/ballots", "**/ballot-responses"
SENT = "Đã gửi câu trả lời"


@contextmanager
def opened(browser: Browser, **options: object) -> Iterator[Page]:
    """A page with a clock of its own, in which nothing may be refused or fail in silence."""
    context = browser.new_context(locale="vi-VN", **options)  # type: ignore[arg-type]  # as named
    page, said = context.new_page(), list[str]()
    page.clock.install()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    # Chromium says so of every request that fails, which is what some of the tests are about.
    assert [each for each in said if not each.startswith("Failed to load resource")] == []


def check(page: Page, address: str) -> None:
    """Fill the form in, and come to the check page."""
    page.goto(address)
    page.locator("#q1-3").check()
    page.locator("#q2-1").check()
    page.locator("#q4").fill("Tốt </script><b>lắm</b>\nCảm ơn")
    turn(page, "check")
    # Requests of a page that is still on its way cannot be lost.
    expect(page.locator("button[value=edit]")).to_be_visible()


def wait_through_pause(page: Page) -> None:
    """Let the longest pause pass."""
    expect(page.locator("#said")).to_contain_text("Lá phiếu kín đã sẵn sàng")
    page.clock.fast_forward(PAUSE_MS_MAX)


def expect_sent(page: Page) -> str:
    """What the page says as receipt, once it says that all is sent."""
    expect(page.get_by_role("heading", level=1)).to_have_text(SENT)
    receipt = page.locator("#receipt").inner_text()
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", receipt)
    return receipt


def expect_counted_once(service: Served, receipt: str, *, hasty: bool = False) -> None:
    """One answer lies in the urn, and is the one that the page showed.

    The clock of the service stands still, so that whatever says when it was begun is hasty.
    """
    [slip] = service.urn.taken
    assert slip.receipt == receipt
    assert slip.answer == {"answers": {"q1": "3"}, "choices": {"q2": ["slow"]}, "hasty": hasty}
    assert [dict(each) for each in slip.comments] == [
        {"question": "q4", "text": "Tốt </script><b>lắm</b>\nCảm ơn"}
    ]


def lose_first(page: Page, pattern: str, *, arrives: bool) -> None:
    """Let the first request get no reply, whether it arrives or not."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        if arrives:
            route.fetch()
        route.abort()

    page.route(pattern, lose)
