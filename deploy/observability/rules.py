"""Rules for Prometheus: how fast each objective's budget is used up, and when somebody is called.

A budget is what may be bad in thirty days. Whoever is called is called when it goes fast, by a long
window for certainty and a short one so that the alert ends when the trouble does: windows and
factors are those of the Site Reliability Workbook, chapter 5 (alerting on SLOs), table 5-8.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.observability.cause import Cause
from deploy.observability.causes import CAUSES
from deploy.observability.objectives import OBJECTIVES, WINDOW, Objective

EVERY = "30s"
BAD = "cchc:objective_bad"
ERROR = "cchc:objective_error:ratio"
WINDOWS = ("5m", "30m", "1h", "6h", "3d")
PAGES = (("1h", "5m", 14.4), ("6h", "30m", 6.0))
TICKETS = (("3d", "6h", 1.0),)
RUNBOOKS = "https://runbooks.example.gov.vn"
"""Stands for where people read `deploy/runbooks`; an overlay says where (its README has how)."""
PLACE = """\
{{ .Labels.service }}\
{{ range $name, $value := .Labels }}{{ if ne $name "service" }} {{ $value }}{{ end }}{{ end }}\
: {{ printf "%.3g" .Value }}"""
"""A series in words: `ranking GET /ranking/cycles: 0.02`."""

Rule = Mapping[str, Any]


def document() -> Mapping[str, Any]:
    """All rules, as the operator of Prometheus reads them."""
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "cchc", "labels": {"app.kubernetes.io/part-of": "cchc"}},
        "spec": {"groups": groups()},
    }


def groups() -> Sequence[Mapping[str, Any]]:
    """The groups of rules, as Prometheus itself reads them."""
    recorded = [rule for objective in OBJECTIVES for rule in _recorded(objective)]
    called = [rule for objective in OBJECTIVES for rule in _called(objective)]
    return [
        {"name": "cchc-objectives", "interval": EVERY, "rules": recorded},
        {"name": "cchc-budgets", "interval": EVERY, "rules": called},
        {"name": "cchc-causes", "interval": EVERY, "rules": list(map(_cause, CAUSES))},
    ]


def _recorded(objective: Objective) -> Sequence[Rule]:
    labels = {"objective": objective.name}
    if objective.ratio:
        return [
            _record(f"{ERROR}_{window}", objective.ratio.replace(WINDOW, window), labels)
            for window in WINDOWS
        ]
    bad = f'{BAD}{{objective="{objective.name}"}}'
    return [
        _record(BAD, objective.bad, labels),
        *(
            _record(f"{ERROR}_{window}", f"avg_over_time({bad}[{window}])", labels)
            for window in WINDOWS
        ),
    ]


def _called(objective: Objective) -> Sequence[Rule]:
    name = "".join(word.capitalize() for word in objective.name.split("-"))
    return [
        _alert(f"{name}Fast", _burns(objective, PAGES), "page", objective.promise, objective),
        _alert(f"{name}Slowly", _burns(objective, TICKETS), "ticket", objective.promise, objective),
    ]


def _burns(objective: Objective, windows: Sequence[tuple[str, str, float]]) -> str:
    """Whether the budget is used up at such a rate, over a long window and a short one."""
    told = f'{{objective="{objective.name}"}}'
    return " or ".join(
        f"({ERROR}_{long}{told} > {_threshold(objective, factor)}"
        f" and {ERROR}_{short}{told} > {_threshold(objective, factor)})"
        for long, short, factor in windows
    )


def _threshold(objective: Objective, factor: float) -> float:
    return round(factor * objective.budget, 6)


def _alert(
    name: str, expr: str, severity: str, told: tuple[str, str], objective: Objective
) -> Rule:
    vietnamese, english = told
    return {
        "alert": name,
        "expr": expr,
        "labels": {"severity": severity, "objective": objective.name},
        "annotations": {
            "summary": f"{english}: not kept ({objective.good:.1%} promised)",
            "summary_vi": f"{vietnamese}: không đạt (cam kết {objective.good:.1%})",
            "where": f"{{{{ range query `{objective.where}` }}}}{PLACE}; {{{{ end }}}}",
            "runbook_url": _runbook(objective.runbook),
        },
    }


def _record(name: str, expr: str, labels: Mapping[str, str]) -> Rule:
    return {"record": name, "expr": expr, "labels": dict(labels)}


def _cause(cause: Cause) -> Rule:
    vietnamese, english = cause.told
    return {
        "alert": cause.name,
        "expr": cause.expr,
        "for": cause.lasts,
        "labels": {"severity": cause.severity},
        "annotations": {
            "summary": english,
            "summary_vi": vietnamese,
            "runbook_url": _runbook(cause.runbook),
        },
    }


def _runbook(name: str) -> str:
    return f"{RUNBOOKS}/{name}.md"
