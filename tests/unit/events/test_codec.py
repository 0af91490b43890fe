"""Facts to bytes and back: canonical, bounded, and unreadable without harm."""

import json
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from shared.events import codec, submission
from shared.events.codec import FACT_BYTES_MAX, Unreadable
from shared.events.envelope import Context, Sealed
from shared.events.strict import NESTING_MAX
from shared.kernel.calendar import VIETNAM
from shared.kernel.errors import Refused
from tests.support.any_fact import MOMENTS, TEXT, facts
from tests.support.odd_bytes import NOT_UTF8, nested
from tests.support.small_cycle import OPENED_AT

contexts = st.builds(
    Context,
    at=MOMENTS,
    actor=st.none() | TEXT,
    correlation_id=st.none() | TEXT,
    causation_id=st.none() | TEXT,
    idempotency_key=st.none() | TEXT,
    request_digest=st.none() | TEXT,
)
NOBODY = Context(OPENED_AT)


def explained(text: str) -> submission.ExplanationGiven:
    return submission.ExplanationGiven(
        cycle="2021", agency="so-y-te", item="1.1", text=Sealed(key="a-key", text=text)
    )


@given(contexts, facts())
def test_a_fact_comes_back_as_it_went(context: Context, fact: object) -> None:
    recorded = codec.decode(codec.encode("cycle/2021", 7, context, fact).body)

    assert (recorded.stream, recorded.version) == ("cycle/2021", 7)
    assert recorded.context == context
    assert recorded.data == fact


@given(contexts, facts())
def test_a_fact_read_and_written_again_has_the_same_bytes(context: Context, fact: object) -> None:
    body = codec.encode("cycle/2021", 7, context, fact).body
    recorded = codec.decode(body)

    again = codec.encode(recorded.stream, recorded.version, recorded.context, recorded.data)

    assert again.body == body


@given(contexts, facts())
def test_the_bytes_are_canonical(context: Context, fact: object) -> None:
    body = codec.encode("cycle/2021", 7, context, fact).body

    compact = json.dumps(
        json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )

    assert body == compact.encode()
    assert unicodedata.is_normalized("NFC", body.decode())


@given(contexts, facts())
def test_the_head_of_a_fact_is_where_it_belongs(context: Context, fact: object) -> None:
    stored = codec.encode("cycle/2021", 7, context, fact)

    assert codec.head(stored.body) == stored


def test_a_time_is_written_in_utc() -> None:
    hanoi = OPENED_AT.astimezone(VIETNAM)

    body = codec.encode("cycle/2021", 1, Context(hanoi), explained("a")).body

    assert json.loads(body)["time"] == "2021-10-15T01:00:00Z"


def test_a_text_that_is_not_normalised_is_refused() -> None:
    decomposed = unicodedata.normalize("NFD", "Sở Y tế")

    with pytest.raises(Refused) as refusal:
        codec.encode("cycle/2021", 1, NOBODY, explained(decomposed))

    assert refusal.value.code == "text-not-normalised"


def test_the_largest_fact_is_written_and_the_next_larger_is_refused() -> None:
    room = FACT_BYTES_MAX - len(codec.encode("cycle/2021", 1, NOBODY, explained("")).body)

    largest = codec.encode("cycle/2021", 1, NOBODY, explained("a" * room))
    with pytest.raises(Refused) as refusal:
        codec.encode("cycle/2021", 1, NOBODY, explained("a" * (room + 1)))

    assert len(largest.body) == FACT_BYTES_MAX
    assert refusal.value.code == "fact-too-large"


@given(st.binary() | st.from_regex(rb'\{"id":"[^"]*","type":"[^"]*"\}', fullmatch=True))
def test_any_bytes_are_a_fact_or_unreadable(body: bytes) -> None:
    for read in (codec.head, codec.decode):
        try:
            assert read(body).id
        except Unreadable:
            continue


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"a":' * 100_000,
        b'{"id":' + b"[" * 100_000,
        b'{"id":"no-stream@1","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/2021","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/2021@0","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/2021@01","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/2021@-1","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/2021@' + b"9" * 5_000 + b'","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/2021\\u0000@1","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/' + b"2" * 300 + b'@1","type":"submission.ScoreSubmitted.v1"}',
        b'{"id":"cycle/2021@1","type":"submission.\\u0000"}',
        b'{"id":"cycle/2021@1","type":"' + b"a" * 200 + b'"}',
        b'{"id":"cycle/2021@1","type":"\xff"}',
        b'{"id":"cycle/\\ud800@1","type":"submission.ScoreSubmitted.v1"}',
    ],
)
@pytest.mark.parametrize("read", [codec.head, codec.decode])
def test_bytes_that_name_no_place_are_unreadable(
    read: Callable[[bytes], object], body: bytes
) -> None:
    with pytest.raises(Unreadable):
        read(body)


@pytest.mark.parametrize(
    ("field", "value"),
    [("type", "submission.ScoreSubmitted.v2"), ("type", "nothing"), ("data", {}), ("time", "now")],
)
def test_a_fact_of_another_making_has_a_place_and_is_unreadable(field: str, value: object) -> None:
    body = json.loads(codec.encode("cycle/2021", 3, NOBODY, explained("a")).body)
    foreign = json.dumps({**body, field: value}).encode()

    with pytest.raises(Unreadable):
        codec.decode(foreign)

    assert codec.head(foreign).id == "cycle/2021@3"


@pytest.mark.parametrize("more", [b'"' + NOT_UTF8[0] + b'"', nested(NESTING_MAX)])
def test_what_has_a_place_keeps_it_though_none_would_be_given_now(more: bytes) -> None:
    stored = codec.encode("cycle/2021", 7, NOBODY, explained("a"))
    kept = stored.body[:-1] + b',"zzz":' + more + b"}"

    assert codec.place_as_kept(kept) == structs.replace(stored, body=kept)
    with pytest.raises(Unreadable):
        codec.head(kept)


def test_what_names_no_place_was_never_given_one() -> None:
    with pytest.raises(Unreadable):
        codec.place_as_kept(b"\xff")
