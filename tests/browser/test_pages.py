"""The pages in a real browser: without scripts, by keyboard alone, enlarged, and narrow.

Every page is walked through by a person who sees nothing but the page.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from shared.kernel.errors import Crowded
from tests.support.browser import Served, barriers, follow, served, turn

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PHONE = {"width": 320, "height": 640}
ENLARGED = {"width": 640, "height": 450}
TARGET_PIXELS_MIN = 24
FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"
TARGETS = """() => [...document.querySelectorAll(
        "button, summary, textarea, input:not([type=hidden]), a")]
    .filter(each => !each.classList.contains("skip"))
    .map(each => (each.closest("label") ?? each).getBoundingClientRect())
    .filter(box => Math.min(box.width, box.height) < %d).length"""
FOCUSED = "() => document.activeElement.className || document.activeElement.id"

Look = Callable[[str, Page], None]


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    """The service that it opens."""
    with served() as service:
        yield service


@contextmanager
def opened(browser: Browser, **options: object) -> Iterator[Page]:
    """A page, in which nothing may be refused or fail in silence."""
    context = browser.new_context(locale="vi-VN", **options)  # type: ignore[arg-type]  # as named
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    # Chromium says so of every answer that is no success, and an error page is none.
    assert [each for each in said if "the server responded with a status of" not in each] == []


def walk(page: Page, service: Served, look: Look, *, second: bool = False) -> None:
    """Come to see every page that there is."""
    page.goto(service.form())
    if second:
        follow(page, page.get_by_role("link", name="English"))
    look("form", page)
    turn(page, "check")
    look("errors", page)
    page.locator("#q1-3").check()
    page.locator("#q2-1").check()
    page.locator("#q4").fill("Tôi phải chờ lâu.\nXin bố trí thêm cán bộ.")
    turn(page, "save")
    look("saved", page)
    page.locator("#q1-1").check()
    turn(page, "check")
    look("check", page)
    service.urn.problem = Crowded("too-many-answers")
    turn(page, "send")
    look("again", page)
    service.urn.problem = None
    turn(page, "send")
    look("sent", page)
    page.reload()  # Sends it once more, as people do who are not sure.
    look("already", page)
    _walk_beside(page, service, look)


def _walk_beside(page: Page, service: Served, look: Look) -> None:
    page.goto(f"{service.url}/survey/form/2021/citizens/AAAAA-AAAAA")
    look("problem", page)
    page.goto(f"{service.url}/survey/form/2021/citizens")
    look("token", page)
    follow(page, page.locator("main button"))
    look("token-error", page)
    show(page, f"{service.url}/slips", service.invited(accept="text/html", count=9))
    look("slips", page)
    show(page, f"{service.url}/preview", service.preview())
    look("preview", page)
    page.goto(service.results())
    look("results", page)


def show(page: Page, url: str, answer: httpx.Response) -> None:
    """Open what an officer was answered by another program, with its headers."""
    headers = dict(answer.headers.items())
    page.route(url, lambda route: route.fulfill(body=answer.content, headers=headers))
    page.goto(url)


@pytest.mark.parametrize("second", [False, True])
def test_no_page_has_a_barrier(browser: Browser, service: Served, *, second: bool) -> None:
    found: dict[str, object] = {}

    def look(name: str, page: Page) -> None:
        found[name] = barriers(page)

    with opened(browser) as page:
        walk(page, service, look, second=second)

    assert len(found) == 13
    assert found == {name: [] for name in found}


@pytest.mark.parametrize(("viewport", "scale"), [(PHONE, 2), (ENLARGED, 2)])
def test_every_page_fits_a_narrow_and_an_enlarged_window(
    viewport: dict[str, int], scale: int, browser: Browser, service: Served
) -> None:
    misfits: list[tuple[str, object]] = []

    def look(name: str, page: Page) -> None:
        if name == "slips":
            return  # They are for paper, which has the width that it has.
        if not page.evaluate(FITS):
            misfits.append((name, "is too wide"))
        if page.evaluate(TARGETS % TARGET_PIXELS_MIN):
            misfits.append((name, "has targets that are too small"))

    with opened(browser, viewport=viewport, device_scale_factor=scale) as page:
        walk(page, service, look)

    assert misfits == []


def test_a_draft_goes_on_in_the_same_browser_and_ends_with_sending(
    browser: Browser, service: Served
) -> None:
    address = service.form()
    with opened(browser, java_script_enabled=False) as page:
        page.goto(address)
        page.get_by_label("Bình thường").check()
        page.get_by_label("Câu 4").fill("Còn tiếp")
        turn(page, "save")
        page.goto(f"{service.url}/survey/form/2021/citizens")
        page.goto(address)
        expect(page.get_by_label("Bình thường")).to_be_checked()
        expect(page.get_by_label("Câu 4")).to_have_value("Còn tiếp")
        [cookie] = page.context.cookies(address)
        page.get_by_label("Xa", exact=True).check()
        turn(page, "check")
        turn(page, "send")
        expect(page.get_by_role("heading", level=1)).to_have_text("Đã gửi câu trả lời")
        cookies = page.context.cookies(address)

    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("draft", True, "Strict")
    assert address.endswith(cookie["path"])
    assert cookies == []


def test_agencies_without_answers_are_unfolded_without_a_script(
    browser: Browser, service: Served
) -> None:
    with opened(browser, java_script_enabled=False) as page:
        page.goto(service.results())
        agency = page.get_by_text("Sở Nội vụ")
        expect(agency).to_be_hidden()
        page.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(agency).to_be_visible()


def test_somebody_with_a_keyboard_alone_answers(browser: Browser, service: Served) -> None:
    with opened(browser) as page:
        page.goto(service.form())
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUSED)
        tab_to(page, "button[value=check]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".errors")
        on_error = page.evaluate(FOCUSED)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        tab_to(page, "#q1-1")
        page.keyboard.press("Space")
        tab_to(page, "button[value=check]")
        page.keyboard.press("Enter")
        tab_to(page, "button[value=send]")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Đã gửi câu trả lời")

    assert first == "skip"
    assert on_error == "errors"


def test_focus_can_be_seen(browser: Browser, service: Served) -> None:
    with opened(browser) as page:
        page.goto(service.form())
        unseen = []
        for selector in ("button[value=check]", "button[value=save]", "#q4", "#q1-1", "a.skip"):
            page.locator(selector).focus()
            page.keyboard.press("Shift")
            widths = page.locator(selector).evaluate(
                "each => [each, each.closest('label') ?? each]"
                ".map(one => parseFloat(getComputedStyle(one).outlineWidth)"
                " * (getComputedStyle(one).outlineStyle !== 'none'))"
            )
            if max(widths) < 2:
                unseen.append(selector)

    assert unseen == []


def tab_to(page: Page, selector: str) -> None:
    """Press the tab key until it is there."""
    for _ in range(40):
        if page.locator(selector).evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the tab key does not lead to {selector}")
