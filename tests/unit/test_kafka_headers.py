"""What stands beside a fact in a record of Kafka, whoever has written it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.adapters.kafka.headers import TAKEN_AT, TRACE, first_taken, trace_of, written
from shared.ports import Message

AT = datetime(2026, 11, 27, tzinfo=UTC)
BEFORE = datetime(2021, 10, 15, 1, 2, 3, 4, tzinfo=UTC)
HERE = timezone(timedelta(hours=7))
UNTOLD = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))
"""A time that UTC does not have."""


@pytest.mark.parametrize("taken_at", [None, BEFORE, BEFORE.astimezone(HERE)])
@pytest.mark.parametrize("trace", ["", "00-abc-def-01"])
def test_what_is_written_is_read(taken_at: datetime | None, trace: str) -> None:
    headers = written(Message("2021", b"x", trace, taken_at))

    assert len(headers) == bool(trace) + bool(taken_at)
    assert trace_of(headers) == trace
    assert first_taken(headers, AT) == (taken_at or AT)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(TAKEN_AT, None)],
        [(TAKEN_AT, b"")],
        [(TAKEN_AT, b"yesterday")],
        [(TAKEN_AT, b"\xff")],
        [(TAKEN_AT, b"2021-10-15T01:02:03")],
        [(TAKEN_AT, b"0001-01-01T00:00:00+14:00")],
        [(TAKEN_AT, b"9999-12-31T23:59:59-14:00")],
        [(TAKEN_AT, b"2021-10-15T01:02:03+00:00" + b" " * 100)],
        [(TAKEN_AT, (AT + timedelta(seconds=1)).isoformat().encode())],
        [(TRACE, b"2021-10-15T01:02:03+00:00")],
    ],
)
def test_what_is_no_time_or_one_to_come_counts_for_nothing(
    headers: Sequence[tuple[str, bytes | None]],
) -> None:
    assert first_taken(headers, AT) == AT


def test_a_time_that_utc_does_not_have_can_be_written_and_counts_for_nothing() -> None:
    assert first_taken(written(Message("2021", b"x", taken_at=UNTOLD)), AT) == AT
