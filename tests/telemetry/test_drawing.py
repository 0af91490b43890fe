"""Pictures of traces and dashboards: what was told stands in them, and breaks nothing."""

import math
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from deploy.observability import dashboards
from deploy.observability.drawing import dashboard, scale, trace
from deploy.observability.drawing.dashboard import Mark, Span
from deploy.observability.drawing.page import DASHBOARD, TRACE
from deploy.observability.drawing.trace import Step
from shared.adapters.telemetry import contract

SPAN = Span(1_000.0, 1_120.0)
DOCUMENT = dashboards.documents()["services"]
BYTES_MAX = 300_000
AGAIN = "make them again: make pictures"


def read(picture: str) -> ET.Element:
    """A picture, which has to be well formed."""
    return ET.fromstring(picture)  # noqa: S314 - our own


def texts(picture: str) -> str:
    """Everything that can be read in a picture."""
    return "\n".join(read(picture).itertext())


def answer(number: int, **labels: str) -> Mapping[str, Any]:
    """A series as Prometheus answers, with a gap at its begin."""
    values = [
        (1_000 + 2 * n, "NaN" if n < 3 else f"{number * (1 + math.sin(n))}") for n in range(60)
    ]
    return {"metric": labels, "values": values}


def answers() -> dashboard.Answers:
    """Two series for each expression of the dashboard."""
    names = ("cchc_consumer", "cchc_store", "cchc_cycle")
    return {
        target["expr"]: [answer(n, **dict.fromkeys(names, f"one <{n}>")) for n in range(2)]
        for panel in DOCUMENT["panels"]
        for target in panel["targets"]
    }


def test_a_dashboard_has_each_panel_with_its_meaning_its_lines_and_what_was_done() -> None:
    picture = dashboard.draw(DOCUMENT, answers(), SPAN, [Mark(1_060.0, "diễn lại", "played")])

    said = texts(picture)
    for panel in DOCUMENT["panels"]:
        assert panel["title"] in said
        assert panel["description"] in said
    assert "one <1> (≤ " in said
    assert "diễn lại · played" in said
    lines = read(picture).findall(".//*[@class='line']")
    assert len(lines) == 2 * sum(len(panel["targets"]) for panel in DOCUMENT["panels"])


def test_of_many_series_the_highest_are_named_and_the_others_counted() -> None:
    [panel] = [each for each in DOCUMENT["panels"] if each["title"] == "How many facts wait"]
    [target] = panel["targets"]
    many = {target["expr"]: [answer(n, cchc_consumer=f"consumer-{n}") for n in range(9)]}

    said = texts(dashboard.draw({**DOCUMENT, "panels": [panel]}, many, SPAN))

    assert [n for n in range(9) if f"consumer-{n} " in said] == [3, 4, 5, 6, 7, 8]
    assert "và 3 đường thấp hơn · and 3 lower ones" in said


def test_long_names_stand_below_each_other() -> None:
    [panel] = [each for each in DOCUMENT["panels"] if each["title"] == "Slow routes"]
    [target] = panel["targets"]
    route = "/submission/cycles/{cycle}/agencies/{agency}/items"
    labels = {"http_request_method": "GET"}
    many = {target["expr"]: [answer(n, **labels, http_route=f"{route}/{n}") for n in range(1, 5)]}

    picture = dashboard.draw({**DOCUMENT, "panels": [panel]}, many, SPAN)

    assert [n for n in range(1, 5) if f"GET {route}/{n} " in texts(picture)] == [2, 3, 4]


def test_a_trace_has_each_span_behind_its_cause() -> None:
    steps = [
        Step("c", "b", "ranking", "process facts", 30_000_000, 40_000_000, ["facts: 1"]),
        Step("a", "0", "submission", "PUT /score", 0, 20_000_000, []),
        Step(
            "b", "a", "submission", "append <facts>", 5_000_000, 15_500_000, ["submission/2021/x"]
        ),
    ]

    said = texts(trace.draw("abc", steps))

    places = [said.index(step) for step in ("PUT /score", "append <facts>", "process facts")]
    assert places == sorted(places)
    assert "3 spans · 40 ms · trace abc" in said
    for each in ("20 ms", "10 ms", "facts: 1", "submission/2021/x"):
        assert each in said


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, (0, 1)), (4, (0, 1, 2, 3, 4)), (0.07, (0, 0.02, 0.04, 0.06, 0.08)), (3, (0, 1, 2, 3))],
)
def test_ticks_are_round_and_reach_the_highest(highest: float, expected: tuple[float]) -> None:
    assert scale.ticks(highest) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.025, "s", "25 ms"),
        (2.5, "s", "2.5 s"),
        (2_505_600, "s", "29 d"),
        (0, "s", "0 s"),
        (0.001, "percentunit", "0.1 %"),
        (12_345.6, "ops", "12,346 /s"),
        (3, "short", "3"),
    ],
)
def test_values_are_written_as_people_read_them(value: float, unit: str, expected: str) -> None:
    assert scale.said(value, unit) == expected


def test_the_picture_of_the_dashboard_is_of_the_dashboard_as_it_is() -> None:
    said = texts(DASHBOARD.read_text("utf-8"))

    missing = [each["title"] for each in DOCUMENT["panels"] if each["title"] not in said]
    assert missing == [], AGAIN
    assert len(DASHBOARD.read_bytes()) < BYTES_MAX


def test_the_picture_of_the_trace_leads_from_the_request_to_the_ranking() -> None:
    said = texts(TRACE.read_text("utf-8"))

    expected = [
        "PUT /submission",
        "/items/{item}/score",
        contract.APPEND.name,
        contract.SEND.name.partition(" ")[0],
        contract.PROCESS.name.partition(" ")[0],
        contract.SHOW.name,
        "ranking",
    ]
    assert [each for each in expected if each not in said] == [], AGAIN
    assert len(TRACE.read_bytes()) < BYTES_MAX
