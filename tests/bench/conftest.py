"""One report for all benches of a run: printed as it grows, and kept as var/bench/latest.json."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.report import Report, machine

KEPT = Path("var/bench/latest.json")


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """The report of this run."""
    said = ", ".join(f"{name} {value}" for name, value in machine().items())
    sys.stdout.write(f"\n{said}\n")
    report = Report()
    yield report
    report.write(KEPT)
    sys.stdout.write(f"\n\n{KEPT}\n")
