"""Who may be given which criterion to appraise."""

from collections.abc import Sequence
from functools import reduce

import pytest

from services.appraisal.domain.assignments import AssignCriterion, decide, decider
from shared.events import appraisal as events
from shared.events import submission
from shared.kernel.actor import Actor
from shared.kernel.errors import Problem
from tests.support.small_appraisal import M1, M2, REASON, assigned, cycle_copy, numbered
from tests.support.small_cycle import OPENED

WITHDRAWN = submission.CycleWithdrawn(cycle="2021", decision=OPENED.decision, because=REASON)


def assign(
    criterion: str, *members: Actor, tier: str = "department", cycle: Sequence[object] = ()
) -> AssignCriterion:
    named = tuple(events.Member(id=member.id, agency=member.agency) for member in members)
    return AssignCriterion(cycle_copy(*cycle), tier, criterion, named)


def when(command: AssignCriterion, *facts: object) -> Sequence[object]:
    given = reduce(decider.evolve, numbered("assignment/2021", facts), decider.initial)
    return decide(command, given)


def refusal(command: AssignCriterion) -> str:
    with pytest.raises(Problem) as caught:
        when(command)
    return caught.value.code


def test_a_criterion_is_given_to_members() -> None:
    facts = when(assign("1.1", M1, M2))

    assert facts == (assigned("1.1", M1, M2),)


def test_other_members_take_their_place() -> None:
    facts = when(assign("1.1", M2), assigned("1.1", M1))

    assert facts == (assigned("1.1", M2),)


@pytest.mark.parametrize("members", [(M1, M2), (M2, M1)])
def test_the_same_members_in_any_order_are_no_news(members: tuple[Actor, ...]) -> None:
    facts = when(assign("1.1", *members), assigned("1.1", M1, M2))

    assert facts == ()


def test_an_item_outside_the_tree_is_a_criterion_of_its_own() -> None:
    facts = when(assign("B1", M1))

    assert facts == (assigned("B1", M1),)


def test_a_criterion_that_is_surveyed_needs_nobody() -> None:
    assert refusal(assign("1.2", M1)) == "criterion-is-surveyed"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (assign("7.7", M1), "criterion-unknown"),
        (assign("1.1.1", M1), "criterion-unknown"),
        (assign("1.1", M1, tier="district"), "tier-unknown"),
        (assign("1.1"), "members-out-of-range"),
        (assign("1.1", M1, M1), "member-twice"),
        (assign("1.1", M1, cycle=[WITHDRAWN]), "cycle-withdrawn"),
    ],
)
def test_what_the_cycle_does_not_have_is_refused(command: AssignCriterion, code: str) -> None:
    assert refusal(command) == code


def test_a_member_named_twice_is_pointed_at() -> None:
    with pytest.raises(Problem) as caught:
        when(assign("1.1", M1, M2, M1))

    assert [flaw.pointer for flaw in caught.value.flaws] == ["/members/2/id"]
