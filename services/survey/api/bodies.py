"""What requests to the survey say, and how it becomes what the domain knows."""

from typing import Annotated

from pydantic import Field

from services.survey.domain.filled import Filled
from services.survey.domain.limits import (
    AGENCIES_MAX,
    COMMENT_CHARACTERS_MAX,
    COUNT_MAX,
    OPTIONS_MAX,
    QUESTIONS_MAX,
)
from shared.adapters import web
from shared.events import survey as events

OPTIONS_EXAMPLE = [
    {"code": "5", "title": "Rất hài lòng"},
    {"code": "1", "title": "Rất không hài lòng"},
]
QUESTION_CODE = r"^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"
TOKEN = r"^[A-Za-z0-9_-]{16,128}$"  # noqa: S105 - the form of a token, not a token
COMMENT = r"^[A-Za-z0-9_-]{16,64}$"
RECEIPT = r"^[A-Za-z0-9_-]{22,64}$"

QuestionCode = Annotated[str, Field(pattern=QUESTION_CODE, examples=["q1"])]
Token = Annotated[str, Field(pattern=TOKEN, examples=["7K2QX-0M4TN-9B1WE-RZ5HC"])]
CommentName = Annotated[
    str, Field(pattern=COMMENT, examples=["3kTMd3vXk0pAIqVnG1yPzQ5sB8wLrYcE2uHjN7fD4ao"])
]
Receipt = Annotated[
    str,
    Field(
        pattern=RECEIPT,
        examples=["3kTMd3vXk0pAIqVnG1yPzQ"],
        description="22 to 64 characters of Base64 for URLs, drawn by lot and kept by the sender, "
        'such as `python -c "import secrets; print(secrets.token_urlsafe(16))"` makes',
    ),
    web.SaidMissing("receipt-missing"),
]
"""Made by whoever answers, before anything is sent: a reply that is lost takes none with it."""

Count = Annotated[int, Field(ge=0, le=COUNT_MAX)]
ChosenOne = Annotated[QuestionCode, web.no_list("answers-take-one")]
Chosen = Annotated[web.Many[QuestionCode], Field(min_length=1, max_length=OPTIONS_MAX)]
CommentText = Annotated[web.Text, Field(max_length=COMMENT_CHARACTERS_MAX)]


class WordingBody(web.Body):
    """A text in Vietnamese and in the second language of the questionnaire."""

    vi: web.Line
    second: web.Line


Wording = Annotated[
    web.Line | WordingBody,
    Field(examples=["Ông/Bà có hài lòng với kết quả không?"]),
]
"""A text in Vietnamese, or in both languages."""


class OptionBody(web.Body):
    """An option of a question; of a scored one, the scheme says which is "no opinion"."""

    code: QuestionCode
    title: Wording
    no_opinion: bool = False


class ConditionBody(web.Body):
    """Asked only of whoever chose one of these options of an earlier question."""

    question: QuestionCode
    options: Annotated[web.Many[QuestionCode], Field(min_length=1, max_length=OPTIONS_MAX)]


class QuestionBody(web.Body):
    """A question; with an item, it gives that scored item its points."""

    code: QuestionCode
    text: Wording
    kind: events.QuestionKind = "single-choice"
    required: bool = True
    item: web.ItemCode | None = None
    options: Annotated[
        web.Many[OptionBody], Field(max_length=OPTIONS_MAX, examples=[OPTIONS_EXAMPLE])
    ] = ()
    asked_if: ConditionBody | None = None


class QuestionnaireBody(web.Body):
    """A questionnaire, whole."""

    tier: web.Code
    group: web.Code
    agencies: Annotated[web.Many[web.Code], Field(max_length=AGENCIES_MAX)] = ()
    title: Wording
    introduction: Wording | None = None
    second_language: Annotated[str | None, Field(pattern=LANGUAGE, examples=["en"])] = None
    questions: Annotated[web.Many[QuestionBody], Field(min_length=1, max_length=QUESTIONS_MAX)]
    service_question: QuestionCode | None = None
    opens: web.Instant
    closes: web.Instant


class FilledBody(web.Body):
    """One person's answers: what was chosen, and what was written."""

    answers: Annotated[
        dict[QuestionCode, ChosenOne],
        Field(default_factory=dict, max_length=QUESTIONS_MAX, examples=[{"q1": "5"}]),
    ]
    choices: Annotated[
        dict[QuestionCode, Chosen],
        Field(default_factory=dict, max_length=QUESTIONS_MAX),
    ]
    comments: Annotated[
        dict[QuestionCode, CommentText],
        Field(default_factory=dict, max_length=QUESTIONS_MAX),
    ]

    @property
    def filled(self) -> Filled:
        """The same, as the domain knows it."""
        return Filled(self.answers, self.choices, self.comments)


def adopted(cycle: str, name: str, body: QuestionnaireBody) -> events.QuestionnaireAdopted:
    """The questionnaire that a body says; its edition is given by the decision."""
    return events.QuestionnaireAdopted(
        cycle=cycle,
        questionnaire=name,
        edition=0,
        tier=body.tier,
        group=body.group,
        agencies=body.agencies,
        title=_wording(body.title),
        introduction=_wording(body.introduction or ""),
        second_language=body.second_language,
        questions=tuple(map(_question, body.questions)),
        service_question=body.service_question,
        copied_from=None,
        opens=body.opens,
        closes=body.closes,
    )


def _question(body: QuestionBody) -> events.Question:
    return events.Question(
        code=body.code,
        text=_wording(body.text),
        kind=body.kind,
        required=body.required,
        item=body.item,
        options=tuple(
            events.AnswerOption(
                code=option.code, title=_wording(option.title), no_opinion=option.no_opinion
            )
            for option in body.options
        ),
        asked_if=None if body.asked_if is None else _condition(body.asked_if),
    )


def _condition(body: ConditionBody) -> events.Condition:
    return events.Condition(question=body.question, options=body.options)


def _wording(text: str | WordingBody) -> events.Wording:
    if isinstance(text, WordingBody):
        return events.Wording(vi=text.vi, second=text.second)
    return events.Wording(vi=text, second="")
