"""The collector of the manifests is a real one, and what the system tells comes through it.

`make deep` runs it, which builds the collector by its own builder.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from real.system import Plan, System, running
from shared.adapters.telemetry import contract
from tests.real.town import founded
from tests.support.collector import Received, collector
from tests.support.deployed import Deployed
from tests.support.real_collector import CONFIG, RealCollector, collecting, program
from tests.support.servers import REAL, Started, open_folder

pytestmark = REAL

SHOWN_S_MAX = 120.0
POLL_S = 0.5
SCORE = "PUT /submission/cycles/{cycle}/agencies/{agency}/items/{item}/score"
WAY = (contract.APPEND.name, "send {topic}", "process {topic}", contract.SHOW.name)
"""What a score's trace goes through behind its request."""


@pytest.fixture(scope="module")
def stored() -> Iterator[tuple[str, Received]]:
    """A place that stands for the store of traces, and what came to it."""
    with collector() as place:
        yield place


@pytest.fixture(scope="module")
def real(stored: tuple[str, Received]) -> Iterator[RealCollector]:
    """The collector, which sends on to that place."""
    with open_folder() as folder, collecting(folder, stored[0]) as found:
        yield found


def test_it_takes_the_configuration_of_the_manifests_and_minds_nothing_in_it() -> None:
    ended = subprocess.run(
        [program(), "validate", f"--config={CONFIG}"],
        env={**os.environ, "TRACES_URL": "http://traces.monitoring:4318"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_it_begins_with_it_and_warns_of_nothing(real: RealCollector) -> None:
    said = real.program.said().decode()

    assert real.is_well
    assert "Everything is ready" in said
    assert [line for line in said.splitlines() if "\twarn\t" in line or "\terror\t" in line] == []


def test_the_trace_of_a_score_comes_through_it_and_no_metric_does(
    real: RealCollector, stored: tuple[str, Received], servers: Started
) -> None:
    _, received = stored
    with open_folder() as folder:
        told = {"CCHC_OTLP": real.address}
        plan = Plan(folder, apis=1, workers=1, prefix="collected", told=told)
        with running(System(plan, servers.everything())) as system:
            town = founded(Deployed(system))
            with town.http:
                _, _, declared = town.declare()
                [fact] = declared.raise_for_status().json()["facts"]
                _wait(lambda: fact in town.numbered())

    [scored] = [span for _, span in received.spans if span.name == SCORE]

    def trace() -> set[str]:
        return {span.name for _, span in received.spans if span.trace_id == scored.trace_id}

    expected = {each.format(topic="collected-facts") for each in WAY}
    _wait(lambda: expected <= trace())
    assert received.metrics == set(), "they would be in the store of traces"


def _wait(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + SHOWN_S_MAX
    while not holds():
        assert monotonic() < deadline, "it did not come"
        sleep(POLL_S)
