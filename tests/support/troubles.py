"""What Prometheus is told while all is well, and in each trouble; and which alerts come then."""

from collections.abc import Mapping

from deploy.observability.cause import DAY_S
from deploy.observability.causes import (
    DAYS_OVERDUE,
    PROCESSES,
    REPLICAS_AVAILABLE,
    VOLUME,
    VOLUME_FREE,
    WEEK_DAYS,
)
from deploy.observability.copies import (
    ARCHIVED,
    COPIED,
    COPIED_DAYS,
    IN_RECOVERY,
    NOT_ARCHIVED,
    NOT_COPIED,
    SERVERS,
)
from deploy.observability.objectives import DURATION, UNSIGNED
from deploy.observability.series import name_of
from shared.adapters.telemetry import contract
from tests.support.samples import (
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
    server,
    steady,
    succeeded,
    up,
    volume,
    waiting,
)

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
    **{server(name, of): steady(-1) for name in (ARCHIVED, NOT_ARCHIVED) for of in SERVERS},
    **{server(COPIED, of): later(0, LATE_AFTER * 60) for of in SERVERS},
    **{server(name, of): steady(0) for name in (NOT_COPIED, IN_RECOVERY) for of in SERVERS},
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
    "an archive fails": ({server(NOT_ARCHIVED): later(-1, 10_000)}, {"ArchiveFails"}),
    "an archive failed where another server is primary by now": (
        {server(NOT_ARCHIVED): later(-1, 10_000), server(IN_RECOVERY): later(0, 1)},
        set(),
    ),
    "a server's copy fails": ({server(NOT_COPIED): later(0, 2 * LATE_AFTER * 60)}, {"CopyFails"}),
    "no copy of a server was made for days": (
        {server(COPIED): steady(-COPIED_DAYS * DAY_S)},
        {"CopyFails"},
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
    "one PostgreSQL of several tells nothing": (
        {server(name, SERVERS[1]): gone() for name in (ARCHIVED, NOT_ARCHIVED, COPIED, NOT_COPIED)},
        {"ClusterUnheard"},
    ),
    "no connection is left": ({IDLE: later(2, 0)}, {"ConnectionsUsedUp"}),
}
