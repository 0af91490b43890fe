"""What if (giả định): the tables of a cycle under other decisions, weights or rules for ties.

A change is a supposition, and no fact: it is laid over a count, and nothing of it is kept. What it
leads to is ranked as the count itself is, by `tables(supposed(state, changes))`.

An item of another weight keeps its share of the maximum. Whatever it gave, by its rule, a claim, a
decision, a table of others or a survey, is multiplied by the same factor as its maximum: this is
the index "if this criterion counted double". It fits every rule, since each of them gives points
in proportion to those that the scheme names. What is left out has no weight, and applies to nobody.
The maximum of the whole changes with its parts, and the index stays their ratio in per cent; cap
and grades stay as they are, and so do bonuses and penalties, unless they are weighed themselves.

The order of the changes means nothing: those that speak of the same thing are refused.
"""

from shared.count.whatif.changes import (
    BreakTiesBy,
    Change,
    DecideOtherwise,
    LeaveOut,
    Outcome,
    Weigh,
)
from shared.count.whatif.supposed import supposed
from shared.count.whatif.swaps import swaps

__all__ = [
    "BreakTiesBy",
    "Change",
    "DecideOtherwise",
    "LeaveOut",
    "Outcome",
    "Weigh",
    "supposed",
    "swaps",
]
