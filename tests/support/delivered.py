"""What a topic delivers to an inbox, and how it is read what became of it."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.ports import Delivery
from shared.runtime.parked import Parked, ParkedStream
from shared.runtime.receive import Inbox

AT = datetime(2021, 10, 15, tzinfo=UTC)
STREAM, OTHER = "submission/2021/so-y-te", "submission/2021/so-noi-vu"


def body(version: int, stream: str = STREAM, variant: str = "") -> bytes:
    return f'{{"id":"{stream}@{version}","type":"a.Fact.v1","x":"{variant}"}}'.encode()


def fact(version: int, stream: str = STREAM) -> Stored:
    return Stored(stream, version, "a.Fact.v1", body(version, stream))


def topic(*bodies: bytes, after: int = 0, partition: int = 0) -> list[Delivery]:
    return [
        Delivery(partition, position, AT, "2021", each)
        for position, each in enumerate(bodies, start=after + 1)
    ]


def inbox(store: MemoryEventStore) -> Inbox:
    return Inbox(store, lambda stream: stream.startswith("submission/"))


async def parked(store: MemoryEventStore) -> Sequence[ParkedStream]:
    return (await Parked(store, store).waiting()).parked


def alarms(caplog: pytest.LogCaptureFixture, level: int = logging.ERROR) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= level]
