"""A browser, an office that it talks to, and a ballot that was begun there."""

from collections.abc import Iterator

import pytest

from tests.support import ballot_office
from tests.support.ballot_browser import Browser, browser, library_of_others
from tests.support.ballot_office import AGENCY, TOKEN, Office


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def both() -> Iterator[Browser]:
    with browser(library_of_others()) as opened:
        yield opened


@pytest.fixture(scope="module")
def running() -> Iterator[Office]:
    with ballot_office.serving() as office:
        yield office


@pytest.fixture
def office(running: Office) -> Office:
    """An office with an invitation that nobody has used, and nothing in its urn."""
    running.invited.clear()
    running.cast.clear()
    running.asked.clear()
    running.lose, running.lies = 0, {}
    running.invite(TOKEN)
    return running


@pytest.fixture
def begun(page: Browser, office: Office) -> dict[str, str]:
    state: dict[str, str] = page.call("begin", AGENCY, office.key())
    return state
