"""Clients of Kafka end, whatever holds them up."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer

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
