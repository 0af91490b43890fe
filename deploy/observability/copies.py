"""Causes in the servers' own copies: what CloudNativePG writes into an object store.

What it tells stands in its source (1.25.0): `config/manager/default-monitoring.yaml`, and of copies
`pkg/management/postgres/webserver/metricserver`. Of the copies of MongoDB nothing is asked here.
"""

from collections.abc import Sequence

from deploy.observability.cause import DAY_S, Cause, label
from deploy.observability.series import SERVICE

SERVERS = ("submission", "appraisal", "ranking")
"""Whose PostgreSQL CloudNativePG runs."""
ARCHIVED = "cnpg_pg_stat_archiver_last_archived_time"
NOT_ARCHIVED = "cnpg_pg_stat_archiver_last_failed_time"
IN_RECOVERY = "cnpg_pg_replication_in_recovery"
COPIED = "cnpg_collector_last_available_backup_timestamp"
NOT_COPIED = "cnpg_collector_last_failed_backup_timestamp"
"""Each server tells of its log; of copies the one that is primary, and 0 where there is none."""

COPIED_DAYS = 2
"""One is made each night."""

_OF_SERVERS = '{namespace="cchc-servers"}'
_WHOSE = label(SERVICE)


def _not_archived() -> str:
    """Whose archive failed after it last did not; who was primary before goes on telling so."""
    failed = f"{NOT_ARCHIVED}{_OF_SERVERS} > {ARCHIVED}{_OF_SERVERS}"
    is_primary = f"{IN_RECOVERY}{_OF_SERVERS} == 0"
    return f"max by ({SERVICE}) ({failed} and on (namespace, pod) {is_primary})"


def _not_copied() -> str:
    """Whose last copy has failed, or is too old; one that was never made is as old as time."""
    failed, made = (f"max by ({SERVICE}) ({each}{_OF_SERVERS})" for each in (NOT_COPIED, COPIED))
    return f"{failed} > {made} or time() - {made} > {COPIED_DAYS * DAY_S}"


COPIES: Sequence[Cause] = (
    Cause(
        "ArchiveFails",
        _not_archived(),
        "15m",
        "ticket",
        "server-copies",
        (
            f"PostgreSQL của {_WHOSE} không gửi được nhật ký vào kho: giữ lại, và đĩa đầy dần",
            f"PostgreSQL of {_WHOSE} cannot archive its log, and keeps it until its disk is full",
        ),
    ),
    Cause(
        "CopyFails",
        _not_copied(),
        "1h",
        "ticket",
        "server-copies",
        (
            f"PostgreSQL của {_WHOSE} không có bản sao mới: lần cuối thất bại, hoặc quá hạn",
            f"PostgreSQL of {_WHOSE} has no new copy: the last one failed, or is overdue",
        ),
    ),
)
