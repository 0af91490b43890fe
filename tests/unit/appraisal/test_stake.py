"""How much a member may take away alone: no verdict that leaves next to nothing goes round it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from services.appraisal.domain.action import SecondAction
from services.appraisal.domain.verdict import Decide, Verdict
from shared.events import appraisal as events
from shared.events import submission
from tests.support.small_appraisal import (
    CYCLE_FACTS,
    M2,
    PLAN,
    REASON,
    REJECT,
    REJECTED,
    ROUND_2,
    given,
    sitting,
    submitted,
    when,
)
from tests.support.small_cycle import OPENED

IDLE = replace(REJECT, item="1.1.2", declaration=submitted(3), evidence=())
"""The agency says that the item, which is worth 2 points, does not apply."""


def amended(**members: object) -> submission.SchemeAmended:
    """The small scheme with other members at its top."""
    adopted = CYCLE_FACTS[0]
    assert isinstance(adopted, submission.SchemeAdopted)
    return submission.SchemeAmended(
        cycle="2021",
        tier="department",
        scheme={**adopted.scheme, **members},
        decision=OPENED.decision,
        because=REASON,
    )


def judged(verdict: Verdict, awarded: str, *facts: object, cycle: Sequence[object] = ()) -> type:
    """What kind of fact the verdict becomes."""
    [fact] = when(Decide(sitting(cycle=cycle), replace(verdict, awarded=awarded)), *facts)
    return type(fact)


@pytest.mark.parametrize("awarded", ["0", "0.000001", "0.5", "0.999999"])
def test_to_leave_less_than_half_of_a_claim_is_a_proposal(awarded: str) -> None:
    assert judged(REJECT, awarded) is events.ActionProposed


@pytest.mark.parametrize("awarded", ["1", "1.75"])
def test_one_member_leaves_half_of_a_claim_or_more(awarded: str) -> None:
    assert judged(REJECT, awarded) is events.ScoreRejected


def test_several_small_steps_are_one_large_one() -> None:
    half = msgspec.structs.replace(REJECTED, awarded="1")
    again = replace(REJECT, based_on=2)

    assert judged(again, "0.75", half) is events.ActionProposed


def test_a_second_member_agrees_to_what_leaves_little() -> None:
    [proposed] = when(Decide(sitting(), replace(REJECT, awarded="0.25")))
    assert isinstance(proposed, events.ActionProposed)

    [_, rejected] = when(SecondAction(sitting(M2), proposed.action), proposed)

    assert rejected == msgspec.structs.replace(REJECTED, awarded="0.25", evidence=(PLAN,))


@pytest.mark.parametrize(
    ("awarded", "kind"), [("0.999999", events.ActionProposed), ("1", events.ScoreRejected)]
)
def test_an_item_said_not_to_apply_stands_for_its_maximum(awarded: str, kind: type) -> None:
    assert judged(IDLE, awarded) is kind


@pytest.mark.parametrize(
    ("awarded", "kind"), [("0.749999", events.ActionProposed), ("0.75", events.ScoreRejected)]
)
def test_a_claim_that_the_present_rule_does_not_take_stands_for_its_maximum(
    awarded: str, kind: type
) -> None:
    areas: Any = msgspec.to_builtins(amended().scheme["areas"])
    first, second = areas[0]["criteria"][0]["components"]
    first.update(rule={"type": "manual", "step": "0.75"}, maximum="1.5")
    second.update(maximum="2.5")

    assert judged(REJECT, awarded, cycle=[amended(areas=areas)]) is kind


@pytest.mark.parametrize(
    ("share", "awarded", "kind"),
    [
        ("25", "1.499999", events.ActionProposed),
        ("25", "1.5", events.ScoreRejected),
        ("0", "1.999999", events.ActionProposed),
        ("50", "1", events.ScoreRejected),
    ],
)
def test_a_scheme_may_be_stricter(share: str, awarded: str, kind: type) -> None:
    assert judged(REJECT, awarded, cycle=[amended(loss_alone_max=share)]) is kind


def test_nobody_loses_by_points_above_the_claim() -> None:
    strict = [amended(loss_alone_max="0")]
    verdict = replace(REJECT, item="1.3", declaration=submitted(4), evidence=(), awarded="2")

    [fact] = when(Decide(sitting(M2, cycle=strict), verdict))

    assert isinstance(fact, events.ScoreRejected)


def test_a_rejection_of_before_stands_as_it_was_decided() -> None:
    alone = msgspec.structs.replace(REJECTED, awarded="0.000001")

    state = given(alone)

    assert state.items["1.1.1"].decision == alone
    same = replace(REJECT, awarded="0.000001", based_on=2)
    assert when(Decide(sitting(), same), alone) == ()
    assert judged(replace(REJECT, based_on=2), "0.0001", alone) is events.ActionProposed
    assert when(Decide(sitting(when=ROUND_2), same), alone) != ()
