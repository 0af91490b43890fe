"""`telemetry`: what a running process tells about itself, printed from the contract."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from services.cli.command import Command
from shared.adapters.telemetry import contract

GAP = "  "


def _add_options(parser: ArgumentParser, _: Mapping[str, str]) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def _run(options: Namespace) -> int:
    sys.stdout.write(document() if options.json else "".join(f"{line}\n" for line in lines()))
    return 0


def document() -> str:
    """The contract as JSON: each span and each metric, with the attributes that it may have."""
    whole = {
        "metrics": [asdict(metric) for metric in contract.METRICS],
        "spans": [asdict(span) for span in contract.SPANS],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def lines() -> Iterator[str]:
    """The contract for people: first what is measured, then what is traced."""
    for metric in contract.METRICS:
        yield f"{metric.name} ({metric.kind}, {metric.unit}): {metric.meaning}"
        yield from map(_attribute, metric.attributes)
    yield ""
    for span in contract.SPANS:
        yield f"{span.name} ({span.kind} span): {span.meaning}"
        yield from map(_attribute, span.attributes)


def _attribute(attribute: contract.Attribute) -> str:
    return f"{GAP}{attribute.name}: {attribute.meaning}"


COMMAND = Command(
    name="telemetry",
    summary="list what processes tell about themselves",
    description="Prints the contract of what a process tells about itself: each metric with its\n"
    "unit, each span, and their attributes. Whoever builds a dashboard or an alert\n"
    "may rely on it. What a person is called, what they wrote, and whatever concerns an answer\n"
    "to a survey is in none of them.\n"
    "\n"
    "A process tells nothing by itself: CCHC_OTLP sends traces and metrics to a collector, and\n"
    "CCHC_METRICS_PORT shows metrics to Prometheus, which writes the dots of their names as _.",
    examples="""examples:
  python -m services telemetry
  python -m services telemetry --json | jq -r '.metrics[].name'
""",
    add_options=_add_options,
    run=_run,
)
