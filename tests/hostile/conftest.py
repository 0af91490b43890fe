"""A running system behind a proxy, for clients that keep no rule."""

from collections.abc import Iterator

import pytest

from shared.adapters.web.rates import Rate
from tests.support.town import Town, town

PROXY = "127.0.0.1"
READING = Rate(300, 60)


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town as everybody has it, with so little of reading that a busy machine gets there."""
    data = tmp_path_factory.mktemp("besieged") / "data"
    with town(data, "--proxies", PROXY, "--rates", f"reading={READING}") as ready:
        yield ready
