"""A dashboard, drawn from the same JSON that Grafana reads and from what Prometheus answered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.observability.drawing.page import colour, filled
from deploy.observability.drawing.scale import Scale, said, ticks

COLUMN_PX, ROW_PX = 50, 30
"""Of Grafana's grid of 24 columns."""
HEAD_PX = 120
LEGEND_ROWS, LEGEND_COLUMNS = 3, 2
"""So many series are named, those first that came highest; in one column where names are long."""
LABEL_CHARACTERS_MAX = {1: 60, 2: 34}
"""By how many columns there are."""
TICKS_S = (15, 30, 60, 120, 300, 600)
TIMES_MAX = 9
LABEL = re.compile(r"\{\{(\w+)\}\}")

Answers = Mapping[str, Sequence[Mapping[str, Any]]]
"""What Prometheus answered to each expression of the JSON: a series with its samples each."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What was done at a moment, in both languages."""

    at_s: float
    vietnamese: str
    english: str


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in seconds since the epoch."""

    begin_s: float
    end_s: float

    @property
    def long_s(self) -> float:
        """How long."""
        return self.end_s - self.begin_s


@dataclass(frozen=True, slots=True)
class Series:
    """One line: what it is called, and its samples, a moment and a value each."""

    name: str
    samples: Sequence[tuple[float, float]]

    @property
    def highest(self) -> float:
        """Its highest value."""
        return max((value for _, value in self.samples), default=0.0)


def draw(
    document: Mapping[str, Any], answers: Answers, span: Span, marks: Sequence[Mark] = ()
) -> str:
    """The picture of a dashboard over a time, with what was done meanwhile."""
    panels = [_panel(each, answers, span, marks) for each in document["panels"]]
    return filled(
        "dashboard.svg.jinja",
        {
            "title": document["title"],
            "width": max(panel["x"] + panel["w"] for panel in panels),
            "height": max(panel["y"] + panel["h"] for panel in panels),
            "panels": panels,
            "marks": [
                {"number": number, "text": f"{mark.vietnamese} · {mark.english}"}
                for number, mark in enumerate(marks, start=1)
            ],
        },
    )


def _panel(
    panel: Mapping[str, Any], answers: Answers, span: Span, marks: Sequence[Mark]
) -> Mapping[str, Any]:
    place = panel["gridPos"]
    box = {
        "x": place["x"] * COLUMN_PX,
        "y": place["y"] * ROW_PX + HEAD_PX,
        "w": place["w"] * COLUMN_PX,
        "h": place["h"] * ROW_PX,
    }
    unit = panel["fieldConfig"]["defaults"]["unit"]
    series = sorted(_series(panel, answers), key=lambda each: (-each.highest, each.name))
    columns = _columns(series)
    named = series[: LEGEND_ROWS * columns]
    rows = -(-len(named) // columns)
    right, top, bottom = box["w"] - 26, 62, box["h"] - 42 - 16 * rows
    marked = ticks(max((each.highest for each in series), default=0.0))
    across, up = Scale(span.long_s, 72, right), Scale(marked[-1], bottom, top)
    return {
        **box,
        "title": panel["title"],
        "meaning": panel["description"],
        "left": 72,
        "right": right,
        "top": top,
        "bottom": bottom,
        "rules": [{"y": up.at(value), "text": said(value, unit)} for value in marked],
        "times": [
            {"x": across.at(second), "text": f"{second // 60}:{second % 60:02}"}
            for second in range(0, int(span.long_s) + 1, _tick_s(span))
        ],
        "marks": [
            {"x": across.at(mark.at_s - span.begin_s), "number": number}
            for number, mark in enumerate(marks, start=1)
        ],
        "lines": [
            {"colour": colour(number), "path": _path(each, span, across, up)}
            for number, each in enumerate(series)
        ],
        "legend": _legend(named, columns, unit, box["w"], bottom),
        "others": len(series) - len(named),
    }


def _series(panel: Mapping[str, Any], answers: Answers) -> Sequence[Series]:
    return [
        Series(
            _named(target["legendFormat"], answer["metric"]),
            [(float(at), float(value)) for at, value in answer["values"] if value != "NaN"],
        )
        for target in panel["targets"]
        for answer in answers[target["expr"]]
    ]


def _tick_s(span: Span) -> int:
    """How far apart times stand beside each other."""
    return next((each for each in TICKS_S if span.long_s / each < TIMES_MAX), TICKS_S[-1])


def _named(legend: str, labels: Mapping[str, str]) -> str:
    """A legend with the labels of its series."""
    return LABEL.sub(lambda found: labels.get(found[1], ""), legend)


def _path(series: Series, span: Span, across: Scale, up: Scale) -> str:
    points = [f"{across.at(at - span.begin_s):g} {up.at(value):g}" for at, value in series.samples]
    return f"M{' L'.join(points)}" if points else ""


def _columns(series: Sequence[Series]) -> int:
    """In how many columns series are named."""
    named = series[: LEGEND_ROWS * LEGEND_COLUMNS]
    is_long = any(len(each.name) > LABEL_CHARACTERS_MAX[LEGEND_COLUMNS] for each in named)
    return 1 if is_long else LEGEND_COLUMNS


def _legend(
    series: Sequence[Series], columns: int, unit: str, width: int, bottom: int
) -> Sequence[Mapping[str, Any]]:
    column, characters = (width - 90) // columns, LABEL_CHARACTERS_MAX[columns]
    return [
        {
            "x": 72 + column * (place % columns),
            "y": bottom + 34 + 16 * (place // columns),
            "colour": colour(place),
            "text": f"{_cut(each.name, characters)} (≤ {said(each.highest, unit)})",
        }
        for place, each in enumerate(series)
    ]


def _cut(name: str, characters_max: int) -> str:
    return name if len(name) <= characters_max else f"{name[: characters_max - 1]}…"
