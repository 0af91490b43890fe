"""What the council's word is worth once the scheme says something else about an item."""

import copy
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from services.appraisal.domain.verdict import Decide
from shared.events import submission
from shared.kernel.errors import Problem
from tests.support.small_appraisal import (
    CYCLE_FACTS,
    REASON,
    RECOGNISE,
    RECOGNISED,
    REJECT,
    refusal,
    sitting,
    when,
)
from tests.support.small_cycle import OPENED

HALF = {"type": "formula", "text": "points / 2", "inputs": ["points"]}
COARSE = {"type": "manual", "step": "0.75"}


def amended(rule: dict[str, Any]) -> submission.SchemeAmended:
    """The small scheme with another rule for item 1.1.1, whose maximum becomes 1.5."""
    adopted = CYCLE_FACTS[0]
    assert isinstance(adopted, submission.SchemeAdopted)
    scheme = copy.deepcopy(adopted.scheme)
    first, second = scheme["areas"][0]["criteria"][0]["components"]
    first.update(rule=rule, maximum="1.5")
    second.update(maximum="2.5")
    return submission.SchemeAmended(
        cycle="2021", tier="department", scheme=scheme, decision=OPENED.decision, because=REASON
    )


def test_a_recognised_score_is_recognised_again_for_what_the_present_rule_gives() -> None:
    after = Decide(sitting(cycle=[amended(HALF)]), replace(RECOGNISE, based_on=2))

    assert when(after, RECOGNISED) == (msgspec.structs.replace(RECOGNISED, awarded="1"),)


def test_what_the_present_rule_does_not_take_cannot_be_recognised() -> None:
    problem: Problem = refusal(Decide(sitting(cycle=[amended(COARSE)]), RECOGNISE))

    assert problem.code == "points-above-maximum"


def test_what_the_present_rule_does_not_take_is_rejected_for_any_points() -> None:
    after = Decide(sitting(cycle=[amended(COARSE)]), REJECT)

    [rejected] = when(after)

    assert getattr(rejected, "awarded", None) == "1.5"


@pytest.mark.parametrize("awarded", ["1", "1.00"])
def test_to_reject_for_what_the_present_rule_gives_is_no_rejection(awarded: str) -> None:
    verdict = replace(REJECT, awarded=awarded)

    problem = refusal(Decide(sitting(cycle=[amended(HALF)]), verdict))

    assert problem.code == "reject-needs-other-points"
