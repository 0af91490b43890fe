"""Service level objectives, in the words of those who use the system.

Each says which part of the time, or of the requests, may be bad. Time is bad while an expression of
Prometheus is 1, and where nothing is heard of what it looks at: silence is no good news.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.observability.series import SERVICE, label_of, name_of
from shared.adapters.telemetry import contract

LAG = name_of(contract.LAG_TIME)
PARKED = name_of(contract.PARKED)
UNSIGNED = name_of(contract.UNSIGNED_TIME)
DURATION = name_of(contract.REQUEST_DURATION)

FAILED = '{http_response_status_code=~"5..|"}'
"""Requests whose answer was a failure, or never began."""

ROUTE = f"{SERVICE}, {label_of(contract.METHOD)}, {label_of(contract.ROUTE)}"
"""The labels that say which route of which service."""
ROUTES_MAX = 3
"""So many routes are named to whoever is called."""
JUST_NOW = "5m"

WINDOW = "$WINDOW"
"""Stands for the length of time over which a ratio is taken."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A promise: `good` of all time, or requests, are as `promise` says, in both languages.

    `bad` is 1 while it is not kept, and 0 while it is; or else `ratio` gives the part of requests
    for which it was not kept, over a `WINDOW`. `where` finds by what it is not kept just now:
    series whose labels name a service, and what of it. `runbook` says what to do.
    """

    name: str
    promise: tuple[str, str]
    good: float
    runbook: str
    where: str
    bad: str = ""
    ratio: str = ""

    @property
    def budget(self) -> float:
        """The part that may be bad."""
        return round(1 - self.good, 6)


def _slow(consumers: Sequence[str], seconds: int) -> str:
    """Which of these consumers lets facts wait so long by itself, or is silent."""
    told = f'{LAG}{{cchc_consumer=~"{"|".join(consumers)}"}}'
    return " or ".join(
        [f"max by (service, cchc_consumer) ({told}) > {seconds}", *map(_silent, consumers)]
    )


def _silent(consumer: str) -> str:
    """A series that says so in a label; `absent` has the labels that are asked for."""
    service, _, _ = consumer.partition(".")
    told = f'{LAG}{{{SERVICE}="{service}",cchc_consumer="{consumer}"}}'
    return f'label_replace(absent({told}), "heard", "nothing heard", "", "")'


def _late(consumers: Sequence[str], seconds: int) -> str:
    """1 while facts wait longer on their way through these consumers, or one of them is silent."""
    told = f'{LAG}{{cchc_consumer=~"{"|".join(consumers)}"}}'
    late = f"(sum(max by (cchc_consumer) ({told})) > bool {seconds})"
    silent = f"(count(count by (cchc_consumer) ({told})) < bool {len(consumers)})"
    return f"clamp_max({late} + {silent}, 1) or vector(1)"


def _by_route(bad: str, every: str) -> str:
    """The routes with the largest part of requests that are bad."""
    part = f"sum by ({ROUTE}) ({bad}) / sum by ({ROUTE}) ({every})"
    return f"topk({ROUTES_MAX}, {part} > 0)"


def _part(bad: str) -> str:
    """The part of all requests in a window; none where there were no requests."""
    every = f"sum(rate({DURATION}_count[{WINDOW}]))"
    return f"(({bad}) / ({every} > 0)) or vector(0)"


_WAITING = f'{PARKED}{{cchc_parked_why=~"parked|stopped"}}'
_TO_RANKING = ("submission.relay", "ranking.number", "ranking.count")
_TO_COUNCIL = ("submission.relay", "appraisal.receive", "appraisal.project")

OBJECTIVES: Sequence[Objective] = (
    Objective(
        "score-in-ranking",
        (
            "Điểm đã nộp có mặt trong bảng xếp hạng trong vòng 5 giây",
            "A submitted score is in the ranking within 5 s",
        ),
        good=0.999,
        runbook="stuck-consumer",
        where=_slow(_TO_RANKING, 1),
        bad=_late(_TO_RANKING, 5),
    ),
    Objective(
        "council-informed",
        (
            "Hội đồng thấy điểm tự chấm trong vòng 1 phút",
            "The council sees what agencies declared within a minute",
        ),
        good=0.999,
        runbook="stuck-consumer",
        where=_slow(_TO_COUNCIL, 20),
        bad=_late(_TO_COUNCIL, 60),
    ),
    Objective(
        "ledger-signed",
        (
            "Không sổ cái nào quá 2 giờ mà chưa được ký",
            "No ledger goes on for longer than two hours without a checkpoint",
        ),
        good=0.999,
        runbook="ledger-alarm",
        where=f"max by (service, cchc_cycle) ({UNSIGNED}) > 7200",
        bad=f"(max({UNSIGNED}) > bool 7200) or vector(0)",
    ),
    Objective(
        "nothing-parked",
        (
            "Không luồng dữ kiện nào phải chờ người can thiệp",
            "No stream of facts waits for somebody to step in",
        ),
        good=0.995,
        runbook="parked-stream",
        where=f"max by (service, cchc_parked_why) ({_WAITING}) > 0",
        bad=f"(sum({_WAITING}) > bool 0) or vector(1)",
    ),
    Objective(
        "requests-answered",
        (
            "Yêu cầu được trả lời, không phải lỗi của hệ thống",
            "Requests are answered, and not by a failure of the system",
        ),
        good=0.999,
        runbook="requests-fail",
        where=_by_route(
            f"rate({DURATION}_count{FAILED}[{JUST_NOW}])", f"rate({DURATION}_count[{JUST_NOW}])"
        ),
        ratio=_part(f"sum(rate({DURATION}_count{FAILED}[{WINDOW}])) or vector(0)"),
    ),
    Objective(
        "requests-quick",
        (
            "Yêu cầu được trả lời trong vòng nửa giây",
            "Requests are answered within half a second",
        ),
        good=0.99,
        runbook="slow",
        where=_by_route(
            f"rate({DURATION}_count[{JUST_NOW}])"
            f' - ignoring (le) rate({DURATION}_bucket{{le="0.5"}}[{JUST_NOW}])',
            f"rate({DURATION}_count[{JUST_NOW}])",
        ),
        ratio=_part(
            f"sum(rate({DURATION}_count[{WINDOW}]))"
            f' - sum(rate({DURATION}_bucket{{le="0.5"}}[{WINDOW}]))'
        ),
    ),
)
