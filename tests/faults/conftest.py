"""What plays on real servers are held against."""

import pytest

from tests.faults.real.reference import Reference, told_embedded


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The story as the embedded system tells it; once for all plays of a run."""
    return told_embedded(tmp_path_factory.mktemp("reference"))
