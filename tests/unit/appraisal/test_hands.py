"""Who acted for an agency in the cycle has it as their own, in whichever role they come later."""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce

import pytest

from services.appraisal.domain.action import ProposeReopening, SecondAction
from services.appraisal.domain.appraisal import ApproveAppraisal, Command, RequestExplanation
from services.appraisal.domain.sheet import SHEET
from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.verdict import Decide, DecideTogether
from shared.events import appraisal as events
from shared.events import submission
from shared.kernel.errors import Forbidden
from tests.support.small_appraisal import (
    AGENCY,
    LOCKED,
    M1,
    M2,
    QUESTION,
    REASON,
    RECOGNISE,
    SUBMISSION,
    attached,
    declared,
    explained,
    refusal,
    sheet_copy,
    sitting,
    when,
)
from tests.support.small_cycle import OPENED, at, recorded

PROPOSED = events.ActionProposed(
    cycle="2021",
    agency=AGENCY,
    action="action-2",
    kind="reopen-submission",
    because=REASON,
    until=at(12, 20),
)
WITHDRAWN = submission.ScoreWithdrawn(cycle="2021", agency=AGENCY, item="1.3")


def seated(fact: object, reference: str) -> Sitting:
    """M1 in the council, after a fact of the agency's submission by somebody."""
    told = recorded(SUBMISSION, 6, fact, actor=reference)
    sheet = reduce(SHEET.evolve, [told], sheet_copy())
    return replace(sitting(M1), sheet=replace(sheet, locked=True))


@pytest.mark.parametrize(
    "fact", [declared("1.3", "1"), attached("1.3", "plan"), explained(), LOCKED, WITHDRAWN]
)
@pytest.mark.parametrize(
    "speak",
    [
        lambda it: Decide(it, RECOGNISE),
        lambda it: DecideTogether(it, (RECOGNISE,)),
        lambda it: RequestExplanation(it, "1.1.1", QUESTION, at(12, 30)),
        lambda it: ProposeReopening(it, REASON, at(12, 20)),
        lambda it: SecondAction(it, "action-2"),
        lambda it: ApproveAppraisal(it, OPENED.decision),
    ],
    ids=["decide", "decide together", "ask", "propose", "second", "approve"],
)
def test_who_acted_for_an_agency_says_nothing_on_it(
    speak: Callable[[Sitting], Command], fact: object
) -> None:
    problem = refusal(speak(seated(fact, f"agency:{M1.id}")), PROPOSED, by=M2)

    assert (type(problem), problem.code) == (Forbidden, "agency-is-your-own")


@pytest.mark.parametrize("reference", [f"agency:{M2.id}", f"administrator:{M1.id}", "system:m1"])
def test_others_and_other_roles_give_nobody_an_agency(reference: str) -> None:
    facts = when(Decide(seated(explained(), reference), RECOGNISE))

    assert [type(fact) for fact in facts] == [events.ScoreRecognised]
