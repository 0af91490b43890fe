"""All four services in one process, with what they tell about themselves kept in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime
from typing import Any

from opentelemetry.sdk.metrics.export import InMemoryMetricReader, Metric
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.adapters import web
from shared.adapters.telemetry.export import Providers
from shared.adapters.telemetry.process import Telemetry
from shared.adapters.telemetry.tracing import Tracing
from shared.kernel.actor import Actor
from shared.runtime.health import Health
from shared.runtime.loop import Loop
from shared.runtime.service import Outside
from tests.golden.documents import WIRINGS
from tests.support.province import LEFT_ALONE, Province

TOPIC = "facts"


class Told:
    """What one process told: its spans, and its metrics as they stand."""

    def __init__(self, service: str, ratio: float = 1.0) -> None:
        self._spans = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self._providers = Providers(
            service,
            "1",
            ratio,
            processors=[SimpleSpanProcessor(self._spans)],
            readers=[self._reader],
        )
        self.telemetry = Telemetry(self._providers)
        self.tracing = Tracing(self._providers.tracer)

    def spans(self) -> Sequence[ReadableSpan]:
        """The spans that have ended."""
        return self._spans.get_finished_spans()

    def metrics(self) -> Sequence[Metric]:
        """What is measured by now."""
        data = self._reader.get_metrics_data()
        if data is None:
            return []
        scopes = [scope for told in data.resource_metrics for scope in told.scope_metrics]
        return [metric for scope in scopes for metric in scope.metrics]


class ToldProvince(Province):
    """The province, of which each service tells what it does; each loop is a task of its own."""

    def __init__(self, people: Mapping[str, Actor], now: datetime) -> None:
        self.told = {name: Told(name) for name in WIRINGS}
        self.looks: list[Loop] = []
        self.left: dict[str, Loop] = {}
        """The loops that turn only where a test turns them, by name."""
        super().__init__(people, now)

    def _wire(self, name: str, outside: Outside) -> None:
        telemetry = self.told[name].telemetry
        traced = telemetry.outside(outside, TOPIC)
        service = WIRINGS[name](traced)
        door = web.Door(self._identify, outside.clock, outside.chance, outside.seals)
        app = web.service_app(name, service.router, door)
        self._apps[name] = telemetry.application(app)
        told = map(telemetry.loop, service.loops)
        loops = [replace(loop, step=_apart(loop.step)) for loop in told]
        self.left |= {loop.name: loop for loop in loops if loop.name.endswith(LEFT_ALONE)}
        self._loops += [loop for loop in loops if loop.name not in self.left]
        self.looks.append(telemetry.looking(service, Health(service.loops), traced))

    async def close(self) -> None:
        """Let the loops go of what they hold."""
        for loop in self._loops:
            if loop.end is not None:
                await loop.end()

    def spans(self) -> Sequence[ReadableSpan]:
        """What all services told, in no order."""
        return [span for told in self.told.values() for span in told.spans()]


def _apart(step: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    """The step, always in the same context, which is no other's."""
    context = copy_context()

    async def apart() -> Any:  # noqa: ANN401 - whatever the step comes to
        async def run() -> Any:  # noqa: ANN401 - as above
            return await step()

        return await asyncio.get_running_loop().create_task(run(), context=context)

    return apart
