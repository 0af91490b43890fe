"""What was looked at is told whole: a look under way, or one that fails in part, hides nothing."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, NumberDataPoint

from shared.adapters.telemetry import contract
from shared.adapters.telemetry.gauges import Gauges
from shared.kernel.errors import Unavailable
from shared.runtime.health import Health
from shared.runtime.loop import Loop
from shared.runtime.service import LedgerState, Outside, Service
from tests.support.opened import opened
from tests.support.outside import memory_outside

DAMAGED = LedgerState("2021", entries=7, unsigned_s=0.0, alarmed=True)
LOOKED_AT = {contract.PARKED.name, contract.ENTRIES.name, contract.ALARMED.name}


class Desk:
    """Whoever scrapes a process that keeps ledgers; a look at these `waits`, or `fails`."""

    def __init__(self, outside: Outside) -> None:
        self._reader = InMemoryMetricReader()
        meter = MeterProvider([self._reader], shutdown_on_exit=False).get_meter("test")
        service = Service("ranking", tuple, (), ledgers=self._ledgers)
        self.looking: Loop = Gauges(meter).looking(service, Health(), outside)
        self.waits = asyncio.Event()
        self.waits.set()
        self.fails: Exception | None = None

    async def _ledgers(self) -> Sequence[LedgerState]:
        await self.waits.wait()
        if self.fails is not None:
            raise self.fails
        return [DAMAGED]

    def scraped(self) -> Mapping[str, int | float]:
        """The last of the numbers of each gauge that tells anything."""
        told = self._reader.get_metrics_data()
        return {
            metric.name: point.value
            for resource in (told.resource_metrics if told else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in metric.data.data_points
            if isinstance(point, NumberDataPoint)
        }


async def test_whoever_scrapes_during_a_look_sees_what_the_one_before_saw() -> None:
    desk = Desk(memory_outside())
    await desk.looking.step()
    before = desk.scraped()
    desk.waits.clear()
    looking = asyncio.ensure_future(desk.looking.step())
    for _ in range(99):
        await asyncio.sleep(0)

    during = desk.scraped()
    desk.waits.set()
    await looking

    assert before.keys() >= LOOKED_AT
    assert during == before == desk.scraped()


async def test_an_alarm_stands_where_what_is_parked_cannot_be_seen() -> None:
    outside = memory_outside()
    desk = Desk(outside)
    async with opened(outside.inbox):
        pass

    with pytest.raises(Unavailable, match="database-unavailable"):
        await desk.looking.step()

    told = desk.scraped()
    assert contract.PARKED.name not in told
    assert (told[contract.ENTRIES.name], told[contract.ALARMED.name]) == (7, 1)


async def test_what_fails_beside_a_server_that_is_away_is_raised_and_the_server_is_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = memory_outside()
    desk = Desk(outside)
    desk.fails = ValueError("a fault of ours")
    async with opened(outside.inbox):
        pass

    with pytest.raises(ValueError, match="a fault of ours"):
        await desk.looking.step()

    assert caplog.messages == ["a look failed too: Unavailable('database-unavailable', {})"]
    assert not LOOKED_AT & desk.scraped().keys()
