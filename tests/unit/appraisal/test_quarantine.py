"""Nobody decides on evidence of which no scanner has said that it is clean."""

from dataclasses import replace

import pytest

from services.appraisal.application import actions
from services.appraisal.domain.action import SecondAction
from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.verdict import Decide, DecideTogether
from shared.events import submission
from shared.kernel.errors import Problem
from tests.support.small_appraisal import (
    AGENCY,
    M2,
    RECOGNISE,
    RECOGNISED,
    REJECT,
    REJECTED,
    given,
    refusal,
    sitting,
    when,
)

FILE = {"cycle": "2021", "agency": AGENCY, "sha256": "0" * 64}
WAITING = submission.EvidenceQuarantined(**FILE)
CLEARED = submission.EvidenceCleared(**FILE, scanner="ClamAV 1.4.6")
CONDEMNED = submission.EvidenceCondemned(**FILE, scanner="ClamAV 1.4.6", finding="Eicar")
WITHDRAWN = submission.EvidenceWithdrawn(cycle="2021", agency=AGENCY, item="1.1.1", evidence="plan")
WORST = replace(REJECT, awarded="0")


def before(*facts: object) -> Sitting:
    return sitting(sheet=facts)


@pytest.mark.parametrize("verdict", [RECOGNISE, REJECT, WORST])
def test_nobody_decides_while_a_file_waits(verdict: object) -> None:
    assert isinstance(verdict, type(RECOGNISE))
    waiting = before(WAITING)

    problem = refusal(Decide(waiting, verdict))

    assert (problem.code, problem.details) == ("evidence-quarantined", {"item": "1.1.1"})


def test_of_several_verdicts_the_one_that_waits_is_named() -> None:
    problem = refusal(DecideTogether(before(WAITING), (RECOGNISE,)))

    assert [flaw.code for flaw in problem.flaws] == ["evidence-quarantined"]


def test_the_council_decides_once_the_file_is_cleared() -> None:
    assert when(Decide(before(WAITING, CLEARED), RECOGNISE)) == (RECOGNISED,)


def test_what_was_condemned_is_no_evidence_any_more() -> None:
    after = before(WAITING, CONDEMNED, WITHDRAWN)

    problem = refusal(Decide(after, REJECT))
    facts = when(Decide(after, replace(REJECT, evidence=())))

    assert problem.code == "evidence-changed"
    assert len(facts) == 1


def test_nobody_decides_on_what_was_condemned_and_not_withdrawn_until_it_is_cleared() -> None:
    problem = refusal(Decide(before(CONDEMNED), RECOGNISE))

    assert (problem.code, problem.details) == ("evidence-condemned", {"item": "1.1.1"})
    assert when(Decide(before(CONDEMNED, CLEARED), RECOGNISE)) == (RECOGNISED,)


def test_what_was_decided_stays_no_news_while_a_file_waits_again() -> None:
    assert when(Decide(before(WAITING), RECOGNISE), RECOGNISED) == ()
    assert when(Decide(before(WAITING), REJECT), REJECTED) == ()


def test_nobody_seconds_what_rests_on_a_file_that_waits() -> None:
    [proposed] = when(Decide(before(), WORST))
    second = SecondAction(replace(before(WAITING), by=M2), "action-2")

    problem: Problem = refusal(second, proposed)

    assert problem.code == "evidence-quarantined"


@pytest.mark.parametrize(
    ("facts", "code"), [((WAITING,), "evidence-quarantined"), ((WAITING, CLEARED), None)]
)
def test_a_reader_is_told_why_nothing_can_be_decided_yet(
    facts: tuple[object, ...], code: str | None
) -> None:
    assert actions.on_item(before(*facts), given(), "1.1.1")["decide-score"] == code
