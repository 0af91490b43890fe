"""Samples of what Prometheus is told, in the notation of its tool: series with their values."""

from deploy.observability.causes import JOB_BEGAN, JOB_FAILED, LAST_SUCCESS, MADE
from deploy.observability.objectives import DURATION, LAG, PARKED
from deploy.observability.series import ROLE, SERVICE, name_of
from shared.adapters.telemetry import contract

HOURS = 3
SAMPLES = HOURS * 60
LATE_AFTER = 60
"""An hour is well, and then it is not."""
NEVER = f"_x{SAMPLES}"
ROUTE = 'service="survey",http_request_method="GET",http_route="/survey/form"'


def steady(value: float) -> str:
    """One value all the time."""
    return f"{value}x{SAMPLES}"


def later(before: float, after: float) -> str:
    """One value for an hour, and then another one."""
    return f"{before}x{LATE_AFTER} {after}x{SAMPLES - LATE_AFTER}"


def counter(rate: float, then: float | None = None) -> str:
    """A counter that grows so much with each sample, and otherwise after an hour."""
    grown = rate * LATE_AFTER
    first = f"0+{rate}x{LATE_AFTER}"
    return f"{first} {grown}+{rate if then is None else then}x{SAMPLES - LATE_AFTER}"


def lag(consumer: str) -> str:
    """What waits for a consumer."""
    return f'{LAG}{{cchc_consumer="{consumer}",service="{consumer.partition(".")[0]}"}}'


def gone() -> str:
    """Something is told for an hour, and then no more."""
    return f"1x{LATE_AFTER} stale _x{SAMPLES - LATE_AFTER - 1}"


def up(service: str, role: str, number: str = "1") -> str:
    """Whether a process is reached by whoever scrapes."""
    return f'up{{pod="{service}-{role}-{number}",{ROLE}="{role}",{SERVICE}="{service}"}}'


def requests(status: str) -> str:
    """Requests that were answered with a status."""
    return f'{DURATION}_count{{{ROUTE},http_response_status_code="{status}"}}'


def certified(of: str) -> str:
    """How long a certificate of the survey, or of who vouches for it, is good."""
    return f'{name_of(contract.CERTIFIED_TIME)}{{cchc_certificate="{of}",service="survey"}}'


def volume(series: str) -> str:
    """What is told of a volume."""
    return f'{series}{{namespace="cchc-servers",persistentvolumeclaim="data-kafka-0"}}'


def server(series: str, of: str = "ranking") -> str:
    """What is told of the first PostgreSQL of a service."""
    return f'{series}{{namespace="cchc-servers",pod="{of}-postgres-1",{SERVICE}="{of}"}}'


def failed(job: str) -> str:
    """Whether a Job has failed."""
    return f'{JOB_FAILED}{{condition="true",job_name="{job}",namespace="cchc"}}'


def began(job: str) -> str:
    """When a Job began."""
    return f'{JOB_BEGAN}{{job_name="{job}",namespace="cchc"}}'


def waiting(why: str) -> str:
    """Streams of ranking that wait, and why."""
    return f'{PARKED}{{cchc_parked_why="{why}",service="ranking"}}'


def succeeded(cronjob: str) -> str:
    """When a CronJob last succeeded."""
    return f'{LAST_SUCCESS}{{cronjob="{cronjob}",namespace="cchc"}}'


def made(cronjob: str) -> str:
    """When a CronJob was made."""
    return f'{MADE}{{cronjob="{cronjob}",namespace="cchc"}}'
