"""How clients of the driver end: each in the background, since a broker that is away delays it.

What the driver does by itself does not always end. A producer's `stop` waits until all that it
holds is sent, and an idempotent one never gives that up; a consumer's `stop` takes the cancelling
of its own fetches for one of itself, leaves its connections open, and hears not what its membership
failed with.
"""

import asyncio
import logging
from collections.abc import Coroutine

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.consumer.group_coordinator import GroupCoordinator

SENDER_S_MAX = 5.0
LEAVE_S_MAX = 5.0
"""How long a consumer may take to tell its group that it goes; without that it is missed later."""
CONNECTIONS_S_MAX = 5.0

_log = logging.getLogger(__name__)


class Endings:
    """Clients on their way out."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, ending: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        """Let a client end in the background."""
        task = asyncio.create_task(ending)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def wait(self, s_max: float) -> None:
        """Wait for those that are under way, but no longer than `s_max`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=s_max)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.warning("a client of Kafka did not end well: %r", error)


async def end_producer(producer: AIOKafkaProducer) -> None:
    """Let go of what it could not send, and of its connections."""
    # `stop` waits for all that is unsent as long as there is a sender, so that goes first.
    sender, producer._sender = producer._sender, None  # noqa: SLF001 - nothing public gives up
    try:
        async with asyncio.timeout(SENDER_S_MAX):
            await sender.close()
    except TimeoutError:
        _log.info("a request to Kafka is still under way; it ends with its connection")
    await _within(CONNECTIONS_S_MAX, producer.stop())


async def end_consumer(consumer: AIOKafkaConsumer) -> None:
    """Leave the group, and let go of the connections.

    Where the broker is away, the group misses the consumer when its session is over.
    """
    try:
        async with asyncio.timeout(LEAVE_S_MAX):
            await consumer.stop()
    except TimeoutError:
        _log.info("a consumer of Kafka goes before its group was told")
        await _within(CONNECTIONS_S_MAX, _abandon(consumer))
    except asyncio.CancelledError:
        ending = asyncio.current_task()
        if ending is None or ending.cancelling():
            raise
        _log.info("a consumer of Kafka was in the midst of a fetch that failed")
    finally:
        _hear(consumer)
        await _within(CONNECTIONS_S_MAX, consumer._client.close())  # noqa: SLF001 - see above


def _hear(consumer: AIOKafkaConsumer) -> None:
    """A member's own task fails for good where its broker was away; its `stop` asks not how."""
    coordinator = consumer._coordinator  # noqa: SLF001 - see above
    if isinstance(coordinator, GroupCoordinator):
        task = coordinator._coordination_task  # noqa: SLF001 - see above
        if task.done() and not task.cancelled() and (error := task.exception()):
            _log.info("a member of a group had failed: %r", error)


async def _abandon(consumer: AIOKafkaConsumer) -> None:
    """End the tasks of a consumer whose end was given up, as its `stop` would have done."""
    coordinator, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001 - see above
    if coordinator is not None:
        await coordinator._stop_heartbeat_task()  # noqa: SLF001 - see above
        await coordinator._stop_commit_offsets_refresh_task()  # noqa: SLF001 - see above
        await fetcher.close()


async def end_admin(admin: AIOKafkaAdminClient) -> None:
    """Let go of the connections."""
    await _within(CONNECTIONS_S_MAX, admin.close())


async def _within(s_max: float, closing: Coroutine[None, None, None]) -> None:
    """A connection is closed when all is written, which a broker that stands still prevents."""
    try:
        async with asyncio.timeout(s_max):
            await closing
    except TimeoutError:
        _log.info("a connection to Kafka was left to itself")
