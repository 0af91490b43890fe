"""Answering sealed in a real browser: what it sends, what it keeps, and what happens to it halfway.

The clock of the page is the test's, so that nobody waits for the pause.
"""

from urllib.parse import parse_qsl

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.support.browser import Served, barriers, press, turn
from tests.support.sealed_visit import (
    CAST,
    EXCHANGE,
    PAUSE_MS_MAX,
    SENT,
    check,
    expect_counted_once,
    expect_sent,
    lose_first,
    opened,
    wait_through_pause,
)
from tests.support.survey_office import AGENCY, CITIZENS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PHONE = {"width": 320, "height": 640}
FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"


def test_no_request_has_both_the_token_and_the_answers(browser: Browser, service: Served) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    address = service.form()
    token = address.rpartition("/")[2]
    with opened(browser) as page:
        page.context.on("request", note)
        check(page, address)
        press(page, "send")
        wait_through_pause(page)
        receipt = expect_sent(page)
        headers = {each: str(each.all_headers()) for each in asked}
        left = page.evaluate("() => JSON.stringify([{...sessionStorage}, {...localStorage}])")

    expect_counted_once(service, receipt)
    with_token = [each for each in asked if token in each.url + (each.post_data or "")]
    assert [(each.method, each.url.rpartition("/")[2]) for each in with_token] == [
        ("GET", token),
        ("POST", "ballots"),
    ]
    assert all(token not in headers[each] for each in asked if each not in with_token)
    handed_in = next(each.post_data or "" for each in asked if each.method == "POST")
    assert {name for name, _ in parse_qsl(handed_in)} == {"language", "do", "q.q1", "q.q2", "q.q4"}
    assert token not in left
    posts = [each.url.removeprefix(service.url) for each in asked if each.method == "POST"]
    assert posts == [
        f"/survey/form/2021/citizens/sealed/{AGENCY}",
        f"/survey{CITIZENS}/ballots",
        f"/survey{CITIZENS}/ballot-responses",
    ]


def test_the_ballot_waits_for_its_pause(browser: Browser, service: Served) -> None:
    with opened(browser) as page:
        check(page, service.form())
        press(page, "send")
        expect(page.locator("#said")).to_contain_text("Lá phiếu kín đã sẵn sàng")
        page.clock.fast_forward(4_000)
        early = len(service.urn.taken)
        expect(page.locator("#waited")).to_be_visible()
        page.clock.fast_forward(PAUSE_MS_MAX)
        receipt = expect_sent(page)

    assert early == 0
    expect_counted_once(service, receipt)


def test_a_lost_reply_to_the_exchange_is_asked_for_again(browser: Browser, service: Served) -> None:
    with opened(browser) as page:
        check(page, service.form())
        lose_first(page, EXCHANGE, arrives=True)
        press(page, "send")
        expect(page.locator("#said")).to_contain_text("Máy chủ không trả lời")
        expect(page.locator("#doing")).to_be_focused()
        expect(page.locator("button[value=plain]")).to_be_hidden()
        page.reload()
        expect(page.locator("#said")).to_contain_text("chỉ trang này gửi tiếp được")
        press(page, "send")
        wait_through_pause(page)
        receipt = expect_sent(page)

    expect_counted_once(service, receipt)


@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_reply_to_the_ballot_is_asked_for_again_and_counts_once(
    browser: Browser, service: Served, *, arrives: bool
) -> None:
    with opened(browser) as page:
        check(page, service.form())
        lose_first(page, CAST, arrives=arrives)
        press(page, "send")
        wait_through_pause(page)
        expect(page.locator("#said")).to_contain_text("chỉ trang này gửi lại được")
        expect(page.locator("button[value=edit]")).to_be_hidden()
        press(page, "send")
        wait_through_pause(page)
        receipt = expect_sent(page)
        expect(page.locator("#doing")).to_be_visible(visible=arrives)

    expect_counted_once(service, receipt)


def test_a_reload_in_the_midst_goes_on_and_one_at_the_end_shows_the_receipt(
    browser: Browser, service: Served
) -> None:
    with opened(browser) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        check(page, service.form())
        press(page, "send")
        expect(page.locator("#said")).to_contain_text("Lá phiếu kín đã sẵn sàng")
        page.reload()
        press(page, "send")
        wait_through_pause(page)
        receipt = expect_sent(page)
        page.reload()
        again = expect_sent(page)

    assert again == receipt
    expect_counted_once(service, receipt)


def test_where_nothing_was_exchanged_the_plain_way_is_open(
    browser: Browser, service: Served
) -> None:
    address = service.form()
    with opened(browser) as page:
        page.goto(address)
        begun = page.locator("input[name=begun]").input_value()
        check(page, address)
        refused = {"code": "ballot-key-missing", "status": 409}
        page.route(EXCHANGE, lambda route: route.fulfill(status=409, json=refused))
        press(page, "send")
        expect(page.locator("#said")).to_contain_text("Không gửi kín được")
        with page.expect_request(address) as plainly:
            press(page, "plain")
        receipt = page.locator("p.code").inner_text()
        press(page, "send")
        expect(page.get_by_role("heading", level=1)).to_have_text(SENT)

    assert f"begun={begun}" in (plainly.value.post_data or "")
    expect_counted_once(service, receipt, hasty=True)


def test_a_server_that_answers_with_another_key_gets_no_answers(
    browser: Browser, service: Served
) -> None:
    def lie(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(status=201, json={**told, "key": told["key"][:-8] + "AAAAAAAA"})

    with opened(browser) as page:
        check(page, service.form())
        page.route(EXCHANGE, lie)
        press(page, "send")
        expect(page.locator("#said")).to_contain_text("khác với khóa đã công bố")

    assert service.urn.taken == []


def test_a_script_that_was_changed_on_its_way_does_not_run(
    browser: Browser, service: Served
) -> None:
    def change(route: Route) -> None:
        route.fulfill(response=(got := route.fetch()), body=got.text() + "\n// and more")

    context = browser.new_context()
    page = context.new_page()
    page.route("**/ballot-*.js", change)
    check(page, service.form())
    expect(page.locator("p.code")).to_be_visible()
    press(page, "send")
    context.close()

    assert len(service.urn.taken) == 1


def test_without_scripts_the_form_is_the_plain_one(browser: Browser, service: Served) -> None:
    with opened(browser, java_script_enabled=False) as page:
        check(page, service.form())
        receipt = page.locator("p.code").inner_text()
        press(page, "send")
        expect(page.get_by_role("heading", level=1)).to_have_text(SENT)

    expect_counted_once(service, receipt, hasty=True)


def test_a_draft_is_saved_before_and_forgotten_after(browser: Browser, service: Served) -> None:
    address = service.form()
    with opened(browser) as page:
        page.goto(address)
        turn(page, "check")
        page.locator("#q1-3").check()
        page.locator("#q2-1").check()
        turn(page, "save")
        saved = page.context.cookies(address)
        page.goto(address)
        page.locator("#q4").fill("Tốt </script><b>lắm</b>\nCảm ơn")
        turn(page, "check")
        turn(page, "edit")
        turn(page, "check")
        press(page, "send")
        wait_through_pause(page)
        receipt = expect_sent(page)
        left = page.context.cookies(address)

    assert ([each["name"] for each in saved], left) == (["draft"], [])
    expect_counted_once(service, receipt)


def test_no_state_has_a_barrier_or_is_too_wide(browser: Browser, service: Served) -> None:
    found: dict[str, object] = {}

    def look(name: str, page: Page) -> None:
        found[name] = (barriers(page), page.evaluate(FITS))

    with opened(browser, viewport=PHONE) as page:
        check(page, f"{service.form()}?language=en")
        page.locator("summary").click()
        look("check", page)
        turn(page, "edit")
        look("edit", page)
        turn(page, "check")
        lose_first(page, EXCHANGE, arrives=True)
        press(page, "send")
        expect(page.locator("button[value=send]")).to_be_visible()
        look("lost", page)
        press(page, "send")
        expect(page.locator("#waited")).to_be_visible()
        look("waiting", page)
        page.clock.fast_forward(PAUSE_MS_MAX)
        expect(page.locator("#sent")).to_be_visible()
        look("sent", page)
        page.get_by_role("link").last.click()
        page.wait_for_url("**/receipts?language=en")
        look("receipts", page)

    assert found == {name: ([], True) for name in found}
    assert len(found) == 6


def test_the_page_names_the_key_that_is_published(browser: Browser, service: Served) -> None:
    path = f"{service.url}/survey{CITIZENS}/ballot-keys"
    published = {each["agency"]: each for each in httpx.get(path, trust_env=False).json()}
    with opened(browser) as page:
        check(page, service.form())
        page.locator("summary").click()
        digest = page.locator(".digest").inner_text()

    assert digest.replace(" ", "") == published[AGENCY]["sha256"]
