"""What plays on real servers are held against, and how they are told."""

from pathlib import Path

import pytest

from tests.faults.real.reference import Reference, told_embedded
from tests.faults.real.telling import Record, Telling


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The story as the embedded system tells it; once for all plays of a run."""
    return told_embedded(tmp_path_factory.mktemp("reference"))


@pytest.fixture
def telling(
    reference: Reference, repetitions: int, record_property: Record, tmp_path: Path
) -> Telling:
    """A story that is told as often as this run repeats it."""
    return Telling(reference, repetitions, record_property, tmp_path)
