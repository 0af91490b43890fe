"""The stream: the topic on which the services speak."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A fact on its way to the topic; the key (the cycle) decides on the partition.

    `trace` goes with it in the header `traceparent`, where telemetry is on. What a topic had taken
    that was lost says when: it goes into another one with that time.
    """

    key: str
    body: bytes
    trace: str = ""
    taken_at: datetime | None = None


class Delivery(NamedTuple):
    """A record of the topic, which took it at `appended_at`, or one before it did.

    A record that came with a time is of that time, if it is no later than that at which it came.
    Positions grow from 1 on in each partition, and may have holes. `trace` is what came in the
    header `traceparent`, whoever sent it.
    """

    partition: int
    position: int
    appended_at: datetime
    key: str
    body: bytes
    trace: str = ""


class Subscription(Protocol):
    """One consumer's share of the topic."""

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """The next records, in order within each partition; none if nothing came in time.

        Partitions are given and taken in here alone, so that nobody asks `position_of` while what
        the last call gave is being dealt with. A call that fails or is cancelled loses nothing:
        the next one gives the same records. Raises `Unavailable` while the topic is away, and
        `Refused` where it is not as it has to be.
        """

    async def behind(self) -> Mapping[int, int | None]:
        """How many records each of its partitions holds beyond the last fetch; None: not known yet.

        Raises `Unavailable` while nobody can tell.
        """


class Stream(Protocol):
    """The topic `facts`: what every service tells the others."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order; returns when all are acknowledged.

        Raises `Unavailable("topic-unavailable")`, and `Refused` where the topic is not as it has to
        be. After a failure any of them may have been taken, so that sending again repeats records.
        """

    def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AbstractAsyncContextManager[Subscription]:
        """Follow the topic as one member of a group.

        Each partition that is given to it is read from just behind `position_of(partition)`, which
        the consumer keeps itself.
        """
