"""Facts of the survey service: what was asked, what was answered, and by nobody in particular."""

from datetime import datetime
from typing import Literal

import msgspec

from shared.events.envelope import Sealed

ClosedBy = Literal["survey-officer", "calendar", "withdrawal"]
QuestionKind = Literal["single-choice", "scale", "multiple-choice", "free-text"]
Channel = Literal["invitation", "link", "paper", "mixed"]


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """A text in Vietnamese, and in the second language of its questionnaire where it has one."""

    vi: str
    second: str


class AnswerOption(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that may be chosen; with `no_opinion` it says that the person has none."""

    code: str
    title: Wording
    no_opinion: bool


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """Asked only of whoever chose one of these options of an earlier question."""

    question: str
    options: tuple[str, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question; with an `item` it gives that scored item its points, by the scheme's scale.

    The options of a scale stand in its order. Free text has none, and never gives points.
    """

    code: str
    text: Wording
    kind: QuestionKind
    required: bool
    item: str | None
    options: tuple[AnswerOption, ...]
    asked_if: Condition | None


class QuestionnaireAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """A set of questions (bộ câu hỏi) that a respondent group answers about agencies of a tier.

    Adopted again before it opens, it replaces the earlier edition. Without `agencies` it asks about
    all of the tier. The options of `service_question` are the services that results are told by.
    `copied_from` names another one, `cycle/questionnaire`.
    """

    cycle: str
    questionnaire: str
    edition: int
    tier: str
    group: str
    agencies: tuple[str, ...]
    title: Wording
    introduction: Wording
    second_language: str | None
    questions: tuple[Question, ...]
    service_question: str | None
    copied_from: str | None
    opens: datetime
    closes: datetime


class Stratum(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the people about an agency, or about a service of it, are to be asked.

    `service` is an option of the service question, or empty for all of them.
    """

    agency: str
    service: str
    population: int
    sample: int


class SamplePlanned(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the survey is to reach; planned again, it replaces the earlier plan.

    `margin` is the sampling error e of n = N / (1 + N e²), as a decimal.
    """

    cycle: str
    questionnaire: str
    margin: str
    strata: tuple[Stratum, ...]


class InvitationsIssued(msgspec.Struct, frozen=True, kw_only=True):
    """So many more people may answer about an agency, once each."""

    cycle: str
    questionnaire: str
    agency: str
    count: int


class LinkOpened(msgspec.Struct, frozen=True, kw_only=True):
    """Anybody may answer about an agency by an open link, up to its limits."""

    cycle: str
    questionnaire: str
    agency: str
    link: str
    answers_max: int
    answers_per_day_max: int


class LinkClosed(msgspec.Struct, frozen=True, kw_only=True):
    """An open link takes no more answers, for a reason; what it took stays."""

    cycle: str
    questionnaire: str
    link: str
    because: Sealed


class BallotKeysAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that sign ballots blindly, one for each agency (RFC 9474).

    Each is a SubjectPublicKeyInfo in DER and Base64. They stand in the log so that everybody sees
    the same: a key of one's own would mark one's ballot.
    """

    cycle: str
    questionnaire: str
    keys: dict[str, str]


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


class ResultTyped(msgspec.Struct, frozen=True, kw_only=True):
    """A certified result as one person typed it in; it counts once another types the same."""

    cycle: str
    questionnaire: str
    agency: str
    counts: dict[str, dict[str, int]]
    source: str
    document: str
    sha256: str | None


class ResultImported(msgspec.Struct, frozen=True, kw_only=True):
    """The certified result of a survey run elsewhere: how often each option was chosen.

    The same source again replaces what it said of the agency. `sha256` is that of the certified
    document, where it was handed in.
    """

    cycle: str
    questionnaire: str
    agency: str
    counts: dict[str, dict[str, int]]
    source: str
    document: str
    sha256: str | None


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
    | ResultTyped
    | ResultImported
    | CommentReleased
    | SurveyClosed
)
