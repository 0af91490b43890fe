"""What submission keeps of the council's word on one agency: what it asked, and rejected at first.

A copy, folded from the stream `appraisal/{cycle}/{agency}` in the inbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.events import appraisal as events
from shared.events.envelope import Recorded
from shared.kernel.decider import Fold

FIRST_ROUND = 1


@dataclass(frozen=True, slots=True)
class Council:
    """The items on which the agency may still speak after the lock, and whether all is approved.

    `questions` are the open requests for an explanation (giải trình), each with its end;
    `rejected` the items rejected in round 1 that were not decided again.
    """

    questions: Mapping[str, datetime] = field(default_factory=dict)
    rejected: frozenset[str] = frozenset()
    approved: bool = False


def stream(cycle: str, agency: str) -> str:
    """The appraisal's stream about an agency."""
    return f"appraisal/{cycle}/{agency}"


def _evolve(council: Council, recorded: Recorded) -> Council:
    match recorded.data:
        case events.ExplanationRequested() as fact:
            return replace(council, questions={**council.questions, fact.item: fact.until})
        case events.ScoreRejected(round=number) as fact if number == FIRST_ROUND:
            settled = _without(council, fact.item)
            return replace(settled, rejected=settled.rejected | {fact.item})
        case events.ScoreRejected() | events.ScoreRecognised() as fact:
            return _without(council, fact.item)
        case events.ReappraisalDue() as fact:
            rejected = council.rejected - {fact.item.item}
            return replace(council, rejected=rejected, approved=False)
        case events.AppraisalApproved():
            return Council(approved=True)
        case _:
            return council


def _without(council: Council, item: str) -> Council:
    questions = {code: until for code, until in council.questions.items() if code != item}
    return replace(council, questions=questions, rejected=council.rejected - {item})


fold = Fold(Council(), _evolve)
