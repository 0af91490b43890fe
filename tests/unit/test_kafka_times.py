"""The time of a record is the topic's, or none: what its writer says of it is no evidence."""

import pytest
from aiokafka import ConsumerRecord

from shared.adapters.kafka.subscription import EPOCH, LOG_APPEND_TIME, taken_at

CREATE_TIME = 0
NO_TIME_MS = -1
MINUTE_MS = 60_000


def record(timestamp_ms: int, kind: int) -> ConsumerRecord:
    return ConsumerRecord("facts", 0, 7, timestamp_ms, kind, None, b"", None, 0, 0, ())


@pytest.mark.parametrize("timestamp_ms", [NO_TIME_MS, 0, MINUTE_MS, 2**62])
def test_a_time_of_who_wrote_a_record_is_not_taken(timestamp_ms: int) -> None:
    assert taken_at(record(timestamp_ms, CREATE_TIME)) == EPOCH


def test_the_topics_own_time_is() -> None:
    assert (taken_at(record(MINUTE_MS, LOG_APPEND_TIME)) - EPOCH).total_seconds() == 60
