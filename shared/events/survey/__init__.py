"""Facts of the survey service: what was asked, what was answered, and by nobody in particular."""

from shared.events.survey.answers import (
    AnswersExcluded,
    Channel,
    ClosedBy,
    CommentReleased,
    ExclusionDropped,
    ExclusionProposed,
    PaperEntered,
    PaperGivenUp,
    Response,
    ResponsesCounted,
    SurveyClosed,
    SurveyOpened,
)
from shared.events.survey.asking import (
    AnswerOption,
    BallotKeysAdopted,
    Condition,
    InvitationsIssued,
    LinkClosed,
    LinkOpened,
    Question,
    QuestionKind,
    QuestionnaireAdopted,
    SamplePlanned,
    Stratum,
    Wording,
)
from shared.events.survey.certified import (
    DocumentCleared,
    DocumentCondemned,
    DocumentQuarantined,
    ResultImported,
    ResultTyped,
)

__all__ = [
    "AnswerOption",
    "AnswersExcluded",
    "BallotKeysAdopted",
    "Channel",
    "ClosedBy",
    "CommentReleased",
    "Condition",
    "DocumentCleared",
    "DocumentCondemned",
    "DocumentQuarantined",
    "ExclusionDropped",
    "ExclusionProposed",
    "Fact",
    "InvitationsIssued",
    "LinkClosed",
    "LinkOpened",
    "PaperEntered",
    "PaperGivenUp",
    "Question",
    "QuestionKind",
    "QuestionnaireAdopted",
    "Response",
    "ResponsesCounted",
    "ResultImported",
    "ResultTyped",
    "SamplePlanned",
    "Stratum",
    "SurveyClosed",
    "SurveyOpened",
    "Wording",
]

Fact = (
    QuestionnaireAdopted
    | SamplePlanned
    | InvitationsIssued
    | LinkOpened
    | LinkClosed
    | BallotKeysAdopted
    | SurveyOpened
    | ResponsesCounted
    | PaperEntered
    | PaperGivenUp
    | ExclusionProposed
    | ExclusionDropped
    | AnswersExcluded
    | DocumentQuarantined
    | DocumentCleared
    | DocumentCondemned
    | ResultTyped
    | ResultImported
    | CommentReleased
    | SurveyClosed
)
