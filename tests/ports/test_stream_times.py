"""A record that a lost topic had taken comes into another one with the time of then."""

from datetime import UTC, datetime, timedelta

from shared.ports import Message
from tests.ports.test_stream import TICK, Given, given

__all__ = ["given"]


async def test_a_record_that_came_with_a_time_is_of_that_time_but_of_none_to_come(
    given: Given,
) -> None:
    now = given.clock.now()
    before = datetime(2020, 10, 15, 1, 2, 3, 456789, tzinfo=UTC)
    times, consumer = (before, now + timedelta(days=1)), given.consumer()

    await given.topic.publish([Message("2021", b"x", taken_at=each) for each in times])

    async with given.topic.subscribe("ranking", consumer.position_of) as subscription:
        first, second = await consumer.take(2, subscription)
    assert first.appended_at == before
    assert now - TICK < second.appended_at < now + timedelta(hours=1)
