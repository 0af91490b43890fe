"""`python -m tests.telemetry.pictures`: a real run, and the pictures of what it told.

The system on real servers sends its traces to a collector, and a Prometheus scrapes it. The whole
cycle of 2021 is played; in a quiet one behind it an agency declares a score, whose trace is drawn;
then ranking makes all of it again. The dashboard is drawn of all that.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span as Told

from demo.world import CYCLE as PLAYED
from deploy.observability import dashboards, rules
from deploy.observability.dashboards import RATE_INTERVAL
from deploy.observability.drawing import dashboard, trace
from deploy.observability.drawing.dashboard import Answers, Mark, Span
from deploy.observability.drawing.page import DASHBOARD, PICTURES, TRACE
from deploy.observability.drawing.trace import Step
from real.servers import port
from real.system import UNLIMITED, Plan, System, running
from shared.adapters.clock import SystemClock
from shared.adapters.telemetry import contract
from shared.adapters.telemetry.gauges import LOOK_EVERY_S
from tests.real.town import Town, founded
from tests.support.collector import Received, collector
from tests.support.deployed import Deployed
from tests.support.prometheus import Prometheus, scraping
from tests.support.running import PROJECT
from tests.support.servers import open_folder, own_servers

SCORE = "PUT /submission/cycles/{cycle}/agencies/{agency}/items/{item}/score"
RATE_OVER = "10s"
SAMPLES = 120
"""Of each series."""
QUIET_S = 15.0
DONE_S_MAX = 120.0
POLL_S = 0.2
BESIDE = {
    contract.STREAM.name: "{}",
    contract.FACTS.name: "facts: {}",
    contract.BATCH.name: "facts: {}",
    contract.COLLECTION.name: "{}",
    contract.DOCUMENTS.name: "documents: {}",
    contract.STATUS.name: "{}",
}
"""What of a span's attributes stands in the picture, and how."""


def main() -> int:
    """Play, and draw; returns 0."""
    with collector() as (address, received):
        answers, span, marks = _played(address)
    document = dashboards.documents()["services"]
    PICTURES.mkdir(exist_ok=True)
    DASHBOARD.write_text(dashboard.draw(document, answers, span, marks), "utf-8")
    TRACE.write_text(trace.draw(*_trace(received)), "utf-8")
    for path in (TRACE, DASHBOARD):
        sys.stdout.write(f"{path.relative_to(PROJECT)}\n")
    return 0


def _played(collecting: str) -> tuple[Answers, Span, Sequence[Mark]]:
    """The run: what Prometheus answers about it, from when to when, and what was done."""
    with open_folder() as folder, own_servers() as servers:
        told = {"CCHC_OTLP": collecting, **UNLIMITED}
        plan = Plan(folder, apis=1, workers=1, told=told, measured=True)
        with (
            running(System(plan, servers.everything())) as system,
            scraping(folder, _jobs(system), rules.groups()) as prometheus,
        ):
            begin_s, marks = _now_s(), list[Mark]()
            _play(system, folder, lambda *said: marks.append(Mark(_now_s(), *said)))
            span = Span(begin_s, _now_s())
            return _answers(prometheus, span), span, marks


def _play(system: System, folder: Path, mark: Callable[[str, str], None]) -> None:
    time.sleep(LOOK_EVERY_S)
    mark("diễn lại chu kỳ 2021", "the cycle of 2021 is played")
    at = [f"--at={service}={url}" for service, url in system.addresses.items()]
    command = [sys.executable, "-m", "demo", "--folder", str(folder / "played"), *at]
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    deployed = Deployed(system)
    while deployed.next_year() < int(PLAYED):
        continue  # The clock of a trial goes on, and not back.
    town = founded(deployed)
    with town.http:
        time.sleep(QUIET_S)
        mark("một cơ quan tự chấm một điểm", "an agency declares a score")
        _declare(town)
        time.sleep(QUIET_S)
        mark("dựng lại bảng xếp hạng", "the ranking is made again")
        _rebuild(town)
        time.sleep(2 * LOOK_EVERY_S)


def _declare(town: Town) -> None:
    """An agency declares, and ranking has it."""
    _, _, declared = town.declare()
    [fact] = declared.raise_for_status().json()["facts"]
    _wait(lambda: fact in town.numbered())


def _rebuild(town: Town) -> None:
    """Every cycle is made again from its ledger."""
    ordered = town.call(
        "POST",
        "/ranking/rebuilds",
        by=("administrator", ""),
        json={},
        headers={"Idempotency-Key": "pictures"},
    )
    place = ordered.raise_for_status().headers["Location"]
    _wait(lambda: town.call("GET", place).raise_for_status().json()["state"] == "ended")


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DONE_S_MAX
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(POLL_S)


def _now_s() -> float:
    return SystemClock().now().timestamp()


def _jobs(system: System) -> Mapping[str, str]:
    return {
        str(process.name): f"{port.HOST}:{process.settings['CCHC_METRICS_PORT']}"
        for process in system.processes
    }


def _answers(prometheus: Prometheus, span: Span) -> Answers:
    expressions = [
        target["expr"]
        for panel in dashboards.documents()["services"]["panels"]
        for target in panel["targets"]
    ]
    return {
        expr: prometheus.over(
            expr.replace(RATE_INTERVAL, RATE_OVER), span.begin_s, span.end_s, span.long_s / SAMPLES
        )
        for expr in expressions
    }


def _trace(received: Received) -> tuple[str, Sequence[Step]]:
    """The trace of the last score, which was alone."""
    scored = [told for _, told in received.spans if told.name == SCORE]
    last = max(scored, key=lambda told: told.start_time_unix_nano).trace_id
    return last.hex(), [
        _step(service, told) for service, told in received.spans if told.trace_id == last
    ]


def _step(service: str, told: Told) -> Step:
    values: dict[str, Any] = {
        each.key: each.value.string_value or each.value.int_value for each in told.attributes
    }
    return Step(
        id=told.span_id.hex(),
        parent=told.parent_span_id.hex(),
        service=service,
        name=told.name,
        began_ns=told.start_time_unix_nano,
        ended_ns=told.end_time_unix_nano,
        told=[how.format(values[name]) for name, how in BESIDE.items() if name in values],
    )


if __name__ == "__main__":
    sys.exit(main())
