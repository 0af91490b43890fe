"""Facts of answers: counted, put in on paper, taken out again, by nobody in particular."""

from typing import Literal

import msgspec

from shared.events.envelope import Sealed

ClosedBy = Literal["survey-officer", "calendar", "withdrawal"]
Channel = Literal["invitation", "link", "paper", "mixed"]


class SurveyOpened(msgspec.Struct, frozen=True, kw_only=True):
    """Answers are taken from now on."""

    cycle: str
    questionnaire: str


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One person's answers about one agency, to the questions that were answered.

    `answers` holds the option chosen; `choices` those of questions that take several, in the
    order in which they are asked.
    """

    agency: str
    answers: dict[str, str]
    choices: dict[str, tuple[str, ...]]


class ResponsesCounted(msgspec.Struct, frozen=True, kw_only=True):
    """A batch that left the urn, shuffled. Batches count 1, 2, 3, ... in a questionnaire.

    There are as many receipts as responses, drawn and shuffled apart from them, so that none
    belongs to any; the log gives them sorted. `hasty` of the responses were sent sooner than
    anybody reads the questions.
    """

    cycle: str
    questionnaire: str
    batch: int
    channel: Channel
    responses: tuple[Response, ...]
    receipts: tuple[str, ...]
    hasty: int


class PaperEntered(msgspec.Struct, frozen=True, kw_only=True):
    """A pile of paper forms lies in the urn: how many by agency, typed in alike by two people.

    What was typed stands nowhere but in the batches, where the answers on paper are counted.
    """

    cycle: str
    questionnaire: str
    pile: str
    forms: dict[str, int]
    by: tuple[str, ...]


class PaperGivenUp(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed in of a pile of paper forms was forgotten, for a reason; none of it counts."""

    cycle: str
    questionnaire: str
    pile: str
    because: Sealed


class ExclusionProposed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody proposes to take responses out, by their positions in a batch, from 0."""

    cycle: str
    questionnaire: str
    exclusion: str
    batch: int
    positions: tuple[int, ...]
    because: Sealed


class ExclusionDropped(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed exclusion comes to nothing, for a reason."""

    cycle: str
    questionnaire: str
    exclusion: str
    because: Sealed


class AnswersExcluded(msgspec.Struct, frozen=True, kw_only=True):
    """Responses of a batch, by their positions in it from 0, that do not count, for a reason.

    A second person has agreed to the proposal `exclusion`.
    """

    cycle: str
    questionnaire: str
    exclusion: str
    batch: int
    positions: tuple[int, ...]
    because: Sealed


class CommentReleased(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote about an agency, as a moderator released it; it counts for nothing."""

    cycle: str
    questionnaire: str
    agency: str
    question: str
    text: Sealed


class SurveyClosed(msgspec.Struct, frozen=True, kw_only=True):
    """No more answers; every answer given is in the batches before this fact."""

    cycle: str
    questionnaire: str
    closed_by: ClosedBy
    responses: int
