"""What four services tell in the course of a cycle, held against the contract."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import chain, zip_longest
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import Gauge, Histogram, Metric, Sum
from opentelemetry.sdk.trace import ReadableSpan

from shared.adapters.telemetry import contract
from tests.support import stages
from tests.support.observed import ToldProvince
from tests.support.small_cycle import at
from tests.support.town import OWN

BEGIN = datetime.fromisoformat("2021-10-15T08:00:00+07:00")
SCORE = f"/submission/cycles/2021/agencies/{OWN}/items/1.1/score"
STRANGER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
KINDS: Mapping[type, contract.MetricKind] = {Gauge: "gauge", Histogram: "histogram", Sum: "counter"}
OF_SERVERS = {contract.CONNECTIONS.name, contract.CERTIFIED_TIME.name}
"""What only real servers have: `tests/real/test_telemetry.py`, and `test_certificates.py` here."""
PARTIAL = {contract.ERROR.name, contract.STREAM.name, contract.STATUS.name}
"""Attributes that are told where there is something to tell."""


@pytest.fixture(scope="module")
def cycle() -> ToldProvince:
    """A cycle from its opening to its withdrawal, with everything that was told of it."""
    return asyncio.run(_whole_cycle())


async def _whole_cycle() -> ToldProvince:
    async with province() as it:
        async for _ in stages.states(it):
            continue
        for look in it.looks:
            await look.step()
    return it


@asynccontextmanager
async def province() -> AsyncIterator[ToldProvince]:
    """The province before anything has happened."""
    it = ToldProvince(stages.PEOPLE, BEGIN)
    yield it
    await it.close()


@pytest.fixture
async def it() -> AsyncIterator[ToldProvince]:
    """The province before anything has happened."""
    async with province() as it:
        yield it


def span_of(span: ReadableSpan) -> contract.Span:
    """The span of the contract that this one is, by its name."""
    [found] = [told for told in contract.SPANS if _pattern(told.name).fullmatch(span.name)]
    return found


def _pattern(name: str) -> re.Pattern[str]:
    values = {contract.METHOD.name: "[A-Z_]+"}
    parts = re.split(r"\{([^}]+)\}", name)
    literal, named = map(re.escape, parts[::2]), [values.get(each, r"\S+") for each in parts[1::2]]
    return re.compile("".join(chain.from_iterable(zip_longest(literal, named, fillvalue=""))))


def metrics_of(it: ToldProvince) -> Sequence[Metric]:
    return [metric for told in it.told.values() for metric in told.metrics()]


def points_of(metric: Metric) -> Sequence[Mapping[str, Any]]:
    return [dict(point.attributes or {}) for point in metric.data.data_points]


def test_each_span_is_one_of_the_contract(cycle: ToldProvince) -> None:
    for span in cycle.spans():
        told = span_of(span)
        assert span.kind.name.lower() == told.kind, span.name
        names = {attribute.name for attribute in told.attributes}
        assert (span.attributes or {}).keys() <= names, span.name
        assert names - PARTIAL <= (span.attributes or {}).keys(), span.name


def test_each_metric_is_one_of_the_contract(cycle: ToldProvince) -> None:
    known = {metric.name: metric for metric in contract.METRICS}
    for metric in metrics_of(cycle):
        told = known[metric.name]
        assert (metric.unit, metric.description) == (told.unit, told.meaning)
        assert KINDS[type(metric.data)] == told.kind, metric.name
        names = {attribute.name for attribute in told.attributes}
        for point in points_of(metric):
            assert names - PARTIAL <= point.keys() <= names, (metric.name, point)


def test_whatever_the_contract_names_is_told_in_a_cycle(cycle: ToldProvince) -> None:
    spans = {span_of(span) for span in cycle.spans()}
    metrics = {metric.name for metric in metrics_of(cycle) if points_of(metric)}

    assert spans == set(contract.SPANS)
    assert metrics == {metric.name for metric in contract.METRICS} - OF_SERVERS


def test_no_value_is_a_persons_or_a_secret(cycle: ToldProvince) -> None:
    """Agencies, streams and routes may be told; who somebody is, and what they wrote, never."""
    said = " ".join(
        [str(value) for span in cycle.spans() for value in (span.attributes or {}).values()]
        + [span.name for span in cycle.spans()]
        + [
            str(value)
            for each in metrics_of(cycle)
            for p in points_of(each)
            for value in p.values()
        ]
    )

    secret = {actor.id for actor in stages.PEOPLE.values() if actor.id}
    secret |= {actor.reference for actor in stages.PEOPLE.values()}
    assert [each for each in sorted(secret) if re.search(rf"\b{re.escape(each)}\b", said)] == []


def counts_of(metrics: Sequence[Metric]) -> Sequence[object]:
    """How often everything was counted, or measured, without how long it took."""
    return [
        (
            metric.name,
            dict(point.attributes or {}),
            getattr(point, "count", None) or getattr(point, "value", None),
        )
        for metric in metrics
        for point in metric.data.data_points
    ]


async def test_one_trace_leads_from_a_score_to_the_ranking(it: ToldProvince) -> None:
    await stages.STATES["scoring"](it)
    before = len(it.told["ranking"].spans())

    said = {"inputs": {"points": "2"}}
    scored = await it.ask("agency", "PUT", SCORE, said, **{"if-match": '"1"'})
    await it.settle()
    assert scored.status == 200

    [asked] = [s for s in it.told["submission"].spans() if s.name.endswith("/score")][-1:]
    told = it.told["ranking"].spans()[before:]
    trace = asked.context.trace_id
    assert {"process facts", "show documents"} <= {
        span.name for span in told if span.context.trace_id == trace
    }
    known = {span.context.span_id for span in it.spans()}
    parents = [s.parent.span_id for s in it.spans() if s.parent and s.context.trace_id == trace]
    assert set(parents) <= known


async def test_what_people_answer_is_told_by_nothing(it: ToldProvince) -> None:
    await stages.STATES["scoring"](it)
    it.clock.set(at(12, 6))
    path = "/survey/cycles/2021/questionnaires/citizens"
    invited = {"agency": OWN, "count": 1}
    [token] = (await it.done("survey-officer", "POST", f"{path}/invitations", invited))["tokens"]
    spans, counts = len(it.spans()), counts_of(it.told["survey"].metrics())

    body = {"token": token, "answers": {"q1": "5"}, "receipt": "a-receipt-of-22-letters"}
    # Also where a browser that somebody has signed in by sends their token along.
    answer = await it.ask("auditor", "POST", f"{path}/responses", body, traceparent=STRANGER)

    assert answer.status == 201
    assert len(it.spans()) == spans
    assert counts_of(it.told["survey"].metrics()) == counts


async def test_the_trace_of_a_stranger_is_linked_and_not_gone_on_with(it: ToldProvince) -> None:
    await it.ask("auditor", "GET", "/ranking/cycles/2021/table", traceparent=STRANGER)

    [span] = it.told["ranking"].spans()
    assert span.parent is None
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [STRANGER[3:35]]
    assert f"{span.context.trace_id:032x}" != STRANGER[3:35]


@pytest.mark.parametrize("path", ["/ranking/no/such/place", "/survey/form/2021/citizens/secret"])
async def test_what_strangers_call_a_path_is_told_nowhere(it: ToldProvince, path: str) -> None:
    await it.ask("public", "GET", path)

    assert it.spans() == []


async def test_of_a_rebuild_is_told_how_many_facts_it_has_read(it: ToldProvince) -> None:
    await stages.STATES["scoring"](it)
    size = (await it.done("auditor", "GET", "/ranking/cycles/2021/ledger"))["size"]

    ordered = await it.ask("administrator", "POST", "/ranking/rebuilds", {})
    while await it.left["ranking.rebuild"].step():
        continue

    assert ordered.status == 202
    # It also looks where the ledger ends.
    assert size <= read_by(it, "ranking.rebuild") < 2 * size
    assert read_by(it, "ranking.count") >= size
    assert read_by(it, "") == 0


def read_by(it: ToldProvince, loop: str) -> int:
    """How many facts of the ledger a loop of ranking has read."""
    [read] = [each for each in it.told["ranking"].metrics() if each.name == contract.READ.name]
    wanted = {contract.STORE.name: "inbox", contract.CONSUMER.name: loop}
    return sum(
        int(getattr(point, "value", 0))
        for point in read.data.data_points
        if dict(point.attributes or {}) == wanted
    )
