"""A topic whose batches are traced and counted; their trace goes with them in a header."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from shared.adapters.telemetry import contract
from shared.adapters.telemetry.meters import Meters, Value
from shared.adapters.telemetry.tracing import Tracing, read, traceparent
from shared.ports import Delivery, Message, Stream, Subscription


class TracedStream:
    """The topic of that name."""

    def __init__(self, topic: Stream, name: str, tracing: Tracing, meters: Meters) -> None:
        self._topic = topic
        self._tracing = tracing
        self._meters = meters
        self._sent = _told(name, "send")
        self._processed = _told(name, "process")

    async def publish(self, messages: Sequence[Message]) -> None:
        """As the port says; all messages of a batch carry the trace of the batch."""
        attributes: dict[str, Value] = {**self._sent, contract.BATCH.name: len(messages)}
        with (
            self._meters.counted(contract.SENT, len(messages), self._sent),
            self._tracing.span(contract.SEND, attributes) as span,
        ):
            trace = traceparent(span)
            traced = [replace(m, trace=trace) for m in messages] if trace else messages
            await self._topic.publish(traced)

    @asynccontextmanager
    async def subscribe(
        self, group: str, position_of: Callable[[int], Awaitable[int]]
    ) -> AsyncIterator[Subscription]:
        """As the port says."""
        async with self._topic.subscribe(group, position_of) as subscription:
            yield _TracedSubscription(subscription, self._meters, self._processed)


class _TracedSubscription:
    def __init__(self, subscription: Subscription, meters: Meters, told: Mapping[str, str]) -> None:
        self._subscription = subscription
        self._meters = meters
        self._told = told

    async def fetch(self, *, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """As the port says; what this task does next goes on with the traces of these records."""
        deliveries = await self._subscription.fetch(limit=limit, timeout_s=timeout_s)
        read(delivery.trace for delivery in deliveries)
        if deliveries:
            self._meters.add(contract.CONSUMED, len(deliveries), self._told)
        return deliveries

    async def behind(self) -> Mapping[int, int | None]:
        """As the port says."""
        return await self._subscription.behind()


def _told(name: str, operation: str) -> Mapping[str, str]:
    return {
        contract.SYSTEM.name: "kafka",
        contract.OPERATION.name: operation,
        contract.TOPIC.name: name,
    }
