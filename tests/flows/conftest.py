"""One town for all flows that change nothing."""

from collections.abc import Iterator

import pytest

from tests.support.town import Town, town


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A running system in which a small cycle is under way, and nothing happens by itself."""
    with town(tmp_path_factory.mktemp("town") / "data") as ready:
        yield ready
