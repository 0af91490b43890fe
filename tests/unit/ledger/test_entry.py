"""How an entry is kept: a time, and bytes that nobody touches."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger import entry
from shared.ledger.entry import Entry
from tests.support.any_fact import MOMENTS


@given(MOMENTS, st.binary())
def test_an_entry_comes_back_as_it_went(at: datetime, fact: bytes) -> None:
    assert entry.from_bytes(entry.to_bytes(Entry(at, fact))) == Entry(at, fact)


def test_an_entry_is_a_line_and_the_bytes_behind_it() -> None:
    kept = entry.to_bytes(Entry(datetime(2021, 10, 15, 1, tzinfo=UTC), b"{}\n{}"))

    assert kept == b"2021-10-15T01:00:00.000000+00:00\n{}\n{}"


@pytest.mark.parametrize(
    "kept", [b"", b"{}", b"\n{}", b"2021-10-15\n{}", b"2021-10-15T01:00:00+07:00\n{}", b"\xff\n{}"]
)
def test_what_has_no_time_in_front_is_no_entry(kept: bytes) -> None:
    with pytest.raises(ValueError, match=r"isoformat|ascii|begins with a line"):
        entry.from_bytes(kept)
