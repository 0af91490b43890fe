"""Answering sealed in a real browser when the end is near, and what is left in it afterwards."""

import json

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support.browser import Served, barriers, press
from tests.support.sealed_visit import (
    EXCHANGE,
    SENT,
    check,
    expect_counted_once,
    expect_sent,
    opened,
    wait_through_pause,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

UNTIL = "Gửi kín được đến 07:45 20/12/2021; sau đó gửi theo cách thường được đến 08:00 20/12/2021."
OVER = {
    "exchange-over": "xin gửi theo cách thường, hạn chót: 08:00 20/12/2021",
    "exchange-ended": "xin gửi ngay theo cách thường",
}


@pytest.mark.parametrize("code", OVER)
def test_where_it_is_too_late_for_a_ballot_the_plain_way_is_the_only_one(
    browser: Browser, service: Served, code: str
) -> None:
    with opened(browser) as page:
        check(page, service.form())
        page.route(EXCHANGE, lambda route: route.fulfill(status=409, json={"code": code}))
        press(page, "send")
        expect(page.locator("#said")).to_contain_text(OVER[code])
        expect(page.locator("#doing")).to_be_focused()
        expect(page.locator("button[value=send]")).to_be_hidden()
        found = barriers(page)
        press(page, "plain")
        receipt = page.locator("p.code").inner_text()
        press(page, "send")
        expect(page.get_by_role("heading", level=1)).to_have_text(SENT)

    assert found == []
    expect_counted_once(service, receipt, hasty=True)


def test_the_pages_say_until_when_what_can_be_sent(browser: Browser, service: Served) -> None:
    with opened(browser) as page:
        page.goto(service.form())
        expect(page.get_by_text(UNTIL)).to_be_visible()
        check(page, service.form())
        expect(page.get_by_text(UNTIL)).to_be_visible()


def test_a_draft_that_could_not_be_forgotten_is_so_before_the_answers_are_sent(
    browser: Browser, service: Served
) -> None:
    asked: list[str] = []

    def lose_first(route: Route) -> None:
        if route.request.method == "DELETE":
            asked.append(route.request.url)
            if len(asked) == 1:
                route.abort()
                return
        route.continue_()

    address = service.form()
    with opened(browser) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(address)
        page.locator("#q1-2").check()
        press(page, "save")
        saved = [each["name"] for each in page.context.cookies(address)]
        page.route(address, lose_first)
        check(page, address)
        press(page, "send")
        expect(page.locator("#said")).to_contain_text("Lá phiếu kín đã sẵn sàng")
        page.reload()
        press(page, "send")
        wait_through_pause(page)
        receipt = expect_sent(page)
        cookies = page.context.cookies(address)
        left = page.evaluate("() => JSON.stringify([{...sessionStorage}, {...localStorage}])")

    assert (saved, cookies, asked) == (["draft"], [], [address, address])
    session, local = json.loads(left)
    [kept] = map(json.loads, session.values())
    assert (kept, local) == ({"step": "cast", "receipt": receipt, "again": False}, {})
    expect_counted_once(service, receipt)
