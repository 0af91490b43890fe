"""A running system behind a proxy, for clients that keep no rule."""

from collections.abc import Iterator

import pytest

from shared.adapters.web.rates import RATES, written
from tests.support.town import Town, town

PROXY = "127.0.0.1"


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town as it is served to everybody, by the limits that it has by itself."""
    data = tmp_path_factory.mktemp("besieged") / "data"
    with town(data, "--proxies", PROXY, "--rates", written(RATES)) as ready:
        yield ready
