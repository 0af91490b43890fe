"""What is measured by looking: how far the consumers are behind, what waits, how large it became.

A look takes calls to servers, so it is a loop's step, and whoever collects reads what the last look
saw. What could not be seen is not told: nothing is better than a number of yesterday.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from shared.adapters.telemetry import contract
from shared.kernel.errors import Refused, is_away
from shared.runtime.health import Health, Lag
from shared.runtime.loop import Loop
from shared.runtime.parked import Parked, Waiting
from shared.runtime.service import LedgerState, Outside, Service

LOOK_EVERY_S = 10.0

Connections = Callable[[], Mapping[str, int]]
"""How many connections of a pool there are, by their state."""
Certificates = Callable[[], Mapping[str, float]]
"""For how many seconds each certificate is still good, by its name; `Refused` where none is."""
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last look saw, all of it at once."""

    lags: Sequence[Lag] = ()
    waiting: Waiting | None = None
    ledgers: Sequence[LedgerState] = ()


class Gauges:
    """Looks at a process's loops and stores, and is asked by whoever collects."""

    def __init__(self, meter: Meter) -> None:
        self._seen = Seen()
        self._pools: dict[str, Connections] = {}
        self._certificates: Certificates = dict
        told: Mapping[contract.Metric, Callable[[], Iterable[Observation]]] = {
            contract.LAG: self._lag,
            contract.LAG_TIME: self._lag_time,
            contract.FAILING_TIME: self._failing_time,
            contract.PARKED: self._parked,
            contract.ENTRIES: lambda: self._of_ledgers(lambda ledger: ledger.entries),
            contract.UNSIGNED_TIME: lambda: self._of_ledgers(lambda ledger: ledger.unsigned_s),
            contract.ALARMED: lambda: self._of_ledgers(lambda ledger: int(ledger.alarmed)),
            contract.CONNECTIONS: self._connections,
            contract.CERTIFIED_TIME: self._certified_time,
        }
        for metric, observe in told.items():
            meter.create_observable_gauge(
                metric.name, [_asked(observe)], metric.unit, metric.meaning
            )

    def watch(self, pool: str, connections: Connections) -> None:
        """Tell of a pool's connections whenever somebody collects."""
        self._pools[pool] = connections

    def certified(self, certificates: Certificates) -> None:
        """Tell of these certificates whenever somebody collects."""
        self._certificates = certificates

    def looking(self, service: Service, health: Health, outside: Outside) -> Loop:
        """The loop of the looks of a process of the service."""
        parked = Parked(outside.inbox, outside.store)

        async def look() -> int:
            failures: list[Exception] = []
            self._seen = Seen(
                lags=await _apart(health.lags(), failures) or (),
                waiting=await _apart(parked.waiting(), failures),
                ledgers=await _apart(service.ledgers(), failures) or (),
            )
            _raise_first(failures)
            return 0

        return Loop(f"{service.name}.gauges", look, idle_s=LOOK_EVERY_S)

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

    def _of_ledgers(self, measure: Callable[[LedgerState], int | float]) -> Iterable[Observation]:
        return [
            Observation(measure(ledger), {contract.LEDGER.name: ledger.cycle})
            for ledger in self._seen.ledgers
        ]

    def _connections(self) -> Iterable[Observation]:
        return [
            Observation(count, {contract.POOL.name: pool, contract.STATE.name: state})
            for pool, counts in self._pools.items()
            for state, count in counts().items()
        ]

    def _certified_time(self) -> Iterable[Observation]:
        try:
            left_s = self._certificates()
        except Refused:
            # Whoever speaks to the brokers says so in the log.
            return []
        return [Observation(left, {contract.CERTIFICATE.name: of}) for of, left in left_s.items()]


async def _apart(look: Awaitable[Result], failures: list[Exception]) -> Result | None:
    """What is seen; what cannot be seen keeps nobody from seeing the rest."""
    try:
        return await look
    except Exception as error:  # noqa: BLE001 - it is raised once all was looked at
        failures.append(error)
        return None


def _raise_first(failures: Sequence[Exception]) -> None:
    """Raise what failed first, and for a reason of its own if one did; the others are told."""
    if failures:
        first, *others = sorted(failures, key=is_away)
        for other in others:
            _log.warning("a look failed too: %r", other)
        raise first


def _asked(
    observe: Callable[[], Iterable[Observation]],
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _options: observe()
