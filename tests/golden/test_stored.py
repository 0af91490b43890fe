"""Tables and views are those that were committed: another version runs beside them.

Whoever changes a table raises its edition, and whoever changes what a view shows its version.
"""

from copy import deepcopy
from typing import Any

import pytest

from tests.golden.stored import STORED, NotRaised, require_raised, stored, text


def test_what_is_stored_is_what_is_written_down() -> None:
    assert text() == STORED.read_text("utf-8"), "renew it: python -m tests.golden.documents --write"


@pytest.mark.parametrize(
    ("changed", "value"),
    [("tables", ["create table another ()"]), ("library", "eventsourcing 99"), ("oldest", 7)],
)
def test_other_tables_are_another_edition(changed: str, value: object) -> None:
    before: dict[str, Any] = deepcopy(dict(stored()))
    now = {**before, changed: value}

    with pytest.raises(NotRaised, match="raise EDITION"):
        require_raised(before, now)
    require_raised(before, {**now, "edition": before["edition"] + 1})


def test_another_view_is_no_edition_of_tables() -> None:
    before = stored()

    require_raised(before, {**before, "views": {}})
