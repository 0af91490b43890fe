"""Where what is told goes: by OTLP to a collector, and to whoever scrapes `/metrics`.

https://opentelemetry.io/docs/specs/otlp/ (OTLP over HTTP, protobuf); the exposition is that of
Prometheus, with the names that its rules make of those of the contract.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from prometheus_client import CollectorRegistry, start_http_server

from shared.kernel.errors import Refused

EXPORT_S_MAX = 5
EXPORT_EVERY_S = 15
SCOPE = "cchc"


class Providers:
    """The providers of traces and metrics of one process; nothing is global."""

    def __init__(
        self,
        service: str,
        instance: str,
        ratio: float,
        *,
        processors: Sequence[SpanProcessor],
        readers: Sequence[MetricReader],
    ) -> None:
        resource = Resource(
            {
                "service.name": service,
                "service.namespace": SCOPE,
                "service.instance.id": instance,
            }
        )
        sampler = ParentBased(TraceIdRatioBased(ratio))
        self._traces = TracerProvider(sampler, resource, shutdown_on_exit=False)
        for processor in processors:
            self._traces.add_span_processor(processor)
        self._metrics = MeterProvider(
            readers, resource, exemplar_filter=AlwaysOffExemplarFilter(), shutdown_on_exit=False
        )
        self.tracer = self._traces.get_tracer(SCOPE)
        self.meter = self._metrics.get_meter(SCOPE)

    def close(self) -> None:
        """Tell what was not told yet, for `EXPORT_S_MAX` at most each, and end."""
        self._traces.shutdown()
        self._metrics.shutdown(EXPORT_S_MAX * 1_000)


@contextmanager
def exposed(host: str, port: int) -> Iterator[MetricReader]:
    """Show metrics to whoever scrapes, in a thread of their own.

    Raises `Refused("metrics-port-taken")` where the port cannot be had.
    """
    registry = CollectorRegistry()
    reader = PrometheusMetricReader(registry=registry)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused("metrics-port-taken", port=str(port), reason=reason) from error
    try:
        yield reader
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def to_collector(address: str) -> tuple[SpanProcessor, MetricReader]:
    """What sends to a collector; while it is away spans are dropped, and nobody waits."""
    base = address.rstrip("/")
    spans = OTLPSpanExporter(f"{base}/v1/traces", timeout=EXPORT_S_MAX)
    metrics = OTLPMetricExporter(f"{base}/v1/metrics", timeout=EXPORT_S_MAX)
    return (
        BatchSpanProcessor(spans),
        PeriodicExportingMetricReader(
            metrics,
            export_interval_millis=EXPORT_EVERY_S * 1_000,
            export_timeout_millis=EXPORT_S_MAX * 1_000,
        ),
    )
