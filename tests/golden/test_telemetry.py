"""The contract of what processes tell, as dashboards and alerts were built on it.

A line that goes here is one that somebody's alert never sees again.
"""

from services.cli import telemetry
from tests.golden.documents import TELEMETRY


def test_the_contract_is_the_one_that_is_written_down() -> None:
    assert telemetry.document() == TELEMETRY.read_text("utf-8"), (
        "renew it: python -m tests.golden.documents --write"
    )
