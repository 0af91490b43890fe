"""A process that tells: to a collector, to whoever scrapes, or, if nobody asked, to nobody."""

import os
import subprocess
import sys

import httpx
import pytest

from real.servers import port
from shared.adapters.telemetry.destination import Destination
from shared.adapters.telemetry.process import open_telemetry
from shared.events.codec import Stored
from shared.kernel.errors import Refused
from tests.support.collector import collector
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


async def test_a_collector_gets_everything_by_the_end_of_the_process() -> None:
    with collector() as (address, received):
        await _tell(Destination(otlp=address))

    assert [(who, span.name) for who, span in received.spans] == [("submission", "append facts")]
    measured = {("submission", metric) for metric in ("cchc.facts.appended", "cchc.ledger.entries")}
    assert measured - received.metrics == {("submission", "cchc.ledger.entries")}


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
