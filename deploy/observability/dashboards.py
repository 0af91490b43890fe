"""Dashboards for Grafana, made from the objectives and from the contract of what is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.observability.objectives import (
    DURATION,
    FAILED,
    LAG,
    OBJECTIVES,
    PARKED,
    ROUTE,
    UNSIGNED,
)
from deploy.observability.rules import ERROR
from deploy.observability.series import name_of
from shared.adapters.telemetry import contract

SCHEMA_VERSION = 39
"""Of Grafana 10 and newer, which move it on by themselves."""
COLUMNS = 24
PANEL_COLUMNS = 12
PANEL_ROWS = 8
ROUTES_MAX = 8
RATE_INTERVAL = "$__rate_interval"
"""Stands in a query for the time over which Grafana takes a rate."""
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph: what it shows, in which of Grafana's units, by which queries; each has a legend."""

    title: str
    meaning: str
    unit: str
    queries: Mapping[str, str]


def documents() -> Mapping[str, Mapping[str, Any]]:
    """Each dashboard by the name of its file."""
    return {
        "objectives": _dashboard("cchc-objectives", "CCHC: objectives", list(_of_objectives())),
        "services": _dashboard("cchc-services", "CCHC: services", _OF_SERVICES),
    }


def queries(interval: str) -> Sequence[str]:
    """All queries of all dashboards, as Grafana sends them where it takes rates over `interval`."""
    return [
        target["expr"].replace(RATE_INTERVAL, interval)
        for document in documents().values()
        for panel in document["panels"]
        for target in panel["targets"]
    ]


def _of_objectives() -> Iterator[Panel]:
    for objective in OBJECTIVES:
        vietnamese, english = objective.promise
        told = f'{{objective="{objective.name}"}}'
        yield Panel(
            english,
            f"{vietnamese}. The part that was bad; {objective.budget:.1%} may be.",
            "percentunit",
            {window: f"{ERROR}_{window}{told}" for window in ("5m", "1h", "6h", "3d")},
        )


_OF_SERVICES: Sequence[Panel] = (
    Panel(
        "Requests",
        "Requests a second of each service, by their answers. Số yêu cầu mỗi giây.",
        "reqps",
        {
            "{{service}} {{http_response_status_code}}": (
                "sum by (service, http_response_status_code) "
                f"(rate({DURATION}_count[$__rate_interval]))"
            )
        },
    ),
    Panel(
        "How long requests take",
        "All but one of a hundred, and half of them, by service. Thời gian trả lời.",
        "s",
        {
            f"{{{{service}}}} p{percent}": (
                f"histogram_quantile({percent / 100}, "
                f"sum by (le, service) (rate({DURATION}_bucket[$__rate_interval])))"
            )
            for percent in (50, 99)
        },
    ),
    Panel(
        "Routes that fail",
        "Failures a second, of the routes with most of them. Đường dẫn lỗi nhiều nhất.",
        "reqps",
        {
            "{{http_request_method}} {{http_route}}": (
                f"topk({ROUTES_MAX}, "
                f"sum by ({ROUTE}) (rate({DURATION}_count{FAILED}[$__rate_interval])) "
                f"or 0 * sum by ({ROUTE}) (rate({DURATION}_count[$__rate_interval])))"
            )
        },
    ),
    Panel(
        "Slow routes",
        "All but one of a hundred requests of the slowest routes. Đường dẫn chậm nhất.",
        "s",
        {
            "{{http_request_method}} {{http_route}}": (
                f"topk({ROUTES_MAX}, histogram_quantile(0.99, "
                f"sum by (le, {ROUTE}) (rate({DURATION}_bucket[$__rate_interval]))))"
            )
        },
    ),
    Panel(
        "How long the oldest fact waits",
        "For each consumer, whichever process is behind. Độ trễ của từng khâu.",
        "s",
        {"{{cchc_consumer}}": f"max by (service, cchc_consumer) ({LAG})"},
    ),
    Panel(
        "How many facts wait",
        "For each consumer. Số dữ kiện đang chờ.",
        "short",
        {"{{cchc_consumer}}": f"max by (service, cchc_consumer) ({name_of(contract.LAG)})"},
    ),
    Panel(
        "Facts",
        "Recorded a second: what services say, and what they have heard. Số dữ kiện mỗi giây.",
        "ops",
        {
            "{{service}} {{cchc_store}}": (
                "sum by (service, cchc_store) "
                f"(rate({name_of(contract.APPENDED)}[$__rate_interval]))"
            )
        },
    ),
    Panel(
        "How long recording takes",
        "All but one of a hundred. Thời gian ghi dữ kiện.",
        "s",
        {
            "{{service}} {{cchc_store}}": (
                "histogram_quantile(0.99, sum by (le, service, cchc_store) "
                f"(rate({name_of(contract.APPEND_DURATION)}_bucket[$__rate_interval])))"
            )
        },
    ),
    Panel(
        "The topic",
        "Facts sent and fetched a second. Số thông điệp mỗi giây.",
        "ops",
        {
            f"{{{{service}}}} {what}": (
                f"sum by (service) (rate({name_of(metric)}[$__rate_interval]))"
            )
            for what, metric in (("sent", contract.SENT), ("fetched", contract.CONSUMED))
        },
    ),
    Panel(
        "How fast facts are read",
        "By each loop; ranking.rebuild makes a ranking again. Tốc độ đọc lại, dựng lại.",
        "ops",
        {
            "{{cchc_consumer}}": (
                "sum by (service, cchc_consumer) "
                f"(rate({name_of(contract.READ)}[$__rate_interval]))"
            )
        },
    ),
    Panel(
        "What waits for somebody",
        "Parked, stopped, altered, unreadable: /ops/parked names them. Luồng cần can thiệp.",
        "short",
        {"{{service}} {{cchc_parked_why}}": f"max by (service, cchc_parked_why) ({PARKED})"},
    ),
    Panel(
        "Entries of the ledgers",
        "By cycle. Kích thước sổ cái.",
        "short",
        {"{{cchc_cycle}}": f"max by (cchc_cycle) ({name_of(contract.ENTRIES)})"},
    ),
    Panel(
        "How long ledgers go on unsigned",
        "Since the newest checkpoint, by cycle. Thời gian sổ cái chưa được ký.",
        "s",
        {"{{cchc_cycle}}": f"max by (cchc_cycle) ({UNSIGNED})"},
    ),
    Panel(
        "Consumers that fail",
        "For how long, 0 while they do not. Khâu đang lỗi.",
        "s",
        {
            "{{cchc_consumer}}": (
                f"max by (service, cchc_consumer) ({name_of(contract.FAILING_TIME)})"
            )
        },
    ),
    Panel(
        "Connections to PostgreSQL",
        "In use, and idle, of each pool. Kết nối cơ sở dữ liệu.",
        "short",
        {
            "{{service}} {{db_client_connection_pool_name}} {{db_client_connection_state}}": (
                "sum by (service, db_client_connection_pool_name, db_client_connection_state) "
                f"({name_of(contract.CONNECTIONS)})"
            )
        },
    ),
)


def _dashboard(uid: str, title: str, panels: Sequence[Panel]) -> Mapping[str, Any]:
    return {
        "uid": uid,
        "title": title,
        "tags": ["cchc"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {
            "list": [
                {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Data"}
            ]
        },
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _panel(number: int, panel: Panel) -> Mapping[str, Any]:
    row, column = divmod(number, COLUMNS // PANEL_COLUMNS)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.meaning,
        "datasource": DATASOURCE,
        "gridPos": {
            "x": column * PANEL_COLUMNS,
            "y": row * PANEL_ROWS,
            "w": PANEL_COLUMNS,
            "h": PANEL_ROWS,
        },
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": DATASOURCE,
                "expr": expr,
                "legendFormat": legend,
            }
            for place, (legend, expr) in enumerate(panel.queries.items())
        ],
    }
