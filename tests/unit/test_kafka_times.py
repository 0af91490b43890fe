"""Times that the topic does not vouch for are told all the same."""

from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import ConsumerRecord

from shared.adapters.kafka.subscription import EPOCH, LOG_APPEND_TIME, TIMESTAMP_MS_MAX, taken_at

CREATE_TIME = 0
NO_TIME_MS = -1
BEFORE = datetime(2021, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def record(timestamp_ms: int, kind: int) -> ConsumerRecord:
    return ConsumerRecord("facts", 0, 7, timestamp_ms, kind, None, b"", None, 0, 0, ())


@pytest.mark.parametrize(
    ("timestamp_ms", "before", "told"),
    [
        (0, BEFORE, BEFORE),
        (NO_TIME_MS, None, EPOCH),
        (TIMESTAMP_MS_MAX, BEFORE, EPOCH + TIMESTAMP_MS_MAX * MS),
        (TIMESTAMP_MS_MAX + 1, BEFORE, BEFORE),
        (TIMESTAMP_MS_MAX + 1, None, EPOCH),
    ],
)
def test_a_time_of_who_wrote_a_record_is_taken_where_it_can_be(
    timestamp_ms: int, before: datetime | None, told: datetime
) -> None:
    assert taken_at(record(timestamp_ms, CREATE_TIME), before) == told


def test_the_topics_own_time_is_never_changed() -> None:
    assert taken_at(record(0, LOG_APPEND_TIME), BEFORE) == EPOCH
