"""Clients of Kafka end, whatever holds them up."""

import asyncio
import gc
import logging

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.consumer.group_coordinator import GroupCoordinator

from shared.adapters.kafka import ending

SOON_S = 0.05
SOON_S_MAX = 5.0
NEVER_S = 1_000_000


class Held(AIOKafkaConsumer):  # type: ignore[misc] # The driver has no types.
    """A consumer whose group never answers that it goes."""

    async def stop(self) -> None:
        """Wait for the answer."""
        self._closed = True
        await asyncio.sleep(NEVER_S)


async def test_a_consumer_whose_group_does_not_answer_goes_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "LEAVE_S_MAX", SOON_S)

    async with asyncio.timeout(SOON_S_MAX):
        await ending.end_consumer(Held(bootstrap_servers="127.0.0.1:1"))


class Member(AIOKafkaConsumer):  # type: ignore[misc] # The driver has no types.
    """A consumer whose broker was away, so that its membership failed."""

    def __init__(self) -> None:
        super().__init__("facts", bootstrap_servers="127.0.0.1:1", group_id="ranking")
        self._coordinator = GroupCoordinator(
            self._client, self._subscription, group_id="ranking", assignors=()
        )


async def test_what_the_membership_of_a_consumer_failed_with_is_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "aiokafka")  # A trace that is kept would keep the task.
    unheard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    member = Member()
    failing = member._coordinator._coordination_task  # noqa: SLF001 - the driver keeps it to itself
    await asyncio.wait([failing])

    await ending.end_consumer(member)
    del member, failing
    gc.collect()
    await asyncio.sleep(0)

    assert unheard == []
