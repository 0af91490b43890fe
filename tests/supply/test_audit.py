"""An audit that could ask nobody is no audit, and says so."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.supply.audit import AUDITED, UNKNOWN, VULNERABLE, verdict

SOUND: Mapping[str, Any] = {"name": "a", "version": "1", "vulns": []}
SKIPPED: Mapping[str, Any] = {"name": "b", "skip_reason": "Dependency not found"}
FLAWED: Mapping[str, Any] = {
    "name": "c",
    "version": "3",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1", "4"]}],
}


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        ([SOUND], AUDITED, "1 packages, and none has a known vulnerability."),
        ([SOUND, SKIPPED], UNKNOWN, "Nothing could be learned of 1 of 2 packages"),
        ([], UNKNOWN, "Nothing could be learned of 0 of 0 packages"),
        ([SOUND, FLAWED], VULNERABLE, "c 3: PYSEC-1, -> 3.1, 4"),
        ([FLAWED, SKIPPED], VULNERABLE, "c 3: PYSEC-1, -> 3.1, 4"),
    ],
)
def test_what_was_found_is_told_and_what_was_not_looked_at_too(
    found: Sequence[Mapping[str, Any]], status: int, said: str
) -> None:
    told, lines = verdict(found)

    assert told == status
    assert said in "\n".join(lines)
