"""What is measured by looking: how far the consumers are behind, what waits, how large it became.

A look takes calls to servers, so it is a loop's step, and whoever collects reads what the last look
saw. What could not be seen is not told: nothing is better than a number of yesterday.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from shared.adapters.telemetry import contract
from shared.ports import EventStore
from shared.runtime.health import Health, Lag
from shared.runtime.loop import Loop
from shared.runtime.number import LEDGER
from shared.runtime.parked import Parked, Waiting
from shared.runtime.service import Outside

LOOK_EVERY_S = 10.0
LEDGERS_MAX = 200

Connections = Callable[[], Mapping[str, int]]
"""How many connections of a pool there are, by their state."""


@dataclass(slots=True)
class Seen:
    """What the last look saw."""

    lags: Sequence[Lag] = ()
    waiting: Waiting | None = None
    entries: Mapping[str, int] = field(default_factory=dict)


class Gauges:
    """Looks at a process's loops and stores, and is asked by whoever collects."""

    def __init__(self, meter: Meter) -> None:
        self._seen = Seen()
        self._pools: dict[str, Connections] = {}
        told: Mapping[contract.Metric, Callable[[], Iterable[Observation]]] = {
            contract.LAG: self._lag,
            contract.LAG_TIME: self._lag_time,
            contract.FAILING_TIME: self._failing_time,
            contract.PARKED: self._parked,
            contract.ENTRIES: self._entries,
            contract.CONNECTIONS: self._connections,
        }
        for metric, observe in told.items():
            meter.create_observable_gauge(
                metric.name, [_asked(observe)], metric.unit, metric.meaning
            )

    def watch(self, pool: str, connections: Connections) -> None:
        """Tell of a pool's connections whenever somebody collects."""
        self._pools[pool] = connections

    def looking(self, name: str, health: Health, outside: Outside) -> Loop:
        """The loop of the looks of a process of that service."""
        parked = Parked(outside.inbox, outside.store)

        async def look() -> int:
            self._seen = Seen(lags=await health.lags())
            self._seen.waiting = await parked.waiting()
            self._seen.entries = await _entries_of(outside.inbox)
            return 0

        return Loop(f"{name}.gauges", look, idle_s=LOOK_EVERY_S)

    def _lag(self) -> Iterable[Observation]:
        return [
            Observation(lag.facts, {contract.CONSUMER.name: lag.consumer})
            for lag in self._seen.lags
            if lag.facts is not None
        ]

    def _lag_time(self) -> Iterable[Observation]:
        return [
            Observation(lag.seconds, {contract.CONSUMER.name: lag.consumer})
            for lag in self._seen.lags
            if lag.seconds is not None
        ]

    def _failing_time(self) -> Iterable[Observation]:
        return [
            Observation(lag.failing_s, {contract.CONSUMER.name: lag.consumer})
            for lag in self._seen.lags
        ]

    def _parked(self) -> Iterable[Observation]:
        waiting = self._seen.waiting
        if waiting is None:
            return []
        counts = {
            "parked": len(waiting.parked),
            "stopped": len(waiting.stopped),
            "altered": len(waiting.altered),
            "unreadable": len(waiting.unreadable),
        }
        return [Observation(count, {contract.WHY.name: why}) for why, count in counts.items()]

    def _entries(self) -> Iterable[Observation]:
        return [
            Observation(count, {contract.LEDGER.name: cycle})
            for cycle, count in self._seen.entries.items()
        ]

    def _connections(self) -> Iterable[Observation]:
        return [
            Observation(count, {contract.POOL.name: pool, contract.STATE.name: state})
            for pool, counts in self._pools.items()
            for state, count in counts().items()
        ]


def _asked(
    observe: Callable[[], Iterable[Observation]],
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _options: observe()


async def _entries_of(inbox: EventStore) -> Mapping[str, int]:
    """How many entries each ledger has that is kept here, by its cycle."""
    ledgers = await inbox.streams(LEDGER, limit=LEDGERS_MAX)
    ends = {ledger: await inbox.last(ledger) for ledger in ledgers}
    return {
        ledger.removeprefix(LEDGER): end.version for ledger, end in ends.items() if end is not None
    }
