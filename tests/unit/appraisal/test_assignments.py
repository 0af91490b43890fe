"""Who may be given which criterion to appraise."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pytest

from services.appraisal.domain.assignments import AssignCriterion, decide, decider
from shared.events import appraisal as events
from shared.events import submission
from shared.kernel.actor import Actor
from shared.kernel.errors import Problem
from tests.support.small_appraisal import M1, M2, REASON, UNREADABLE, assigned, cycle_copy, numbered
from tests.support.small_cycle import OPENED

WITHDRAWN = submission.CycleWithdrawn(cycle="2021", decision=OPENED.decision, because=REASON)


def assign(
    criterion: str,
    *members: Actor,
    tier: str = "department",
    cycle: Sequence[object] = (),
    by: str = "a1",
) -> AssignCriterion:
    named = tuple(events.Member(id=member.id, agency=member.agency) for member in members)
    administrator = Actor(id=by, role="administrator")
    return AssignCriterion(cycle_copy(*cycle), tier, criterion, named, administrator)


def when(command: AssignCriterion, *facts: object) -> Sequence[object]:
    given = reduce(decider.evolve, numbered("assignment/2021", facts), decider.initial)
    return decide(command, given)


def refusal(command: AssignCriterion, *facts: object) -> str:
    with pytest.raises(Problem) as caught:
        when(command, *facts)
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


def test_nobody_gives_themselves_a_criterion() -> None:
    code = refusal(assign("1.1", M1, M2, by=M1.id), assigned("1.1", M2))

    assert code == "person-is-yourself"


def test_what_somebody_else_gave_them_they_may_leave_so_and_add_others() -> None:
    facts = when(assign("1.1", M1, M2, by=M1.id), assigned("1.1", M1))

    assert facts == (assigned("1.1", M1, M2),)


def test_nobody_names_another_agency_as_their_own() -> None:
    elsewhere = replace(M1, agency="thanh-tra")

    code = refusal(assign("1.1", elsewhere, by=M1.id), assigned("1.1", M1))

    assert code == "person-is-yourself"


def test_every_agency_that_a_member_was_ever_registered_with_is_known() -> None:
    elsewhere = assigned("1.3", replace(M1, agency="so-y-te"))
    facts = numbered("assignment/2021", (assigned("1.1", M1), elsewhere, assigned("1.1", M2)))

    known = reduce(decider.evolve, facts, decider.initial)

    assert known.agencies_of("m1") == {"so-noi-vu", "so-y-te"}
    assert not known.is_assigned("m1", "department", "1.1")
    assert known.agencies_of("m3") == frozenset()


def test_a_scheme_that_cannot_be_read_leaves_the_last_one_in_place() -> None:
    before, after = cycle_copy(), cycle_copy(UNREADABLE)

    assert after.schemes == before.schemes
    assert before.unreadable == frozenset()
    assert after.unreadable == {"department"}


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
        (assign("1.1", M1, cycle=[UNREADABLE]), "scheme-unreadable"),
    ],
)
def test_what_the_cycle_does_not_have_is_refused(command: AssignCriterion, code: str) -> None:
    assert refusal(command) == code


def test_a_member_named_twice_is_pointed_at() -> None:
    with pytest.raises(Problem) as caught:
        when(assign("1.1", M1, M2, M1))

    assert [flaw.pointer for flaw in caught.value.flaws] == ["/members/2/id"]
