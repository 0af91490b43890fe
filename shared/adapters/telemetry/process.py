"""The telemetry of one process, from its begin to its end."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import MappingProxyType

from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.trace import SpanProcessor
from starlette.applications import Starlette
from starlette.types import ASGIApp

from shared.adapters.telemetry.destination import Destination
from shared.adapters.telemetry.documents import TracedDocuments
from shared.adapters.telemetry.export import Providers, exposed, to_collector
from shared.adapters.telemetry.gauges import Certificates, Connections, Gauges
from shared.adapters.telemetry.http import Observed
from shared.adapters.telemetry.meters import Meters
from shared.adapters.telemetry.store import TracedStore, reader
from shared.adapters.telemetry.topic import TracedStream
from shared.adapters.telemetry.tracing import Tracing
from shared.runtime.health import Health
from shared.runtime.loop import Loop
from shared.runtime.service import Outside, Service

_log = logging.getLogger(__name__)


class Telemetry:
    """Wraps what a process of a service is made of."""

    def __init__(self, providers: Providers) -> None:
        self._tracing = Tracing(providers.tracer)
        self._meters = Meters(providers.meter)
        self._gauges = Gauges(providers.meter)

    def outside(
        self,
        outside: Outside,
        topic: str,
        pools: Mapping[str, Connections] = MappingProxyType({}),
        certificates: Certificates = dict,
    ) -> Outside:
        """The same outside world, traced; `topic` is what the topic is called.

        Of its `pools`, by their names, it is told how many connections are in use; and of the
        `certificates` for how long they are good.
        """
        self._gauges.certified(certificates)
        for name, connections in pools.items():
            self._gauges.watch(name, connections)
        tracing, meters = self._tracing, self._meters
        return replace(
            outside,
            store=TracedStore(outside.store, tracing, meters),
            inbox=TracedStore(outside.inbox, tracing, meters, heard=topic),
            topic=TracedStream(outside.topic, topic, tracing, meters),
            documents=TracedDocuments(outside.documents, tracing),
        )

    def application(self, app: Starlette) -> ASGIApp:
        """The same application, observed."""
        return Observed(app, self._tracing, self._meters)

    def loop(self, loop: Loop) -> Loop:
        """The same loop; what it reads is counted by its name."""

        async def step() -> int | None:
            reader.set(loop.name)
            return await loop.step()

        return replace(loop, step=step)

    def looking(self, service: Service, health: Health, outside: Outside) -> Loop:
        """The loop by which a worker sees how far its loops are, and how large its stores."""
        return self._gauges.looking(service, health, outside)


@contextmanager
def open_telemetry(destination: Destination, service: str, instance: str) -> Iterator[Telemetry]:
    """The telemetry of a process of a service, which is told apart from others by `instance`.

    What was not told yet is told at the end. Raises `Refused("metrics-port-taken")`.
    """
    processors, readers = list[SpanProcessor](), list[MetricReader]()
    with ExitStack() as opened:
        if destination.port is not None:
            readers.append(opened.enter_context(exposed(destination.host, destination.port)))
            _log.info("metrics are at http://%s:%d/metrics", destination.host, destination.port)
        if destination.otlp:
            processor, reader = to_collector(destination.otlp)
            processors.append(processor)
            readers.append(reader)
        ratio = destination.percent / 100
        providers = Providers(service, instance, ratio, processors=processors, readers=readers)
        opened.callback(providers.close)
        yield Telemetry(providers)
