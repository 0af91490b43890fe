"""Rules for Prometheus: how fast each objective's budget is used up, and when somebody is called.

A budget is what may be bad in thirty days. Whoever is called is called when it goes fast, by a long
window for certainty and a short one so that the alert ends when the trouble does: windows and
factors are those of the Site Reliability Workbook, chapter 5 (alerting on SLOs), table 5-8.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.observability.objectives import LAG, OBJECTIVES, WINDOW, Objective
from deploy.observability.series import name_of
from shared.adapters.telemetry import contract

EVERY = "30s"
BAD = "cchc:objective_bad"
ERROR = "cchc:objective_error:ratio"
WINDOWS = ("5m", "30m", "1h", "6h", "3d")
PAGES = (("1h", "5m", 14.4), ("6h", "30m", 6.0))
TICKETS = (("3d", "6h", 1.0),)
RUNBOOKS = "deploy/runbooks"

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
        {"name": "cchc-causes", "interval": EVERY, "rules": list(_CAUSES)},
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
            "runbook_url": f"{RUNBOOKS}/{objective.runbook}.md",
        },
    }


def _record(name: str, expr: str, labels: Mapping[str, str]) -> Rule:
    return {"record": name, "expr": expr, "labels": dict(labels)}


def _cause(
    name: str, expr: str, lasts: str, severity: str, runbook: str, told: tuple[str, str]
) -> Rule:
    vietnamese, english = told
    return {
        "alert": name,
        "expr": expr,
        "for": lasts,
        "labels": {"severity": severity},
        "annotations": {
            "summary": english,
            "summary_vi": vietnamese,
            "runbook_url": f"{RUNBOOKS}/{runbook}.md",
        },
    }


REPLICAS_AVAILABLE = "kube_deployment_status_replicas_available"
LAST_SUCCESS = "kube_cronjob_status_last_successful_time"
"""What kube-state-metrics tells, and no process of ours: a process that is gone tells nothing."""
DAY_S, WEEK_DAYS, DAYS_OVERDUE = 86_400, 7, 2

_PARKED, _FAILING = name_of(contract.PARKED), name_of(contract.FAILING_TIME)
_CONNECTIONS, _IDLE = name_of(contract.CONNECTIONS), '{db_client_connection_state="idle"}'
_ALARMED = name_of(contract.ALARMED)
_CAUSES: Sequence[Rule] = (
    _cause(
        "FactAltered",
        f'sum by (job) ({_PARKED}{{cchc_parked_why="altered"}}) > 0',
        "0m",
        "page",
        "altered-fact",
        (
            "Một dữ kiện được gửi lại với nội dung khác: nhật ký có thể bị can thiệp",
            "A fact was told again with other bytes: somebody may have tampered with the topic",
        ),
    ),
    _cause(
        "LedgerAlarmed",
        f"max by (cchc_cycle) ({_ALARMED}) > 0",
        "0m",
        "page",
        "ledger-alarm",
        (
            "Sổ cái {{ $labels.cchc_cycle }} không còn là sổ đã ký; không ai được công bố",
            "The ledger of {{ $labels.cchc_cycle }} is not the one that was signed",
        ),
    ),
    _cause(
        "ConsumerFails",
        f"max by (cchc_consumer) ({_FAILING}) > 300",
        "1m",
        "ticket",
        "stuck-consumer",
        (
            "{{ $labels.cchc_consumer }} lỗi liên tục hơn 5 phút",
            "{{ $labels.cchc_consumer }} has failed for more than five minutes",
        ),
    ),
    _cause(
        "ConsumerBehind",
        f"max by (cchc_consumer) ({LAG}) > 300",
        "5m",
        "ticket",
        "stuck-consumer",
        (
            "{{ $labels.cchc_consumer }} chậm hơn 5 phút",
            "{{ $labels.cchc_consumer }} is more than five minutes behind",
        ),
    ),
    _cause(
        "ServiceAway",
        f'{REPLICAS_AVAILABLE}{{namespace="cchc"}} == 0',
        "2m",
        "page",
        "requests-fail",
        (
            "{{ $labels.deployment }} không còn tiến trình nào sẵn sàng",
            "{{ $labels.deployment }} has no process that is ready",
        ),
    ),
    _cause(
        "BackupOverdue",
        f'time() - {LAST_SUCCESS}{{namespace="cchc",cronjob=~".*save"}} > {DAYS_OVERDUE * DAY_S}'
        f' or time() - {LAST_SUCCESS}{{namespace="cchc",cronjob="restore-drill"}}'
        f" > {(WEEK_DAYS + DAYS_OVERDUE) * DAY_S}",
        "1h",
        "ticket",
        "restore",
        (
            "{{ $labels.cronjob }} quá hạn: lần thành công gần nhất đã quá lâu",
            "{{ $labels.cronjob }} is overdue: it has not succeeded for too long",
        ),
    ),
    _cause(
        "ConnectionsUsedUp",
        f"min by (job, db_client_connection_pool_name) ({_CONNECTIONS}{_IDLE}) == 0",
        "10m",
        "ticket",
        "scale",
        (
            "Nhóm kết nối {{ $labels.db_client_connection_pool_name }} không còn kết nối rảnh",
            "The pool {{ $labels.db_client_connection_pool_name }} has no connection left",
        ),
    ),
)
"""What says why, where objectives say that; each by itself is somebody's work."""
