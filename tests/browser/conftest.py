"""A real browser, and the service that answers by ballots."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Served, opened_browser, served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, for all tests of a module: while it is open no other loop can run."""
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    """The service with ballots, for all tests of a module."""
    with served(offers_ballots=True) as service:
        yield service


@pytest.fixture
def service(running: Served) -> Served:
    """The service with ballots, and nothing in its urn that a test would have to know of."""
    running.urn.taken.clear()
    return running
