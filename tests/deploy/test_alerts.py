"""Each alert is tried by Prometheus itself: it comes when it should, and silence is heard."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability import rules
from deploy.observability.causes import (
    DAY_S,
    DAYS_OVERDUE,
    PROCESSES,
    REPLICAS_AVAILABLE,
    VOLUME,
    VOLUME_FREE,
    WEEK_DAYS,
)
from deploy.observability.objectives import DURATION, UNSIGNED
from deploy.observability.rules import BAD
from deploy.observability.series import name_of
from shared.adapters.telemetry import contract
from tests.support.prometheus import promtool
from tests.support.samples import (
    HOURS,
    LATE_AFTER,
    NEVER,
    ROUTE,
    SAMPLES,
    began,
    certified,
    counter,
    failed,
    gone,
    lag,
    later,
    made,
    requests,
    steady,
    succeeded,
    up,
    volume,
    waiting,
)

EVERY = "1m"
CONSUMERS = (
    *("submission.relay", "ranking.number", "ranking.count"),
    *("appraisal.receive", "appraisal.project"),
)

Series = Mapping[str, str]
"""Samples in the notation of promtool, by their series."""


API = f'{REPLICAS_AVAILABLE}{{deployment="survey-api",namespace="cchc"}}'
QUICK = f'{DURATION}_bucket{{{ROUTE},http_response_status_code="200",le="0.5"}}'
IDLE = f'{name_of(contract.CONNECTIONS)}{{db_client_connection_state="idle",service="survey"}}'
SAVE = "survey-save-29384210"
MIGRATED, SAVED = failed("survey-migrate"), failed(SAVE)
WELL: Series = {
    **{lag(consumer): steady(0.5) for consumer in CONSUMERS},
    f'{UNSIGNED}{{cchc_cycle="2026"}}': steady(60),
    **{waiting(why): steady(0) for why in ("parked", "stopped", "altered")},
    f'{name_of(contract.ALARMED)}{{cchc_cycle="2026"}}': steady(0),
    f'{name_of(contract.FAILING_TIME)}{{cchc_consumer="ranking.count"}}': steady(0),
    API: steady(2),
    **{succeeded(each): later(0, LATE_AFTER * 60) for each in ("survey-save", "restore-drill")},
    **{up(service, role): steady(1) for service, role in PROCESSES},
    made("survey-save"): steady(0),
    began("survey-migrate"): steady(0),
    IDLE: steady(2),
    certified("brokers"): steady(300 * DAY_S),
    certified("service"): steady(25 * DAY_S),
    volume(VOLUME): steady(100),
    volume(VOLUME_FREE): steady(50),
    MIGRATED: steady(0),
    SAVED: steady(0),
    requests("200"): counter(100),
    requests("503"): counter(0),
    QUICK: counter(100),
}
SILENT: Series = {lag("appraisal.project"): f"0.5x{LATE_AFTER} stale _x{SAMPLES - LATE_AFTER - 1}"}
TROUBLES: Mapping[str, tuple[Series, set[str]]] = {
    "a score takes long": (
        {lag("ranking.count"): later(0.5, 30)},
        {"ScoreInRankingFast", "ScoreInRankingSlowly"},
    ),
    "each part is quick, and all of them are not": (
        {lag(consumer): later(0.5, 2) for consumer in CONSUMERS[:3]},
        {"ScoreInRankingFast", "ScoreInRankingSlowly"},
    ),
    "nothing is heard of a worker": (
        SILENT,
        {"CouncilInformedFast", "CouncilInformedSlowly"},
    ),
    "nobody signs": (
        {f'{UNSIGNED}{{cchc_cycle="2026"}}': later(60, 8_000)},
        {"LedgerSignedFast", "LedgerSignedSlowly"},
    ),
    "a stream is parked": (
        {waiting("parked"): later(0, 1)},
        {"NothingParkedFast", "NothingParkedSlowly"},
    ),
    "one request of fifty fails": (
        {requests("503"): counter(0, 2), QUICK: counter(100, 102)},
        {"RequestsAnsweredFast", "RequestsAnsweredSlowly"},
    ),
    "one request of five is slow": (
        {QUICK: counter(100, 80)},
        {"RequestsQuickFast", "RequestsQuickSlowly"},
    ),
    "a fact was altered": (
        {waiting("altered"): later(0, 1)},
        {"FactAltered"},
    ),
    "a ledger is another": (
        {f'{name_of(contract.ALARMED)}{{cchc_cycle="2026"}}': later(0, 1)},
        {"LedgerAlarmed"},
    ),
    "a consumer fails": (
        {f'{name_of(contract.FAILING_TIME)}{{cchc_consumer="ranking.count"}}': later(0, 400)},
        {"ConsumerFails"},
    ),
    "a relay is behind, and does not fail": (
        {lag("survey.relay"): later(0.5, 400)},
        {"ConsumerBehind"},
    ),
    "nobody answers for a service": ({API: later(2, 0)}, {"ServiceAway"}),
    "a backup has not succeeded for days": (
        {succeeded("survey-save"): steady(-DAYS_OVERDUE * DAY_S)},
        {"BackupOverdue"},
    ),
    "no drill has succeeded for a week and more": (
        {succeeded("restore-drill"): steady(-(WEEK_DAYS + DAYS_OVERDUE) * DAY_S)},
        {"BackupOverdue"},
    ),
    "no backup has ever succeeded": (
        {succeeded("survey-save"): NEVER, made("survey-save"): steady(-DAYS_OVERDUE * DAY_S)},
        {"BackupOverdue"},
    ),
    "no drill has ever succeeded": (
        {
            succeeded("restore-drill"): NEVER,
            made("restore-drill"): steady(-(WEEK_DAYS + DAYS_OVERDUE) * DAY_S),
        },
        {"BackupOverdue"},
    ),
    "a certificate was renewed, and not brought here": (
        {certified("service"): later(25 * DAY_S, 20 * DAY_S)},
        {"CertificateOld"},
    ),
    "a certificate is at its end": (
        {certified("brokers"): later(25 * DAY_S, 2 * DAY_S)},
        {"CertificateOld", "CertificateEnds"},
    ),
    "a volume fills": ({volume(VOLUME_FREE): later(50, 19)}, {"VolumeFills"}),
    "a volume is nearly full": (
        {volume(VOLUME_FREE): later(50, 4)},
        {"VolumeFills", "VolumeFull"},
    ),
    "nothing was migrated": ({MIGRATED: later(0, 1)}, {"MigrationFailed"}),
    "a backup fails": ({SAVED: later(0, 1)}, {"BackupFailed"}),
    "a backup fails after another one": (
        {SAVED: later(0, 1), began(SAVE): steady(2 * LATE_AFTER * 60)},
        {"BackupFailed"},
    ),
    "a backup that failed has been done again": (
        {SAVED: steady(1), began(SAVE): steady(LATE_AFTER * 60 - 1)},
        set(),
    ),
    "nothing was saved yet, and no night has passed": (
        {succeeded("survey-save"): NEVER, made("survey-save"): steady(0)},
        set(),
    ),
    "a worker is asked by nobody": ({up("survey", "worker"): gone()}, {"ProcessUnheard"}),
    "a worker is asked in vain": ({up("survey", "worker"): later(1, 0)}, {"ProcessUnheard"}),
    "one of two workers is asked in vain": ({up("survey", "worker", "2"): steady(0)}, set()),
    "nobody tells what there is in the cluster": (
        {API: gone(), **{began(job): gone() for job in ("survey-migrate", SAVE)}},
        {"ClusterUnheard"},
    ),
    "no connection is left": ({IDLE: later(2, 0)}, {"ConnectionsUsedUp"}),
}


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
        "CertificateOld": 'summary="survey: a certificate for Kafka (service) ends in 20d 0h 0m 0s',
    }
    asked = [{"eval_time": f"{HOURS}h", "alertname": each, "exp_alerts": []} for each in said]

    found = tried({**WELL, **troubles}, tmp_path, {"alert_rule_test": asked})

    assert [words for words in said.values() if words not in found] == [], found


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
