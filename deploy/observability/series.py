"""What metrics are called in Prometheus.

https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared.adapters.telemetry import contract

SERVICE, ROLE = "service", "role"
"""Labels of every series: whose process told it. No process says so of itself; whoever scrapes does
(`deploy/k8s/components/observability/monitors.yaml`)."""
UNITS: Mapping[str, str] = MappingProxyType({"s": "_seconds"})
"""Units in braces are words about what is counted, and are left out."""


def name_of(metric: contract.Metric) -> str:
    """The name of a metric's series; a histogram has three, that go on from it."""
    name = metric.name.replace(".", "_") + UNITS.get(metric.unit, "")
    return f"{name}_total" if metric.kind == "counter" else name


def label_of(attribute: contract.Attribute) -> str:
    """The label of an attribute."""
    return attribute.name.replace(".", "_")
