"""A real browser, and the survey service in memory behind a real port, for it to open."""

import asyncio
import os
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount

from real.install import HOME
from shared.adapters import web
from tests.support.asked_in_full import ASKED
from tests.support.closed_urn import ClosedUrn
from tests.support.survey_office import (
    AGENCY,
    CITIZENS,
    LISTED,
    answer_body,
    identify,
    open_office,
)

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--lang=vi-VN"),
)
AXE = HOME / "axe" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STARTED_S_MAX = 30.0
MANY = 12
"""So many answers are not withheld."""
EXPECTED_MS_MAX = 20_000
"""So long a page may take to become what is expected, on a machine that does much else."""

expect.set_options(timeout=EXPECTED_MS_MAX)


def had(what: str, found: str | None) -> Path:
    """Where it is; a test without it is skipped here, and fails where everything has to be."""
    if found is not None and Path(found).exists():
        return Path(found)
    said = f"{what} is not there: make servers; Debian: apt-get install chromium npm"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """The browser of the system."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    program = had("Chromium", found)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Served:
    """The survey service at an address, and its urn."""

    url: str
    urn: ClosedUrn

    def invited(self, *, accept: str = "application/json", count: int = 1) -> httpx.Response:
        """Invitations that nobody was given yet."""
        key = os.urandom(8).hex()
        headers = {**OFFICER, "Idempotency-Key": key, "Accept": accept}
        body = {"agency": AGENCY, "count": count}
        path = f"{self.url}/survey{CITIZENS}/invitations"
        return httpx.post(path, json=body, headers=headers, trust_env=False)

    def form(self) -> str:
        """The address of a form that nobody has opened yet."""
        [token] = self.invited().json()["tokens"]
        return f"{self.url}/survey/form/2021/citizens/{token}"

    def preview(self) -> httpx.Response:
        """The form of a questionnaire that is not adopted."""
        path = f"{self.url}/survey{CITIZENS}-2/preview"
        return httpx.post(path, json=ASKED, headers=OFFICER, trust_env=False)

    def results(self) -> str:
        """The address of the results of another questionnaire, which is answered and closed."""
        name = f"citizens-{os.urandom(4).hex()}"
        path = f"{self.url}/survey{LISTED}/{name}"
        with httpx.Client(headers=OFFICER, trust_env=False) as client:

            def said(what: str, body: object = None) -> httpx.Response:
                headers = {"Idempotency-Key": what}
                answer = client.post(f"{path}/{what}", json=body, headers=headers)
                return answer.raise_for_status()

            client.put(path, json=ASKED).raise_for_status()
            said("opening")
            invited = said("invitations", {"agency": AGENCY, "count": MANY})
            for token in invited.json()["tokens"]:
                said("responses", answer_body(token, {"q1": "5"}))
            said("closing")
        return f"{self.url}/survey/form/2021/{name}/results"


OFFICER = {"Authorization": "Bearer survey-officer"}


@contextmanager
def served(*, offers_ballots: bool = False) -> Iterator[Served]:
    """The service in a thread of its own, until it is over."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        urn, servers = ClosedUrn(), list[uvicorn.Server]()
        thread = Thread(target=lambda: asyncio.run(_serve(listening, url, urn, servers)))
        thread.start()
        try:
            _wait_for(url)
            if offers_ballots:
                _offer_ballots(url)
            yield Served(url, urn)
        finally:
            servers[0].should_exit = True
            thread.join(STARTED_S_MAX)


def _offer_ballots(url: str) -> None:
    headers = {**OFFICER, "Idempotency-Key": "keys"}
    path = f"{url}/survey{CITIZENS}/ballot-keys"
    httpx.post(path, headers=headers, timeout=STARTED_S_MAX, trust_env=False).raise_for_status()


async def _serve(
    listening: socket.socket, url: str, urn: ClosedUrn, servers: list[uvicorn.Server]
) -> None:
    async with open_office(urn, public_url=url) as office:
        await office.ask(CITIZENS, ASKED)
        world = office.outside
        door = web.Door(identify, office.clock, world.chance, world.seals)
        app = web.service_app("survey", office.service.router, door)
        mounted = Starlette(routes=[Mount("/survey", app)])
        config = uvicorn.Config(mounted, lifespan="off", log_config=None, access_log=False)
        servers.append(uvicorn.Server(config))
        await servers[0].serve(sockets=[listening])


def _wait_for(url: str) -> None:
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=transport, timeout=STARTED_S_MAX, trust_env=False) as client:
        client.get(f"{url}/survey{CITIZENS}").raise_for_status()


def barriers(page: Page) -> Sequence[tuple[str, str]]:
    """What axe finds in a page: which rule, and where first."""
    page.evaluate(had("axe", str(AXE)).read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert len(found["passes"]) > 10, "axe looked at the page"
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


def press(page: Page, do: str) -> None:
    """Press a button."""
    page.locator(f"button[value={do}]").click()


def follow(page: Page, target: Locator) -> None:
    """Click on what leads to another page, until that is there."""
    with page.expect_navigation():
        target.click()


def turn(page: Page, do: str) -> None:
    """Press a button that leads to another page, until that is there."""
    follow(page, page.locator(f"button[value={do}]"))
