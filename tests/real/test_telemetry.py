"""The whole system on real servers tells a collector of a score on its way to the ranking."""

from collections.abc import Iterator
from time import monotonic, sleep

import pytest

from real.system import SERVICES, Plan, System, running
from shared.adapters.telemetry import contract
from shared.adapters.telemetry.gauges import LOOK_EVERY_S
from tests.real.town import Town, founded
from tests.support.collector import Received, collector
from tests.support.deployed import Deployed
from tests.support.servers import REAL, Started, open_folder

pytestmark = [*REAL, pytest.mark.slow]

SCORES = 4
SHOWN_S_MAX = 60.0
POLL_S = 0.2
SCORE = "PUT /submission/cycles/{cycle}/agencies/{agency}/items/{item}/score"


@pytest.fixture(scope="module")
def received(servers: Started) -> Iterator[Received]:
    """What was told of a small cycle by the end of all processes."""
    with collector() as (address, received):
        with open_folder() as folder:
            settings = {"CCHC_OTLP": address, "CCHC_LOG": "json"}
            plan = Plan(folder, apis=1, workers=1, prefix="telling", told=settings)
            with running(System(plan, servers.everything())) as system:
                town = founded(Deployed(system))
                with town.http:
                    _play(town)
        yield received


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

    assert told == {metric.name for metric in contract.METRICS}
    common = (contract.APPENDED, contract.LAG_TIME, contract.CONNECTIONS, contract.PARKED)
    expected = {(service, metric.name) for service in SERVICES for metric in common}
    assert expected <= received.metrics


def test_of_an_answer_to_the_survey_nothing_is_told(received: Received) -> None:
    names = [span.name for service, span in received.spans if service == "survey"]

    assert names != []
    assert [name for name in names if "responses" in name or "form" in name] == []
