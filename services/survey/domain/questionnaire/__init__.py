"""A questionnaire (bộ câu hỏi): adopted, opened, answered, counted in batches, and closed.

Answers are judged before they go into the urn, by `check_answers`, and come back from it as
batches that nobody can tell apart. A batch has a number, so that it is counted once, whatever
crashes in between.
"""

from collections.abc import Sequence
from typing import assert_never

from services.survey.domain.questionnaire import (
    adopting,
    certified,
    counting,
    exclusion,
    paper,
    rights,
    scans,
)
from services.survey.domain.questionnaire.adopting import copied
from services.survey.domain.questionnaire.certified import (
    ResultStatus,
    Waiting,
    result_status,
    waiting,
)
from services.survey.domain.questionnaire.checks import (
    adopted_in,
    asked_about,
    check_answers,
    require_agency,
    require_not_closed,
    require_taking,
)
from services.survey.domain.questionnaire.commands import (
    AdoptBallotKeys,
    AdoptQuestionnaire,
    CloseLink,
    CloseSurvey,
    Command,
    CountBatch,
    DropExclusion,
    EnterPile,
    GiveUpPile,
    IssueInvitations,
    OpenLink,
    OpenSurvey,
    PlanSample,
    ProposeExclusion,
    ReleaseComment,
    SecondExclusion,
    TakeScan,
    TypeResult,
)
from services.survey.domain.questionnaire.counting import RECEIPT_COUNTED
from services.survey.domain.questionnaire.paper import (
    require_known,
    require_undecided,
)
from services.survey.domain.questionnaire.state import Exclusion, Issue, Questionnaire, evolve
from shared.events import survey as events
from shared.events.envelope import Recorded
from shared.kernel.decider import Decider

__all__ = [
    "RECEIPT_COUNTED",
    "AdoptBallotKeys",
    "AdoptQuestionnaire",
    "CloseLink",
    "CloseSurvey",
    "Command",
    "CountBatch",
    "DropExclusion",
    "EnterPile",
    "Exclusion",
    "GiveUpPile",
    "Issue",
    "IssueInvitations",
    "OpenLink",
    "OpenSurvey",
    "PlanSample",
    "ProposeExclusion",
    "Questionnaire",
    "ReleaseComment",
    "ResultStatus",
    "SecondExclusion",
    "TakeScan",
    "TypeResult",
    "Waiting",
    "adopted_in",
    "asked_about",
    "check_answers",
    "copied",
    "decide",
    "decider",
    "evolve",
    "require_agency",
    "require_known",
    "require_not_closed",
    "require_taking",
    "require_undecided",
    "result_status",
    "waiting",
]


def decide(  # noqa: C901, PLR0911, PLR0912 - one case for each command, and nothing else
    command: Command, state: Questionnaire
) -> Sequence[events.Fact]:
    """The facts that follow from a command; raises `Refused`, `Missing` or `Forbidden`."""
    match command:
        case AdoptQuestionnaire():
            return adopting.adopt_questionnaire(command, state)
        case PlanSample():
            return rights.plan_sample(command, state)
        case IssueInvitations():
            return rights.issue_invitations(command, state)
        case OpenLink():
            return rights.open_link(command, state)
        case CloseLink():
            return rights.close_link(command, state)
        case AdoptBallotKeys():
            return rights.adopt_ballot_keys(command, state)
        case OpenSurvey():
            return counting.open_survey(command, state)
        case CountBatch():
            return counting.count_batch(command, state)
        case EnterPile():
            return paper.enter_pile(command, state)
        case GiveUpPile():
            return paper.give_up_pile(command, state)
        case ProposeExclusion():
            return exclusion.propose_exclusion(command, state)
        case SecondExclusion():
            return exclusion.second_exclusion(command, state)
        case DropExclusion():
            return exclusion.drop_exclusion(command, state)
        case TypeResult():
            return certified.type_result(command, state)
        case TakeScan():
            return scans.take_scan(command, state)
        case ReleaseComment():
            return counting.release_comment(command, state)
        case CloseSurvey():
            return counting.close_survey(command, state)
        case _:
            assert_never(command)


decider: Decider[Command, Questionnaire, Recorded] = Decider(Questionnaire(), decide, evolve)
