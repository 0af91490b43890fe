"""What a questionnaire came to: how often each option was chosen, and the share that it gives.

Everything is counted anew from the facts of the questionnaire, exactly. The points of an item are
counted by ranking, over all groups; this is the part of one group.
"""

from services.survey.domain.results.comparison import Change, Compared, Comparison, compared
from services.survey.domain.results.interval import Interval
from services.survey.domain.results.publication import published
from services.survey.domain.results.report import (
    AreaResult,
    Report,
    Row,
    Withheld,
    report,
    results,
)
from services.survey.domain.results.result import Result, Scored
from shared.kernel.small_group import PUBLISHED_ANSWERS_MIN

__all__ = [
    "PUBLISHED_ANSWERS_MIN",
    "AreaResult",
    "Change",
    "Compared",
    "Comparison",
    "Interval",
    "Report",
    "Result",
    "Row",
    "Scored",
    "Withheld",
    "compared",
    "published",
    "report",
    "results",
]
