"""Scoring rules (cách tính điểm): from what an agency declares for an item to the points it claims.

    rule       inputs                          points
    choice     option                          those of the option
    count      count                           so much for each unit
    levels     value, or level                 a share of the maximum, by band or by name
    ratio      numerator, denominator          their quotient of the maximum, 0 below the floor
    deduction  breaches                        the maximum less so much for each
    formula    names of its own                what it says
    manual     points                          as claimed
    sum        CODE.input for each addend      all of them together

Inputs are a flat map of texts. "No task arose this year" is `{"no_task": "yes"}` alone, where the
item allows it. Points lie between 0 and the item's maximum, whatever the rule.
"""

from shared.kernel.rules.evaluation import Evaluation, evaluate
from shared.kernel.rules.inputs import (
    AMOUNT_MAX,
    AMOUNT_PLACES_MAX,
    COUNT_MAX,
    INPUTS_MAX,
    NO_TASK,
    NUMBER_MAX,
    PLACES_MAX,
    RATIOS_MAX,
    InputSpec,
    inputs_of,
)
from shared.kernel.rules.working import working

__all__ = [
    "AMOUNT_MAX",
    "AMOUNT_PLACES_MAX",
    "COUNT_MAX",
    "INPUTS_MAX",
    "NO_TASK",
    "NUMBER_MAX",
    "PLACES_MAX",
    "RATIOS_MAX",
    "Evaluation",
    "InputSpec",
    "evaluate",
    "inputs_of",
    "working",
]
