"""What is no JSON of a fact, wherever in it: what is not UTF-8, and what is nested too deeply."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import codec, submission
from shared.events.codec import Unreadable
from shared.events.envelope import Context
from shared.events.strict import NESTING_MAX, strictly
from tests.support.odd_bytes import NOT_UTF8, nested
from tests.support.small_cycle import OPENED_AT

FACT = codec.encode(
    "submission/2021/so-a",
    1,
    Context(OPENED_AT),
    submission.ScoreWithdrawn(cycle="2021", agency="so-a", item="1.1"),
).body
LONG = 400_000
"""More bytes than any record has that the topic takes, where each stands for two."""
TEXT_ENDS = '"\\[]{}'
FRAMES = 300
"""More than any service has below it when it reads a fact."""

documents = st.recursive(
    st.text(alphabet=TEXT_ENDS) | st.integers(),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.text(alphabet=TEXT_ENDS), inside, max_size=3)
    ),
)


def beside(value: bytes) -> bytes:
    """The fact with something that nobody asks for."""
    return FACT[:-1] + b',"zzz":' + value + b"}"


@pytest.mark.parametrize("text", NOT_UTF8)
@pytest.mark.parametrize("read", [codec.head, codec.decode])
def test_a_text_that_nobody_asks_for_has_to_be_utf_8_too(read: Any, text: bytes) -> None:  # noqa: ANN401 - either
    with pytest.raises(Unreadable):
        read(beside(b'"' + text + b'"'))


@pytest.mark.parametrize("read", [codec.head, codec.decode])
def test_how_deep_a_fact_may_be_does_not_depend_on_who_reads_it(read: Any) -> None:  # noqa: ANN401 - either
    def read_from(frames: int, body: bytes) -> Any:  # noqa: ANN401 - as it gives
        return read_from(frames - 1, body) if frames else read(body)

    deepest, deeper = beside(nested(NESTING_MAX - 1)), beside(nested(NESTING_MAX))

    assert read_from(0, deepest).id == read_from(FRAMES, deepest).id == "submission/2021/so-a@1"
    for frames in (0, FRAMES):
        with pytest.raises(Unreadable):
            read_from(frames, deeper)


def test_signs_within_texts_and_many_side_by_side_are_no_nesting() -> None:
    flat = b"[" + b",".join([b"{}"] * 2 * NESTING_MAX) + b"]"
    signs = json.dumps('\\"[' * 2 * NESTING_MAX).encode()

    for body in (beside(flat), beside(signs)):
        assert codec.decode(body).id == "submission/2021/so-a@1"


@given(documents, st.integers(NESTING_MAX - 8, NESTING_MAX + 1))
def test_the_depth_is_that_of_the_deepest_place(document: object, around: int) -> None:
    body = b"[" * around + json.dumps(document).encode() + b"]" * around
    deep = around + depth_of(document) > NESTING_MAX

    if deep:
        with pytest.raises(ValueError, match="within one another"):
            strictly(body)
    else:
        assert strictly(body) == body


def depth_of(document: Any) -> int:  # noqa: ANN401 - JSON
    """How many objects and lists are within one another."""
    if isinstance(document, dict):
        return 1 + max(map(depth_of, document.values()), default=0)
    if isinstance(document, list):
        return 1 + max(map(depth_of, document), default=0)
    return 0


@pytest.mark.parametrize(
    "unending", [b'"' + b'\\"' * LONG, b'"' + b"\\" * LONG, b'"' * LONG, b'"a' * LONG]
)
def test_bytes_of_any_kind_are_looked_at_in_one_pass(unending: bytes) -> None:
    """Where a place were looked at again for each quote before it, this would take an hour."""
    opened = b"[" * (NESTING_MAX + 1)

    with pytest.raises(ValueError, match="within one another"):
        strictly(opened + unending)


def test_what_stands_in_a_text_that_never_ends_is_not_nested() -> None:
    assert strictly(b'"' + b"[" * LONG) == b'"' + b"[" * LONG
