"""A provider of others that runs, with one key, whatever a test before did to it."""

from collections.abc import Iterator

import pytest

from tests.support.identity_provider import IdentityProvider, SigningKey


@pytest.fixture(scope="session")
def first() -> SigningKey:
    """The key that the provider signs with at the beginning."""
    return SigningKey("first")


@pytest.fixture(scope="session")
def running() -> Iterator[IdentityProvider]:
    """The provider of this run."""
    provider = IdentityProvider()
    try:
        yield provider
    finally:
        provider.kill()


@pytest.fixture
def provider(running: IdentityProvider, first: SigningKey) -> IdentityProvider:
    """The provider, which a test may kill and start again."""
    if running.keys != (first,):
        running.start(first)
    running.asked()
    return running
