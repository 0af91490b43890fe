"""A fact's id: its stream and its version, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.envelope import cycle_of, fact_id, split_id

codes = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True)


@given(codes, codes, st.integers(1, 10**15 - 1))
def test_an_id_is_split_into_what_it_was_made_of(cycle: str, agency: str, version: int) -> None:
    stream = f"submission/{cycle}/{agency}"

    assert split_id(fact_id(stream, version)) == (stream, version)
    assert cycle_of(stream) == cycle


@pytest.mark.parametrize(
    "identity", ["", "@", "@1", "a@1", "a/b", "a/b@", "a/b@0", "a/b@01", "a/b@x", "a/b@\u0661"]
)
def test_what_is_no_id_is_said_to_be_none(identity: str) -> None:
    with pytest.raises(ValueError, match=r"id of a fact|version counts"):
        split_id(identity)
