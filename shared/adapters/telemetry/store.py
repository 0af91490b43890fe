"""An event store whose appends are traced and counted, and whose facts carry a trace.

What loops read of it is counted, each by its name: so it is seen how fast a rebuild goes.
"""

from collections import Counter
from collections.abc import Sequence
from contextvars import ContextVar

import msgspec

from shared.adapters.telemetry import contract
from shared.adapters.telemetry.meters import Meters, Value
from shared.adapters.telemetry.tracing import Tracing, read, traceparent
from shared.events.codec import Stored
from shared.ports import EventStore, Logged, Tracking

reader: ContextVar[str] = ContextVar("the loop that reads", default="")


class TracedStore:
    """A store of the service's own facts, or of what it `heard` by the topic of that name."""

    def __init__(
        self, store: EventStore, tracing: Tracing, meters: Meters, *, heard: str = ""
    ) -> None:
        self._store = store
        self._tracing = tracing
        self._meters = meters
        self._told = contract.PROCESS if heard else contract.APPEND
        name = "inbox" if heard else "facts"
        self._named = {contract.STORE.name: name}
        self._topic = {
            contract.SYSTEM.name: "kafka",
            contract.OPERATION.name: "process",
            contract.TOPIC.name: heard,
        }
        self._count = contract.BATCH if heard else contract.FACTS
        self._attributes = {**self._named, **(self._topic if heard else {})}

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """As the port says; where only a position is kept, nothing is told of it."""
        if not facts:
            await self._store.append(facts, tracking=tracking, behind=behind)
            return
        attributes: dict[str, Value] = {**self._attributes, self._count.name: len(facts)}
        if len({fact.stream for fact in facts}) == 1:
            attributes[contract.STREAM.name] = facts[0].stream
        with self._tracing.span(self._told, attributes) as span:
            trace = traceparent(span)
            traced = [msgspec.structs.replace(f, trace=trace) for f in facts] if trace else facts
            with self._meters.timed(contract.APPEND_DURATION, self._named):
                await self._store.append(traced, tracking=tracking, behind=behind)
        for wire_name, count in Counter(fact.type for fact in facts).items():
            told = {**self._named, contract.TYPE.name: wire_name}
            self._meters.add(contract.APPENDED, count, told)

    async def stream(self, stream: str, *, after: int = 0, limit: int) -> Sequence[Stored]:
        """As the port says."""
        facts = await self._store.stream(stream, after=after, limit=limit)
        self._count_read(len(facts))
        return facts

    async def last(self, stream: str) -> Stored | None:
        """As the port says."""
        return await self._store.last(stream)

    async def log(self, *, after: int, limit: int) -> Sequence[Logged]:
        """As the port says; what this task does next goes on with the traces of these facts."""
        entries = await self._store.log(after=after, limit=limit)
        self._count_read(len(entries))
        read(entry.fact.trace for entry in entries)
        return entries

    async def end(self) -> int:
        """As the port says."""
        return await self._store.end()

    async def tracked(self, consumer: str) -> int:
        """As the port says."""
        return await self._store.tracked(consumer)

    async def streams(self, prefix: str, *, after: str = "", limit: int) -> Sequence[str]:
        """As the port says."""
        return await self._store.streams(prefix, after=after, limit=limit)

    def _count_read(self, facts: int) -> None:
        if facts and (loop := reader.get()):
            self._meters.add(contract.READ, facts, {**self._named, contract.CONSUMER.name: loop})
