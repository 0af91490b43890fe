"""`telemetry` prints the contract, whole."""

import json
from collections.abc import Sequence

import pytest

from services import cli
from shared.adapters.telemetry import contract


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert cli.main(["telemetry", *options], {}) == 0
    return capsys.readouterr().out


def test_each_metric_and_span_has_a_line_with_what_it_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = printed(capsys).splitlines()

    told: Sequence[contract.Metric | contract.Span] = [*contract.METRICS, *contract.SPANS]
    assert [line for line in lines if line and not line.startswith(" ")] == [
        next(line for line in lines if line.startswith(f"{each.name} (")) for each in told
    ]
    assert all(each.meaning in "\n".join(lines) for each in told)


def test_programs_get_the_same_with_its_units(capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(printed(capsys, "--json"))

    units = {metric["name"]: metric["unit"] for metric in whole["metrics"]}
    assert units == {metric.name: metric.unit for metric in contract.METRICS}
    assert [span["name"] for span in whole["spans"]] == [span.name for span in contract.SPANS]
