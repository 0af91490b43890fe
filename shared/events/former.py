"""Facts in shapes that nobody writes any more. A log holds them for ever, so that they are read."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec

from shared.events.envelope import Sealed


class AnswerOptionV1(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that may be chosen."""

    code: str
    title: str


class QuestionV1(msgspec.Struct, frozen=True, kw_only=True):
    """A single-choice question, bound to the scored item whose points it gives."""

    code: str
    text: str
    item: str
    options: tuple[AnswerOptionV1, ...]


class QuestionnaireAdoptedV1(msgspec.Struct, frozen=True, kw_only=True):
    """A set of questions (bộ câu hỏi), all of one choice, about all agencies of a tier."""

    cycle: str
    questionnaire: str
    tier: str
    group: str
    title: str
    questions: tuple[QuestionV1, ...]
    opens: datetime
    closes: datetime


class ResponseV1(msgspec.Struct, frozen=True, kw_only=True):
    """One person's answers about one agency: the option chosen for each question answered."""

    agency: str
    answers: dict[str, str]


class ResponsesCountedV1(msgspec.Struct, frozen=True, kw_only=True):
    """A batch that left the urn, shuffled, in which nobody had a receipt."""

    cycle: str
    questionnaire: str
    batch: int
    responses: tuple[ResponseV1, ...]


class AnswersExcludedV1(msgspec.Struct, frozen=True, kw_only=True):
    """Responses of a batch that do not count, for a reason, by the word of one person."""

    cycle: str
    questionnaire: str
    batch: int
    positions: tuple[int, ...]
    because: Sealed


class ResultImportedV1(msgspec.Struct, frozen=True, kw_only=True):
    """The certified result of a survey run elsewhere, without its document."""

    cycle: str
    questionnaire: str
    agency: str
    counts: dict[str, dict[str, int]]
    source: str
    document: str


FORMER: Mapping[str, type] = MappingProxyType(
    {
        "survey.QuestionnaireAdopted.v1": QuestionnaireAdoptedV1,
        "survey.ResponsesCounted.v1": ResponsesCountedV1,
        "survey.AnswersExcluded.v1": AnswersExcludedV1,
        "survey.ResultImported.v1": ResultImportedV1,
    }
)
"""The wire names that are read and not written, with the shape of each."""
