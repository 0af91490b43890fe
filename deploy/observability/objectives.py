"""Service level objectives, in the words of those who use the system.

Each says which part of the time, or of the requests, may be bad. Time is bad while an expression of
Prometheus is 1, and where nothing is heard of what it looks at: silence is no good news.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.observability.series import name_of
from shared.adapters.telemetry import contract

LAG = name_of(contract.LAG_TIME)
PARKED = name_of(contract.PARKED)
UNSIGNED = name_of(contract.UNSIGNED_TIME)
DURATION = name_of(contract.REQUEST_DURATION)

FAILED = '{http_response_status_code=~"5..|"}'
"""Requests whose answer was a failure, or never began."""

WINDOW = "$WINDOW"
"""Stands for the length of time over which a ratio is taken."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A promise: `good` of all time, or requests, are as `promise` says, in both languages.

    `bad` is 1 while it is not kept, and 0 while it is; or else `ratio` gives the part of requests
    for which it was not kept, over a `WINDOW`. `runbook` says what to do.
    """

    name: str
    promise: tuple[str, str]
    good: float
    runbook: str
    bad: str = ""
    ratio: str = ""

    @property
    def budget(self) -> float:
        """The part that may be bad."""
        return round(1 - self.good, 6)


def _late(consumers: Sequence[str], seconds: int) -> str:
    """1 while facts wait longer on their way through these consumers, or one of them is silent."""
    told = f'{LAG}{{cchc_consumer=~"{"|".join(consumers)}"}}'
    late = f"(sum(max by (cchc_consumer) ({told})) > bool {seconds})"
    silent = f"(count(count by (cchc_consumer) ({told})) < bool {len(consumers)})"
    return f"clamp_max({late} + {silent}, 1) or vector(1)"


def _part(bad: str) -> str:
    """The part of all requests in a window; none where there were no requests."""
    every = f"sum(rate({DURATION}_count[{WINDOW}]))"
    return f"(({bad}) / ({every} > 0)) or vector(0)"


OBJECTIVES: Sequence[Objective] = (
    Objective(
        "score-in-ranking",
        (
            "Điểm đã nộp có mặt trong bảng xếp hạng trong vòng 5 giây",
            "A submitted score is in the ranking within 5 s",
        ),
        good=0.999,
        runbook="stuck-consumer",
        bad=_late(("submission.relay", "ranking.number", "ranking.count"), 5),
    ),
    Objective(
        "council-informed",
        (
            "Hội đồng thấy điểm tự chấm trong vòng 1 phút",
            "The council sees what agencies declared within a minute",
        ),
        good=0.999,
        runbook="stuck-consumer",
        bad=_late(("submission.relay", "appraisal.receive", "appraisal.project"), 60),
    ),
    Objective(
        "ledger-signed",
        (
            "Không sổ cái nào quá 2 giờ mà chưa được ký",
            "No ledger goes on for longer than two hours without a checkpoint",
        ),
        good=0.999,
        runbook="ledger-alarm",
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
        bad=f'(sum({PARKED}{{cchc_parked_why=~"parked|stopped"}}) > bool 0) or vector(1)',
    ),
    Objective(
        "requests-answered",
        (
            "Yêu cầu được trả lời, không phải lỗi của hệ thống",
            "Requests are answered, and not by a failure of the system",
        ),
        good=0.999,
        runbook="requests-fail",
        ratio=_part(f"sum(rate({DURATION}_count{FAILED}[{WINDOW}])) or vector(0)"),
    ),
    Objective(
        "requests-quick",
        (
            "Yêu cầu được trả lời trong vòng nửa giây",
            "Requests are answered within half a second",
        ),
        good=0.99,
        runbook="deadline-day",
        ratio=_part(
            f"sum(rate({DURATION}_count[{WINDOW}]))"
            f' - sum(rate({DURATION}_bucket{{le="0.5"}}[{WINDOW}]))'
        ),
    ),
)
