"""Facts of who is asked what: questionnaires, samples, and rights to answer."""

from datetime import datetime
from typing import Literal

import msgspec

from shared.events.envelope import Sealed

QuestionKind = Literal["single-choice", "scale", "multiple-choice", "free-text"]


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
