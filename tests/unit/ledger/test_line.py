"""How an entry stands in an export: as one line, from which its bytes come back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger import line
from tests.golden.examples import BY_NAME

# What a foreign writer may have put into the topic.
NO_LINES = (b'{\n"id":1}', b'{"id":1}\r', b'{"id":"\xff"}', b'{"base64":"e30="}', b'{"base64":""}')


@given(st.one_of(st.binary(), st.text().map(str.encode), st.sampled_from(NO_LINES)))
def test_an_entry_comes_back_from_its_line(entry: bytes) -> None:
    assert line.from_line(line.to_line(entry)) == entry


@given(st.binary())
def test_a_line_is_one_line_of_text(entry: bytes) -> None:
    written = line.to_line(entry)

    assert len(f"{written.decode()}\n".encode().splitlines()) == 1


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_what_services_write_stands_for_itself(name: str) -> None:
    assert line.to_line(BY_NAME[name].body) == BY_NAME[name].body


@pytest.mark.parametrize("entry", NO_LINES)
def test_what_is_no_line_is_written_in_base64(entry: bytes) -> None:
    assert list(json.loads(line.to_line(entry))) == ["base64"]


@pytest.mark.parametrize("written", [b'{"base64":"e30"}', b'{"base64":"\n"}', b'{"base64":"', b""])
def test_what_was_never_written_so_is_taken_as_it_stands(written: bytes) -> None:
    assert line.from_line(written) == written
