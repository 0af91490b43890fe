"""The whole system on real servers tells of a score on its way to the ranking.

A collector hears of it, and Prometheus, which has something to show for every query of every
dashboard, and a value for every objective.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import pytest

from deploy.observability import dashboards, rules
from deploy.observability.objectives import OBJECTIVES
from real.servers import port
from real.system import SERVICES, Plan, System, running
from shared.adapters.telemetry import contract
from shared.adapters.telemetry.gauges import LOOK_EVERY_S
from tests.real.town import Town, founded
from tests.support.collector import Received, collector
from tests.support.deployed import Deployed
from tests.support.prometheus import scraping
from tests.support.servers import REAL, Started, open_folder

pytestmark = [*REAL, pytest.mark.slow]

SCORES = 4
SHOWN_S_MAX = 60.0
POLL_S = 0.2
SCORE = "PUT /submission/cycles/{cycle}/agencies/{agency}/items/{item}/score"


@dataclass(slots=True)
class Told:
    """What a collector got, and what Prometheus answered to each expression."""

    received: Received
    answers: dict[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    up: Mapping[str, bool] = field(default_factory=dict)


@pytest.fixture(scope="module")
def told(servers: Started) -> Iterator[Told]:
    """What was told of a small cycle by the end of all processes."""
    with collector() as (address, received):
        told = Told(received)
        with open_folder() as folder:
            settings = {"CCHC_OTLP": address, "CCHC_LOG": "json"}
            plan = Plan(folder, apis=1, workers=1, prefix="telling", told=settings, measured=True)
            with (
                running(System(plan, servers.everything())) as system,
                scraping(folder, _jobs(system), rules.groups()) as prometheus,
            ):
                town = founded(Deployed(system))
                with town.http:
                    _play(town)
                told.answers = {expr: prometheus.ask(expr) for expr in _expressions()}
                told.up = prometheus.up()
        yield told


@pytest.fixture
def received(told: Told) -> Received:
    return told.received


def _jobs(system: System) -> Mapping[str, str]:
    return {
        str(process.name): f"{port.HOST}:{process.settings['CCHC_METRICS_PORT']}"
        for process in system.processes
    }


def _expressions() -> Sequence[str]:
    return [
        *dashboards.queries("1m"),
        *(f'{rules.ERROR}_5m{{objective="{each.name}"}}' for each in OBJECTIVES),
    ]


def _play(town: Town) -> None:
    """Agencies declare, one after the other is shown; somebody answers."""
    for _ in range(SCORES):
        agency, item, declared = town.declare()
        assert declared.is_success
        deadline = monotonic() + SHOWN_S_MAX
        [fact] = declared.json()["facts"]
        while fact not in town.numbered():
            assert monotonic() < deadline, f"{agency} {item} was not numbered"
            sleep(POLL_S)
    assert town.answer().is_success
    sleep(2 * LOOK_EVERY_S)


def test_a_trace_leads_from_the_request_to_what_ranking_shows(received: Received) -> None:
    """It goes on as far as it is the only cause, and from there on it is linked."""
    shown = set[bytes]()
    for service, span in received.spans:
        if (service, span.name) == ("ranking", contract.SHOW.name):
            shown |= {span.trace_id, *(link.trace_id for link in span.links)}

    scored = [span for service, span in received.spans if span.name == SCORE]
    assert len(scored) == SCORES
    assert {span.trace_id for span in scored} <= shown


def test_every_service_tells_everything_that_is_measured(received: Received) -> None:
    told = {metric for _, metric in received.metrics}

    in_clear = {contract.CERTIFIED_TIME.name}
    assert told == {metric.name for metric in contract.METRICS} - in_clear
    common = (contract.APPENDED, contract.LAG_TIME, contract.CONNECTIONS, contract.PARKED)
    expected = {(service, metric.name) for service in SERVICES for metric in common}
    assert expected <= received.metrics


def test_of_an_answer_to_the_survey_nothing_is_told(received: Received) -> None:
    names = [span.name for service, span in received.spans if service == "survey"]

    assert names != []
    assert [name for name in names if "responses" in name or "form" in name] == []


def test_prometheus_finds_every_process(told: Told) -> None:
    assert len(told.up) == 2 * len(SERVICES)
    assert all(told.up.values())


def test_each_query_of_each_dashboard_has_something_to_show(told: Told) -> None:
    assert [expr for expr, samples in told.answers.items() if not samples] == []


def test_each_objective_has_a_value_between_none_and_all(told: Told) -> None:
    for objective in OBJECTIVES:
        [sample] = told.answers[f'{rules.ERROR}_5m{{objective="{objective.name}"}}']
        assert 0 <= float(sample["value"][1]) <= 1, objective.name
