"""What callers like best, and what their forms say: read within limits."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.web.accept import preferred
from shared.adapters.web.form import FIELDS_MAX, MEDIA_TYPE, VALUE_CHARACTERS_MAX, read
from shared.kernel.errors import Problem

HEADERS = {"content-type": f"{MEDIA_TYPE}; charset=utf-8"}
OFFERED = ("application/json", "text/csv", "text/html")
# What JSON takes too: no control characters, no lone surrogates; NFC, and one kind of line end.
TEXTS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/*", "text/csv"),
        ("text/*;q=0.5, text/html;q=0.4, */*;q=0.1", "text/csv"),
        ("text/html;q=0, */*;q=0.1", "application/json"),
        ("TEXT/CSV", "text/csv"),
        ("image/png", "application/json"),
        ("text/html;q=nonsense", "application/json"),
    ],
)
def test_the_form_liked_best_is_given(accepted: str | None, expected: str) -> None:
    assert preferred(accepted, OFFERED) == expected


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=10))
def test_a_form_says_what_was_filled_in(pairs: list[tuple[str, str]]) -> None:
    fields = read(urlencode(pairs).encode(), HEADERS)

    assert fields.pairs() == tuple(pairs)
    for name, _ in pairs:
        assert fields.all(name) == tuple(value for other, value in pairs if other == name)
        assert fields.one(name) == fields.all(name)[-1]


def test_texts_are_normalised_and_lines_end_alike() -> None:
    fields = read(urlencode({"a": "Tô\u0301t\r\nlắm"}).encode(), HEADERS)

    assert fields.one("a") == "T\u1ed1t\nlắm"
    assert fields.one("b") == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"a=%FF", "encoding-malformed"),
        ("a=ố".encode(), "encoding-malformed"),
        (b"a=%00", "character-forbidden"),
        (b"a=" + b"x" * (VALUE_CHARACTERS_MAX + 1), "string-too-long"),
        (b"&".join([b"a=1"] * (FIELDS_MAX + 1)), "form-too-large"),
    ],
)
def test_what_no_browser_sends_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read(body, HEADERS)

    assert refused.value.code == code


@pytest.mark.parametrize("media_type", ["", "application/json", "multipart/form-data"])
def test_only_a_form_is_read_as_one(media_type: str) -> None:
    with pytest.raises(Problem) as refused:
        read(b"a=1", {"content-type": media_type})

    assert refused.value.code == "form-expected"
