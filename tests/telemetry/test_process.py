"""A process that tells: to a collector, to whoever scrapes, or, if nobody asked, to nobody."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from real.servers import port
from shared.adapters.telemetry.destination import Destination
from shared.adapters.telemetry.process import open_telemetry
from shared.events.codec import Stored
from shared.kernel.errors import Refused
from tests.support.outside import memory_outside
from tests.support.running import PROJECT

FACT = Stored("cycle/2021", 1, "submission.CycleOpened.v1", b"{}")
UNASKED = """
import sys
import services.submission.main
from shared.adapters.deployed import roles
assert not [name for name in sys.modules if name.startswith(("opentelemetry.sdk", "prometheus"))]
"""
FRAMEWORK = """
import asyncio
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.support import stages
told = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(told))
trace.set_tracer_provider(provider)
answer = asyncio.run(stages.begun().ask("auditor", "GET", "/ranking/cycles/2021/ranking"))
assert answer.status == 404, answer
assert not told.get_finished_spans(), [span.name for span in told.get_finished_spans()]
"""
"""What a provider that is global, and an environment that asks for it, would make FastAPI tell."""


class Received:
    """What was sent to a place that takes OTLP over HTTP, read by the protocol's own messages."""

    def __init__(self) -> None:
        self.spans: list[str] = []
        self.metrics: set[str] = set()
        self.services: set[str] = set()

    def take(self, path: str, body: bytes) -> None:
        """Read one request."""
        if path == "/v1/traces":
            for told in ExportTraceServiceRequest.FromString(body).resource_spans:
                self._name(told.resource)
                self.spans += [span.name for scope in told.scope_spans for span in scope.spans]
        else:
            assert path == "/v1/metrics"
            for measured in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                self._name(measured.resource)
                self.metrics |= {m.name for scope in measured.scope_metrics for m in scope.metrics}

    def _name(self, resource: object) -> None:
        attributes = resource.attributes  # type: ignore[attr-defined]  # of the protocol
        self.services |= {a.value.string_value for a in attributes if a.key == "service.name"}


@contextmanager
def collector() -> Iterator[tuple[str, Received]]:
    """A place that takes OTLP over HTTP, at an address of its own."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            received.take(self.path, self.rfile.read(length))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def test_a_collector_gets_everything_by_the_end_of_the_process() -> None:
    with collector() as (address, received):
        await _tell(Destination(otlp=address))

    assert received.spans == ["append facts"]
    assert {"cchc.facts.appended", "cchc.facts.append.duration"} <= received.metrics
    assert received.services == {"submission"}


async def _tell(destination: Destination) -> None:
    with open_telemetry(destination, "submission", "1") as telemetry:
        await telemetry.outside(memory_outside(), "facts").store.append([FACT])


async def test_while_the_collector_is_away_nobody_waits_for_it() -> None:
    nowhere = f"http://127.0.0.1:{port.free()}"
    with open_telemetry(Destination(otlp=nowhere), "submission", "1") as telemetry:
        store = telemetry.outside(memory_outside(), "facts").store
        await store.append([FACT])
        assert len(await store.log(after=0, limit=9)) == 1


async def test_whoever_scrapes_finds_what_is_measured() -> None:
    at = port.free()
    with open_telemetry(Destination(port=at), "submission", "1") as telemetry:
        await telemetry.outside(memory_outside(), "facts").store.append([FACT])
        async with httpx.AsyncClient() as client:
            shown = await client.get(f"http://127.0.0.1:{at}/metrics")

    lines = [line for line in shown.text.splitlines() if line.startswith("cchc_facts_appended")]
    assert len(lines) == 1
    assert 'cchc_fact_type="submission.CycleOpened.v1"' in lines[0]
    assert lines[0].endswith(" 1.0")
    assert 'service_name="submission"' in shown.text


def test_a_port_that_is_taken_is_refused_with_what_to_do() -> None:
    with collector() as (address, _):
        taken = int(address.rpartition(":")[2])
        with (
            pytest.raises(Refused, match="metrics-port-taken"),
            open_telemetry(Destination(port=taken), "submission", "1"),
        ):
            pass


def test_where_nobody_asked_the_library_is_not_even_read() -> None:
    subprocess.run([sys.executable, "-c", UNASKED], cwd=PROJECT, check=True)


def test_the_framework_tells_nothing_of_requests_by_itself() -> None:
    asked = {**os.environ, "FASTAPI_OTEL_AUTO_CONFIGURE": "true"}
    subprocess.run([sys.executable, "-c", FRAMEWORK], cwd=PROJECT, env=asked, check=True)
