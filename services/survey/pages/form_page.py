"""What a form shows, whoever holds it and wherever it lies; and the page that sends it again."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.survey.application import About
from services.survey.domain.filled import Filled
from services.survey.domain.validity import FIRST_LANGUAGE
from services.survey.pages.look import drawn
from services.survey.pages.sheet import (
    LANGUAGE_NAMES,
    Tongue,
    questions_of,
)
from shared.adapters import web
from shared.events import survey as events
from shared.kernel.errors import Flaw, Problem


def form_shown(
    about: About, tongue: Tongue, filled: Filled, flaws: Iterable[Flaw] = ()
) -> dict[str, Any]:
    """What a form shows of a questionnaire, whoever holds it."""
    questions = questions_of(about.adopted, filled, tongue, flaws)
    return {
        "about": about,
        "title": tongue.of(about.adopted.title),
        "introduction": tongue.of(about.adopted.introduction),
        "questions": questions,
        "errors": [question for question in questions if question.error],
        "is_preview": False,
        "is_sealed": False,
    }


def switch_shown(adopted: events.QuestionnaireAdopted, tongue: Tongue) -> Mapping[str, Any]:
    """What leads to the other language, which is called by its own name where that is known."""
    if not adopted.second_language:
        return {"other": None, "other_name": ""}
    other = other_tongue(adopted, tongue)
    return {"other": other, "other_name": LANGUAGE_NAMES.get(other.code, other.code)}


def other_tongue(adopted: events.QuestionnaireAdopted, tongue: Tongue) -> Tongue:
    """The other language of a questionnaire; Vietnamese where it has no second."""
    second = adopted.second_language
    return Tongue(second) if second and tongue.code == FIRST_LANGUAGE else Tongue()


def again_page(reader: web.Reader, fields: web.Fields, problem: Problem) -> web.Html:
    """What was filled in stands in the page, whatever cannot be reached."""
    language = fields.one("language") or reader.language
    tongue = Tongue(FIRST_LANGUAGE if language == FIRST_LANGUAGE else "en")
    status = web.status_of(problem)
    headers = web.headers_of(status)
    shown = {
        "sentence": web.sentence(problem.code, tongue.ui, problem.details),
        "seconds": headers["Retry-After"],
        "hidden": [(name, value) for name, value in fields.pairs() if name != "do"],
        "do": fields.one("do"),
    }
    return drawn("again.html", tongue, reader.root, shown, status=status, headers=headers)
