"""The topic of the real mode."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from shared.adapters.kafka import driver
from shared.adapters.kafka.ending import Endings, end_consumer
from shared.adapters.kafka.publisher import Publisher
from shared.adapters.kafka.subscription import KafkaSubscription
from shared.adapters.kafka.tls import Tls
from shared.adapters.kafka.topic import Topic
from shared.kernel.errors import Unavailable
from shared.ports import Message, Subscription

START_S_MAX = 10.0
GO_S_MAX = 2.0
"""How long the end of a subscription is waited for; where brokers are away it goes on without."""
CLOSE_S_MAX = 10.0


class KafkaStream:
    """A topic on Kafka, which may be away at any time, from the start on: it is looked for anew."""

    def __init__(
        self,
        servers: str,
        topic: str,
        *,
        partitions: int,
        client_id: str = "cchc",
        tls: Tls | None = None,
    ) -> None:
        """Name the brokers, as `host:port,...`; `client_id` is how they name this process.

        They are spoken to in clear without `tls`.

        A topic that has other than so many partitions is refused when it is met.
        Raises `Refused("kafka-client-incomplete")` where the driver lacks a part. Files of `tls`
        are first read when brokers are, and then it is `Refused("kafka-tls-unusable")`.
        """
        driver.check_installed()
        self._servers = servers
        self._tls = tls
        self._topic = Topic(topic, partitions)
        self._client_id = client_id
        self._endings = Endings()
        self._publisher = Publisher(servers, self._topic, client_id, self._endings, tls)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all of them in order; returns when all are acknowledged.

        One that fails leaves in each partition a beginning of what it had for it, to which the
        batch that was under way may be added later: so no stream has a gap by it at any time, and
        the repetition brings what is missing, and repeats the rest.
        Raises `Unavailable("topic-unavailable")` or, before there is one, `("topic-not-migrated")`,
        and `Refused("topic-settings-differ")`.
        """
        if messages:
            await self._publisher.publish(messages)

    @asynccontextmanager
    async def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AsyncIterator[Subscription]:
        """Follow the topic as one member of a group, which others join with the same name.

        Raises `Unavailable` within `START_S_MAX` where nobody is there. Fetches raise it too, with
        the code `topic-truncated` where the topic lacks what stands behind a position. Both raise
        `Refused("topic-settings-differ")`.
        """
        # Groups of other topics on the same brokers are other groups.
        name = f"{self._topic.name}.{group}"
        consumer = driver.consumer(self._servers, self._client_id, name, self._tls)
        try:
            await self._start(consumer)
            subscription = KafkaSubscription(consumer, self._topic, position_of)
            subscription.open()
            try:
                yield subscription
            finally:
                await subscription.close()
        finally:
            ending = self._endings.begin(end_consumer(consumer))
            await asyncio.wait({ending}, timeout=GO_S_MAX)

    async def close(self) -> None:
        """Let go of all connections; every later publication raises `Unavailable`."""
        await self._publisher.close()
        await self._endings.wait(CLOSE_S_MAX)

    async def _start(self, consumer: AIOKafkaConsumer) -> None:
        """Find brokers and topic, before the group is told of a new member."""
        try:
            async with asyncio.timeout(START_S_MAX):
                await consumer.start()
                await self._topic.find(consumer._client)  # noqa: SLF001 - nothing public counts partitions
        except (KafkaError, TimeoutError) as error:
            raise Unavailable("topic-unavailable") from error
