"""From the fields of a form to what one person filled in, and back."""

from collections.abc import Iterator

from services.survey.domain.filled import Filled, asked
from shared.adapters import web
from shared.events import survey as events

PREFIX = "q."


def filled_of(adopted: events.QuestionnaireAdopted, fields: web.Fields) -> Filled:
    """What was filled in; a field of no question is not looked at, and an empty one is no answer.

    An option that does not exist stays in it, to be refused with every other flaw.
    """
    answers: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    comments: dict[str, str] = {}
    for question in adopted.questions:
        chosen = tuple(value for value in fields.all(f"{PREFIX}{question.code}") if value.strip())
        if not chosen:
            continue
        match question.kind:
            case "free-text":
                comments[question.code] = chosen[-1].strip()
            case "multiple-choice":
                choices[question.code] = chosen
            case _:
                answers[question.code] = chosen[-1]
    return Filled(answers, choices, comments)


def fields_of(filled: Filled) -> Iterator[tuple[str, str]]:
    """The fields that say the same."""
    for single in (filled.answers, filled.comments):
        for code, value in single.items():
            yield f"{PREFIX}{code}", value
    for code, options in filled.choices.items():
        for option in options:
            yield f"{PREFIX}{code}", option


def parted(adopted: events.QuestionnaireAdopted, filled: Filled) -> tuple[Filled, frozenset[str]]:
    """What is asked of somebody who answers like this, and the codes of what is left out."""
    kept = {question.code for question in asked(adopted, filled)}
    dropped = frozenset(
        question.code
        for question in adopted.questions
        if question.code in filled and question.code not in kept
    )
    return (
        Filled(
            {code: option for code, option in filled.answers.items() if code in kept},
            {code: options for code, options in filled.choices.items() if code in kept},
            {code: text for code, text in filled.comments.items() if code in kept},
        ),
        dropped,
    )
