"""YAML as people write it: plain, every scalar a text, every value with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters import scheme_file
from shared.adapters.messages.scheme import MESSAGES
from shared.kernel.errors import Refused

TEXT = b"""\
# A comment.
scheme: small
maximum: 1.50
sample: true
none: no
empty:
title: >-
  One line
  and another
areas:
  - code: "1"
    criteria: [{code: 1.1}, {code: 1.2}]
  - code: "2"
a/b~c: {x: 1}
"""


def test_every_scalar_is_a_text_as_it_was_written() -> None:
    assert scheme_file.load(TEXT).document == {
        "scheme": "small",
        "maximum": "1.50",
        "sample": "true",
        "none": "no",
        "empty": "",
        "title": "One line and another",
        "areas": [
            {"code": "1", "criteria": [{"code": "1.1"}, {"code": "1.2"}]},
            {"code": "2"},
        ],
        "a/b~c": {"x": "1"},
    }


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("", 2),
        ("/scheme", 2),
        ("/title", 7),
        ("/areas", 10),
        ("/areas/0", 11),
        ("/areas/0/code", 11),
        ("/areas/0/criteria/1/code", 12),
        ("/areas/1", 13),
        ("/a~1b~0c/x", 14),
        ("/areas/1/title", 13),
        ("/areas/0/criteria/7/code", 12),
        ("/nowhere", 2),
    ],
)
def test_a_pointer_leads_to_its_line_or_to_that_of_what_it_would_stand_in(
    pointer: str, line: int
) -> None:
    assert scheme_file.load(TEXT).line(pointer) == line


def test_decomposed_letters_are_composed() -> None:
    decomposed = "title: Bo\u0323\u0302 tie\u0302u chi\u0301\n".encode()

    assert scheme_file.load(decomposed).document == {"title": "Bộ tiêu chí"}


def test_the_mark_that_some_editors_put_first_is_no_part_of_the_text() -> None:
    assert scheme_file.load(b"\xef\xbb\xbftitle: x\n").document == {"title": "x"}


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"a: &x 1\nb: 2\n", "yaml-alias", "1"),
        (b"a: 1\nb: *x\n", "yaml-alias", "2"),
        (b"a: &x [1]\nb: [*x, *x]\n", "yaml-alias", "1"),
        (b"a: 1\nb: 2\na: 3\n", "yaml-key-duplicate", "3"),
        ("\u1ed9: 1\no\u0323\u0302: 2\n".encode(), "yaml-key-duplicate", "2"),
        (b"a: {b: 1,\n  b: 2}\n", "yaml-key-duplicate", "2"),
        (b"a: !!python/object:os.system x\n", "yaml-tag", "1"),
        (b"a: 1\nb: !!int 2\n", "yaml-tag", "2"),
        (b"a: !!map {}\n", "yaml-tag", "1"),
        (b"a: 1\n? [b]\n: 2\n", "yaml-key-not-a-text", "2"),
        (b"a: 1\n---\nb: 2\n", "yaml-too-many-documents", "2"),
        (b"- a\n", "yaml-not-a-mapping", "1"),
        (b"\n\njust words\n", "yaml-not-a-mapping", "3"),
        (b"a: 1\nb: [\n", "yaml-malformed", "3"),
        (b"a: 1\n\tb: 2\n", "yaml-malformed", "2"),
        (b"a: 1\nb: \x00\n", "yaml-malformed", "2"),
        (b"a: " + b"[" * 100_000, "yaml-too-deep", "1"),
        (b"a: [" + b"x," * 60_000, "yaml-too-large", "1"),
    ],
)
def test_what_is_not_one_plain_document_is_refused_with_its_line(
    content: bytes, code: str, line: str
) -> None:
    with pytest.raises(Refused) as refusal:
        scheme_file.load(content)

    assert (refusal.value.code, refusal.value.details["line"]) == (code, line)
    assert all(sentence.format(**refusal.value.details) for sentence in MESSAGES[code])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "yaml-empty"),
        (b"# Nothing but a comment.\n", "yaml-empty"),
        (b"title: \xff\n", "yaml-not-utf8"),
        (b"#" * (scheme_file.FILE_BYTES_MAX + 1), "yaml-file-too-large"),
    ],
)
def test_what_is_no_text_of_a_modest_size_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        scheme_file.load(content)

    assert refusal.value.code == code
    assert all(sentence.format(**refusal.value.details) for sentence in MESSAGES[code])


SIGNS = st.text("ab:-[]{}&*!?#|>'\"%@,\n \t", max_size=40)


@given(content=st.binary(max_size=40) | SIGNS.map(str.encode))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    assert _outcome(content)


def _outcome(content: bytes) -> str:
    try:
        return f"read, from line {scheme_file.load(content).line('')}"
    except Refused as refusal:
        return " ".join(MESSAGES[refusal.code]).format(**refusal.details)
