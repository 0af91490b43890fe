"""Bonus and penalty items, outside the tree: given whether or not the agency declared them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import msgspec
import pytest

from services.appraisal.domain import appraisal
from services.appraisal.domain.action import SecondAction
from services.appraisal.domain.verdict import Decide, Verdict
from shared.events import appraisal as events
from shared.events import submission
from shared.kernel.actor import Actor
from shared.kernel.errors import Problem
from tests.support.small_appraisal import (
    AGENCY,
    CYCLE_FACTS,
    LOCKED,
    M1,
    M2,
    OPENED_FACT,
    REASON,
    REJECTED,
    REOPENED,
    STREAM,
    assigned,
    declared,
    locked_item,
    numbered,
    sitting,
    submitted,
)

MEMBERS = [assigned("1.3", M1), assigned("B1", M1), assigned("P1", M1)]
IMPOSE = Verdict(
    item="P1",
    decision="reject",
    declaration="",
    awarded="2",
    because=REASON,
    legal_basis="Quyết định 2366",
)
PROPOSED = events.ActionProposed(
    cycle="2021",
    agency=AGENCY,
    action="action-2",
    kind="reject-score",
    because=REASON,
    item="P1",
    awarded="2",
    legal_basis="Quyết định 2366",
)
IMPOSED = msgspec.structs.replace(
    REJECTED, item="P1", declaration="", evidence=(), awarded="2", because=REASON
)
OWNED_UP = (REOPENED, declared("P1", "1"), LOCKED)
DECLARED = submitted(7)
"""The agency declared a penalty of 1 point itself."""


def when(
    verdict: Verdict, *facts: object, sheet: Sequence[object] = (), claimed: str = ""
) -> Sequence[object]:
    """What follows from a verdict once the penalty is on the sheet too, perhaps with a claim."""
    penalty = msgspec.structs.replace(
        locked_item("P1", claimed or "0"), declaration=DECLARED if claimed else ""
    )
    command = Decide(sitting(M1, sheet=sheet, members=MEMBERS), verdict)
    return _when(command, (*LOCKED.items, penalty), facts)


def refusal(verdict: Verdict, *facts: object, sheet: Sequence[object] = ()) -> str:
    with pytest.raises(Problem) as caught:
        when(verdict, *facts, sheet=sheet)
    return caught.value.code


def _when(
    command: appraisal.Command, items: tuple[submission.LockedItem, ...], facts: Sequence[object]
) -> Sequence[object]:
    opened = msgspec.structs.replace(OPENED_FACT, items=items)
    known = numbered(STREAM, (opened, *facts))
    state = reduce(appraisal.decider.evolve, known, appraisal.decider.initial)
    return appraisal.decide(command, state)


# --- What nobody declared


def test_a_penalty_that_nobody_declared_is_imposed() -> None:
    facts = when(replace(IMPOSE, awarded="1"))

    assert facts == (msgspec.structs.replace(IMPOSED, awarded="1"),)


def test_a_bonus_that_nobody_declared_is_given_whole_by_one_member() -> None:
    facts = when(replace(IMPOSE, item="B1", awarded="1"))

    assert facts == (msgspec.structs.replace(IMPOSED, item="B1", awarded="1"),)


def test_a_penalty_that_nobody_declared_is_recognised_as_none() -> None:
    [fact] = when(Verdict("P1", "recognise", ""))

    assert isinstance(fact, events.ScoreRecognised)
    assert (fact.declaration, fact.awarded) == ("", "0")


@pytest.mark.parametrize("item", ["B1", "P1"])
def test_to_give_nothing_for_what_nobody_declared_is_to_recognise_it(item: str) -> None:
    assert refusal(replace(IMPOSE, item=item, awarded="0")) == "reject-needs-other-points"


@pytest.mark.parametrize("awarded", ["-1", "2.25"])
def test_a_penalty_lies_between_nothing_and_its_maximum(awarded: str) -> None:
    assert refusal(replace(IMPOSE, awarded=awarded)) == "awarded-out-of-range"


def test_what_was_not_declared_in_the_tree_cannot_be_rejected() -> None:
    withdrawn = submission.ScoreWithdrawn(cycle="2021", agency=AGENCY, item="1.3")
    due = events.ReappraisalDue(
        cycle="2021", agency=AGENCY, item=locked_item("1.3", "0"), cause="declaration-changed"
    )

    code = refusal(
        replace(IMPOSE, item="1.3", awarded="1"), due, sheet=(REOPENED, withdrawn, LOCKED)
    )

    assert code == "nothing-to-reject"


# --- What takes two people


def test_to_impose_a_whole_penalty_is_a_proposal() -> None:
    assert when(IMPOSE) == (PROPOSED,)
    assert when(IMPOSE, PROPOSED) == ()


def test_a_whole_penalty_that_was_declared_in_part_is_a_proposal_too() -> None:
    facts = when(replace(IMPOSE, declaration=DECLARED), sheet=OWNED_UP, claimed="1")

    assert facts == (msgspec.structs.replace(PROPOSED, declaration=DECLARED),)


@pytest.mark.parametrize(
    ("claimed", "awarded"), [("", "1.000001"), ("", "1.999999"), ("1", "1.500001")]
)
def test_to_impose_more_than_half_of_what_is_at_stake_is_a_proposal(
    claimed: str, awarded: str
) -> None:
    declaration = DECLARED if claimed else ""
    verdict = replace(IMPOSE, declaration=declaration, awarded=awarded)

    [fact] = when(verdict, sheet=OWNED_UP if claimed else (), claimed=claimed)

    assert isinstance(fact, events.ActionProposed)
    assert fact.awarded == awarded


def test_one_member_imposes_half_of_what_an_agency_does_not_own_up_to() -> None:
    verdict = replace(IMPOSE, declaration=DECLARED, awarded="1.5")

    facts = when(verdict, sheet=OWNED_UP, claimed="1")

    assert facts == (msgspec.structs.replace(IMPOSED, declaration=DECLARED, awarded="1.5"),)


def test_one_member_lets_an_agency_off_a_penalty_that_it_declared() -> None:
    verdict = replace(IMPOSE, declaration=DECLARED, awarded="0")

    facts = when(verdict, sheet=OWNED_UP, claimed="1")

    assert facts == (msgspec.structs.replace(IMPOSED, declaration=DECLARED, awarded="0"),)


def test_to_reject_a_declared_bonus_with_nothing_is_a_proposal() -> None:
    bonus = msgspec.structs.replace(locked_item("B1", "1"), declaration=DECLARED)
    verdict = replace(IMPOSE, item="B1", declaration=DECLARED, awarded="0")
    sheet = (REOPENED, declared("B1", "1"), LOCKED)

    [fact] = _when(Decide(sitting(M1, sheet=sheet, members=MEMBERS), verdict), (bonus,), ())

    assert isinstance(fact, events.ActionProposed)
    assert (fact.item, fact.awarded) == ("B1", "0")


def test_a_second_member_imposes_the_whole_penalty() -> None:
    penalty = locked_item("P1", "0")
    seconding = SecondAction(sitting(M2, members=MEMBERS), "action-2")

    facts = _when(seconding, (penalty,), (PROPOSED,))

    assert facts == (
        events.ActionSeconded(
            cycle="2021", agency=AGENCY, action="action-2", kind="reject-score", because=REASON
        ),
        IMPOSED,
    )


def test_a_penalty_of_which_the_maximum_was_lowered_is_proposed_again() -> None:
    adopted = CYCLE_FACTS[0]
    assert isinstance(adopted, submission.SchemeAdopted)
    [penalty] = adopted.scheme["penalty"]
    lowered = {**adopted.scheme, "penalty": [{**penalty, "maximum": "1"}]}
    amended = submission.SchemeAdopted(cycle="2021", tier="department", scheme=lowered)
    seconding = SecondAction(sitting(M2, cycle=[amended], members=MEMBERS), "action-2")

    with pytest.raises(Problem, match="action-void"):
        _when(seconding, (locked_item("P1", "0"),), (PROPOSED,))


@pytest.mark.parametrize("by", [M1, replace(M2, agency=AGENCY)])
def test_nobody_imposes_a_whole_penalty_alone_or_on_their_own_agency(by: Actor) -> None:
    seconding = SecondAction(sitting(by, members=MEMBERS), "action-2")

    with pytest.raises(Problem) as caught:
        _when(seconding, (locked_item("P1", "0"),), (PROPOSED,))

    assert caught.value.code in {"second-person-required", "agency-is-your-own"}
