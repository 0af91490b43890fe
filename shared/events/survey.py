"""Facts of the survey service: what was asked, what was answered, and by nobody in particular."""

from datetime import datetime
from typing import Literal

import msgspec

from shared.events.envelope import Sealed

ClosedBy = Literal["survey-officer", "calendar", "withdrawal"]


class AnswerOption(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that may be chosen."""

    code: str
    title: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A single-choice question, bound to the scored item whose points it gives."""

    code: str
    text: str
    item: str
    options: tuple[AnswerOption, ...]


class QuestionnaireAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """A set of questions (bộ câu hỏi) that a respondent group answers about agencies of a tier.

    Adopted again before it opens, it replaces the earlier one.
    """

    cycle: str
    questionnaire: str
    tier: str
    group: str
    title: str
    questions: tuple[Question, ...]
    opens: datetime
    closes: datetime


class SurveyOpened(msgspec.Struct, frozen=True, kw_only=True):
    """Answers are taken from now on."""

    cycle: str
    questionnaire: str


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One person's answers about one agency: the option chosen for each question answered."""

    agency: str
    answers: dict[str, str]


class ResponsesCounted(msgspec.Struct, frozen=True, kw_only=True):
    """A batch that left the urn, shuffled. Batches count 1, 2, 3, ... in a questionnaire."""

    cycle: str
    questionnaire: str
    batch: int
    responses: tuple[Response, ...]


class AnswersExcluded(msgspec.Struct, frozen=True, kw_only=True):
    """Responses of a batch, by their positions in it from 0, that do not count, for a reason."""

    cycle: str
    questionnaire: str
    batch: int
    positions: tuple[int, ...]
    because: Sealed


class ResultImported(msgspec.Struct, frozen=True, kw_only=True):
    """The certified result of a survey run elsewhere: how often each option was chosen.

    The same source again replaces what it said of the agency.
    """

    cycle: str
    questionnaire: str
    agency: str
    counts: dict[str, dict[str, int]]
    source: str
    document: str


class SurveyClosed(msgspec.Struct, frozen=True, kw_only=True):
    """No more answers; every answer given is in the batches before this fact."""

    cycle: str
    questionnaire: str
    closed_by: ClosedBy
    responses: int


Fact = (
    QuestionnaireAdopted
    | SurveyOpened
    | ResponsesCounted
    | AnswersExcluded
    | ResultImported
    | SurveyClosed
)
