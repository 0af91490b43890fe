"""Causes: what says why, where objectives say that; each by itself is somebody's work.

A summary names the service, or the part of the cluster, that it is about.
"""

from collections.abc import Sequence

from deploy.observability.cause import DAY_S, Cause, label
from deploy.observability.copies import ARCHIVED, COPIED, COPIES, SERVERS
from deploy.observability.objectives import LAG, PARKED
from deploy.observability.series import ROLE, SERVICE, name_of
from shared.adapters.backup import SERVICES
from shared.adapters.telemetry import contract

REPLICAS_AVAILABLE = "kube_deployment_status_replicas_available"
LAST_SUCCESS, MADE = "kube_cronjob_status_last_successful_time", "kube_cronjob_created"
JOB_FAILED, JOB_BEGAN = "kube_job_failed", "kube_job_status_start_time"
"""What kube-state-metrics tells, and no process of ours: a process that is gone tells nothing."""
VOLUME_FREE, VOLUME = "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"
"""What the kubelet tells of volumes, where its drivers do."""
HEARD_OF = (
    *((name, 'namespace="cchc"') for name in (REPLICAS_AVAILABLE, MADE, JOB_BEGAN)),
    *(
        (name, f'namespace="cchc-servers",{SERVICE}="{of}"')
        for name in (ARCHIVED, COPIED)
        for of in SERVERS
    ),
    (VOLUME_FREE, 'namespace="cchc-servers"'),
)
"""One series of each kind that is always told, and of whom; others come and go.

Each PostgreSQL is asked for by itself: one of them that nobody hears is silent among the others.
"""
PROCESSES = [(name, role) for name in SERVICES for role in ("api", "worker")]
MIGRATIONS, BACKUPS = ".*-migrate", "(.*-save|restore-drill)-.*"
SAVES, DRILL = ".*-save", "restore-drill"
"""Names of Jobs; those of a CronJob go on from its own."""

WEEK_DAYS, DAYS_OVERDUE = 7, 2
FREE_MIN, FREE_LEAST = 0.2, 0.05
RENEWED_DAYS, LAST_DAYS = 21, 3
"""Strimzi renews 30 days before the end: what has less than the first was not brought here."""

_CONNECTIONS, _IDLE = name_of(contract.CONNECTIONS), '{db_client_connection_state="idle"}'
_CERTIFIED = f"min by (service, cchc_certificate) ({name_of(contract.CERTIFIED_TIME)})"
_FREE = '{namespace=~"cchc|cchc-servers"}'
_LEFT = (
    f"min by (namespace, persistentvolumeclaim) ({VOLUME_FREE}{_FREE})"
    f" / min by (namespace, persistentvolumeclaim) ({VOLUME}{_FREE})"
)


def _failed_jobs(names: str) -> str:
    selector = f'namespace="cchc",condition="true",job_name=~"{names}"'
    return f"max by (job_name) ({JOB_FAILED}{{{selector}}}) > 0"


def _made_good() -> str:
    """The Jobs whose CronJob has succeeded since they began; the last that failed stays there."""
    began = f'{JOB_BEGAN}{{namespace="cchc",job_name=~"{BACKUPS}"}}'
    of_cronjob = f'label_replace({began}, "cronjob", "$1", "job_name", "{BACKUPS}")'
    succeeded = f'max by (cronjob) ({LAST_SUCCESS}{{namespace="cchc"}})'
    return f"max by (job_name, cronjob) ({of_cronjob}) < on (cronjob) group_left () {succeeded}"


def _not_for(days: int, cronjobs: str) -> str:
    """Whatever has not succeeded for so long, or never since it was made so long ago."""
    selector = f'{{namespace="cchc",cronjob=~"{cronjobs}"}}'
    last = f"({LAST_SUCCESS}{selector} or on (cronjob) {MADE}{selector})"
    return f"time() - {last} > {days * DAY_S}"


def _in_vain() -> str:
    """Who is found, and not reached in any process: as where a label is missing that lets in."""
    of_ours = f'{SERVICE}=~"{"|".join(SERVICES)}",{ROLE}=~"api|worker"'
    return f"max by ({SERVICE}, {ROLE}) (up{{{of_ours}}}) == 0"


def _unheard(told: str, series: str) -> str:
    """A series that says what is not told; without it, whatever is asked of it is never true."""
    return f'label_replace(absent({told}), "series", "{series}", "", "")'


def _told(of: str) -> str:
    """What is not told, and of whom where it is told of several."""
    return f"{label('series')}{{{{ with $labels.{SERVICE} }}}} {of} {{{{ . }}}}{{{{ end }}}}"


_SERVICE, _CONSUMER, _CYCLE = map(label, ("service", "cchc_consumer", "cchc_cycle"))
_POOL, _JOB = map(label, ("db_client_connection_pool_name", "job_name"))
_CERTIFICATE = label("cchc_certificate")
_CLAIM, _NAMESPACE = label("persistentvolumeclaim"), label("namespace")
_PART, _TIME = "{{ $value | humanizePercentage }}", "{{ $value | humanizeDuration }}"

_OF_FACTS: Sequence[Cause] = (
    Cause(
        "FactAltered",
        f'max by (service) ({PARKED}{{cchc_parked_why="altered"}}) > 0',
        "0m",
        "page",
        "altered-fact",
        (
            f"{_SERVICE} nhận lại một dữ kiện với nội dung khác: nhật ký có thể bị can thiệp",
            f"{_SERVICE} was told a fact again with other bytes: who tampers with the topic?",
        ),
    ),
    Cause(
        "LedgerAlarmed",
        f"max by (cchc_cycle) ({name_of(contract.ALARMED)}) > 0",
        "0m",
        "page",
        "ledger-alarm",
        (
            f"Sổ cái {_CYCLE} của ranking không còn là sổ đã ký; không ai được công bố",
            f"The ledger of {_CYCLE} in ranking is not the one that was signed",
        ),
    ),
    Cause(
        "ConsumerFails",
        f"max by (service, cchc_consumer) ({name_of(contract.FAILING_TIME)}) > 300",
        "1m",
        "ticket",
        "stuck-consumer",
        (
            f"{_SERVICE}: {_CONSUMER} lỗi liên tục hơn 5 phút",
            f"{_SERVICE}: {_CONSUMER} has failed for more than five minutes",
        ),
    ),
    Cause(
        "ConsumerBehind",
        f"max by (service, cchc_consumer) ({LAG}) > 300",
        "5m",
        "ticket",
        "stuck-consumer",
        (
            f"{_SERVICE}: {_CONSUMER} chậm hơn 5 phút",
            f"{_SERVICE}: {_CONSUMER} is more than five minutes behind",
        ),
    ),
)
_OF_PROCESSES: Sequence[Cause] = (
    Cause(
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
    Cause(
        "ConnectionsUsedUp",
        f"min by (service, db_client_connection_pool_name) ({_CONNECTIONS}{_IDLE}) == 0",
        "10m",
        "ticket",
        "scale",
        (
            f"{_SERVICE}: nhóm kết nối {_POOL} không còn kết nối rảnh",
            f"{_SERVICE}: the pool {_POOL} has no connection left",
        ),
    ),
    Cause(
        "CertificateOld",
        f"{_CERTIFIED} < {RENEWED_DAYS * DAY_S}",
        "1h",
        "ticket",
        "rotate-keys",
        (
            f"{_SERVICE}: chứng thư Kafka ({_CERTIFICATE}) còn {_TIME}, chưa có bản mới",
            f"{_SERVICE}: a certificate for Kafka ({_CERTIFICATE}) ends in {_TIME}; none is new",
        ),
    ),
    Cause(
        "CertificateEnds",
        f"{_CERTIFIED} < {LAST_DAYS * DAY_S}",
        "10m",
        "page",
        "rotate-keys",
        (
            f"{_SERVICE}: chứng thư Kafka ({_CERTIFICATE}) còn {_TIME}, sau đó không gửi nhận được",
            f"{_SERVICE}: a certificate for Kafka ({_CERTIFICATE}) lasts {_TIME}, then it is mute",
        ),
    ),
)
_OF_THE_CLUSTER: Sequence[Cause] = (
    Cause(
        "VolumeFills",
        f"{_LEFT} < {FREE_MIN}",
        "15m",
        "ticket",
        "full-disk",
        (
            f"Ổ đĩa {_CLAIM} của {_NAMESPACE} chỉ còn trống {_PART}",
            f"The volume {_CLAIM} of {_NAMESPACE} has {_PART} left",
        ),
    ),
    Cause(
        "VolumeFull",
        f"{_LEFT} < {FREE_LEAST}",
        "5m",
        "page",
        "full-disk",
        (
            f"Ổ đĩa {_CLAIM} của {_NAMESPACE} sắp đầy: còn {_PART}",
            f"The volume {_CLAIM} of {_NAMESPACE} is nearly full: {_PART} left",
        ),
    ),
    Cause(
        "MigrationFailed",
        _failed_jobs(MIGRATIONS),
        "0m",
        "page",
        "upgrade",
        (
            f"Job {_JOB} thất bại: tiến trình mới chờ nó và không nhận khách",
            f"The Job {_JOB} has failed: new processes wait for it, and let nobody in",
        ),
    ),
    Cause(
        "BackupFailed",
        f"{_failed_jobs(BACKUPS)} unless on (job_name) ({_made_good()})",
        "0m",
        "ticket",
        "restore",
        (
            f"Job {_JOB} thất bại: lần sao lưu hay diễn tập này không dùng được",
            f"The Job {_JOB} has failed: this backup, or drill, is none",
        ),
    ),
    Cause(
        "BackupOverdue",
        f"{_not_for(DAYS_OVERDUE, SAVES)} or {_not_for(WEEK_DAYS + DAYS_OVERDUE, DRILL)}",
        "1h",
        "ticket",
        "restore",
        (
            "{{ $labels.cronjob }} quá hạn: đã quá lâu, hoặc chưa lần nào, thành công",
            "{{ $labels.cronjob }} is overdue: it has not succeeded for too long, or never",
        ),
    ),
)
_OF_WATCHING: Sequence[Cause] = (
    Cause(
        "ProcessUnheard",
        " or ".join(
            [
                *(f'absent(up{{{SERVICE}="{a}",{ROLE}="{b}"}})' for a, b in PROCESSES),
                f"({_in_vain()})",
            ]
        ),
        "15m",
        "ticket",
        "nothing-heard",
        (
            f"Prometheus không đọc được số đo của {_SERVICE} {label(ROLE)}",
            f"Prometheus hears no process of {_SERVICE} {label(ROLE)}: its alerts never come",
        ),
    ),
    Cause(
        "ClusterUnheard",
        " or ".join(_unheard(f"{name}{{{of}}}", name) for name, of in HEARD_OF),
        "15m",
        "ticket",
        "nothing-heard",
        (
            f"Prometheus không có {_told('của')}: cảnh báo dựa vào nó không bao giờ đến",
            f"Prometheus has no {_told('of')}: alerts that go by it never come",
        ),
    ),
)
CAUSES: Sequence[Cause] = (*_OF_FACTS, *_OF_PROCESSES, *_OF_THE_CLUSTER, *COPIES, *_OF_WATCHING)
