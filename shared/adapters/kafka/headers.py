"""What stands in the headers of a record, beside the fact: no hash covers it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from shared.kernel.calendar import in_zone
from shared.ports import Message

TRACE = "traceparent"
"""The header with the trace of a message: https://www.w3.org/TR/trace-context/#traceparent-header."""

TRACE_BYTES_MAX = 64
TAKEN_AT = "taken-at"
"""The header with the time at which a topic that was lost took the fact, in UTC."""

TAKEN_AT_BYTES_MAX = 32

Header = tuple[str, bytes | None]


def written(message: Message) -> Sequence[tuple[str, bytes]]:
    """The headers of a message."""
    headers = [(TRACE, message.trace.encode())] if message.trace else []
    if message.taken_at is not None:
        at = in_zone(message.taken_at, UTC).isoformat(timespec="microseconds")
        headers.append((TAKEN_AT, at.encode()))
    return headers


def trace_of(headers: Iterable[Header]) -> str:
    """The trace that came with a record; none where what came is far from one."""
    value = _found(headers, TRACE, TRACE_BYTES_MAX)
    return value.decode("ascii", errors="replace")


def first_taken(headers: Iterable[Header], at: datetime) -> datetime:
    """When a topic first took a record that this one took at a time.

    Whoever writes to the topic can say when that was. So it is never later than what the broker
    says; nor does a ledger let it be earlier than the entry before.
    """
    try:
        told = datetime.fromisoformat(_found(headers, TAKEN_AT, TAKEN_AT_BYTES_MAX).decode())
        return min(told.astimezone(UTC), at) if told.tzinfo is not None else at
    except (OverflowError, ValueError):
        return at  # It came with none, with something else, or with a time that UTC does not have.


def _found(headers: Iterable[Header], name: str, bytes_max: int) -> bytes:
    for each, value in headers:
        if each == name and value is not None and len(value) <= bytes_max:
            return value
    return b""
