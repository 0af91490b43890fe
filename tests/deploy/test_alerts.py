"""Each alert is tried by Prometheus itself: it comes when it should, and silence is heard."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability import rules
from deploy.observability.cause import DAY_S
from deploy.observability.causes import VOLUME_FREE
from deploy.observability.copies import COPIED, NOT_ARCHIVED, NOT_COPIED
from deploy.observability.rules import BAD
from tests.support.prometheus import promtool
from tests.support.samples import (
    HOURS,
    LATE_AFTER,
    certified,
    counter,
    gone,
    lag,
    later,
    made,
    requests,
    server,
    up,
    volume,
    waiting,
)
from tests.support.troubles import QUICK, SILENT, TROUBLES, WELL, Series

EVERY = "1m"


def named() -> Sequence[str]:
    return [rule["alert"] for group in rules.groups() for rule in group["rules"] if "alert" in rule]


def tried(series: Series, folder: Path, wanted: Mapping[str, Any]) -> str:
    """What Prometheus' tool says came at the end of these samples, where never that is expected."""
    groups = [{**group, "interval": EVERY} for group in rules.groups()]
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": groups}), "utf-8")
    test = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": EVERY,
        "tests": [
            {
                "interval": EVERY,
                "input_series": [{"series": s, "values": v} for s, v in series.items()],
                **wanted,
            }
        ],
    }
    (folder / "test.yaml").write_text(
        yaml.safe_dump(test, width=1_000_000, allow_unicode=True), "utf-8"
    )
    answer = subprocess.run(
        [promtool(), "test", "rules", "test.yaml"],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    # What is expected never comes: so the tool says what came.
    assert answer.returncode == 1, answer.stdout
    found = answer.stdout + answer.stderr
    assert "got:" in found, found
    return found


def firing(series: Series, folder: Path) -> set[str]:
    """The alerts that Prometheus raises at the end of these samples."""
    asked = {
        "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
        "eval_time": f"{HOURS}h",
        "exp_samples": [{"labels": '{alertname="never"}', "value": 1}],
    }
    found = tried(series, folder, {"promql_expr_test": [asked]})
    return {name for name in named() if f'alertname="{name}"' in found}


def test_while_all_is_well_nobody_is_called(tmp_path: Path) -> None:
    assert firing(WELL, tmp_path) == set()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_whoever_is_called_is_called_for_this_and_nothing_else(
    trouble: str, tmp_path: Path
) -> None:
    series, expected = TROUBLES[trouble]

    assert firing({**WELL, **series}, tmp_path) == expected


def test_whoever_is_called_is_told_where_to_look(tmp_path: Path) -> None:
    troubles: Series = {
        requests("503"): counter(0, 2),
        QUICK: counter(100, 80),
        lag("ranking.count"): later(0.5, 400),
        **SILENT,
        waiting("stopped"): later(0, 2),
        certified("service"): later(25 * DAY_S, 20 * DAY_S),
        up("survey", "worker"): gone(),
        made("survey-save"): gone(),
        server(COPIED, "appraisal"): gone(),
        volume(VOLUME_FREE): later(50, 4),
        server(NOT_ARCHIVED): later(-1, 10_000),
        server(NOT_COPIED): later(0, 2 * LATE_AFTER * 60),
    }
    said = {
        "RequestsAnsweredFast": 'where="survey GET /survey/form: 0.0196; "',
        "RequestsQuickFast": 'where="survey GET /survey/form: 0.196',
        "ScoreInRankingFast": 'where="ranking ranking.count: 400; "',
        "CouncilInformedFast": 'where="appraisal appraisal.project nothing heard: 1; "',
        "NothingParkedFast": 'where="ranking stopped: 2; "',
        "ConsumerBehind": 'summary="ranking: ranking.count is more than five minutes behind"',
        "ProcessUnheard": 'summary="Prometheus hears no process of survey worker: ',
        "ClusterUnheard": 'summary="Prometheus has no kube_cronjob_created: ',
        "VolumeFills": 'summary="The volume data-kafka-0 of cchc-servers has 4% left"',
        "VolumeFull": 'summary="The volume data-kafka-0 of cchc-servers is nearly full: 4% left"',
        "ArchiveFails": 'summary="PostgreSQL of ranking cannot archive its log, ',
        "CopyFails": 'summary="PostgreSQL of ranking has no new copy: ',
        "CertificateOld": 'summary="survey: a certificate for Kafka (service) ends in 20d 0h 0m 0s',
    }
    asked = [{"eval_time": f"{HOURS}h", "alertname": each, "exp_alerts": []} for each in said]

    found = tried({**WELL, **troubles}, tmp_path, {"alert_rule_test": asked})

    assert [words for words in said.values() if words not in found] == [], found
    assert f'summary="Prometheus has no {COPIED} of appraisal: ' in found


def test_every_alert_is_tried() -> None:
    tried = {name for _, expected in TROUBLES.values() for name in expected}

    assert tried == set(named())


def test_where_nothing_at_all_is_heard_time_is_bad(tmp_path: Path) -> None:
    silent: dict[str, Any] = {requests("200"): counter(1)}

    expected = {"ScoreInRanking", "CouncilInformed", "NothingParked"}
    assert {
        name.removesuffix("Fast") for name in firing(silent, tmp_path) if "Fast" in name
    } == expected
    assert BAD in yaml.safe_dump(rules.groups())
