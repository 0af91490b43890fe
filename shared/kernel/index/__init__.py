"""The index: from a scheme and the last word on every item, to points, index, rank and grade.

`compute(scheme, agencies)` is a pure function: `scored` for each item of each agency, `assess` for
each agency, then `rank`. All arithmetic is exact; nothing is rounded here.
"""

from shared.kernel.index.result import (
    AgencyResult,
    AreaResult,
    CriterionResult,
    ItemResult,
    Score,
    Status,
    Table,
)
from shared.kernel.index.scoring import Scored, scored
from shared.kernel.index.state import AgencyState, Decision, Declaration, Imported, Tally
from shared.kernel.index.table import assess, compute, rank

__all__ = [
    "AgencyResult",
    "AgencyState",
    "AreaResult",
    "CriterionResult",
    "Decision",
    "Declaration",
    "Imported",
    "ItemResult",
    "Score",
    "Scored",
    "Status",
    "Table",
    "Tally",
    "assess",
    "compute",
    "rank",
    "scored",
]
