"""A questionnaire with one question, about the agencies of the small cycle, and others like it."""

from typing import Any

import msgspec

from shared.events import survey as events
from tests.support.small_cycle import at


def wording(vi: str, second: str = "") -> events.Wording:
    """A text, in Vietnamese alone or in both languages."""
    return events.Wording(vi=vi, second=second)


def option(code: str, *, no_opinion: bool = False) -> events.AnswerOption:
    """An option that is called by its code."""
    return events.AnswerOption(code=code, title=wording(code), no_opinion=no_opinion)


def question(code: str, **changes: Any) -> events.Question:  # noqa: ANN401 - whatever a question has
    """A question that gives no points, of one choice between yes and no."""
    asked = events.Question(
        code=code,
        text=wording(f"Câu hỏi {code}?"),
        kind="single-choice",
        required=True,
        item=None,
        options=(option("yes"), option("no")),
        asked_if=None,
    )
    return msgspec.structs.replace(asked, **changes)


SCALE = tuple(map(option, "12345"))
QUESTION = question("q1", text=wording("Ông (bà) có hài lòng?"), item="9.1", options=SCALE)
ADOPTED = events.QuestionnaireAdopted(
    cycle="2021",
    questionnaire="citizens",
    edition=1,
    tier="department",
    group="citizens",
    agencies=(),
    title=wording("Phiếu hỏi người dân"),
    introduction=wording(""),
    second_language=None,
    questions=(QUESTION,),
    service_question=None,
    copied_from=None,
    opens=at(11, 22),
    closes=at(12, 20),
)
