"""What the survey shows of its own facts: the questionnaires of a cycle and how far they are."""

from collections.abc import Sequence
from typing import Any

from shared.events import survey as events
from shared.events.envelope import Recorded
from shared.kernel.view import Body, View


def _keys(recorded: Recorded) -> Sequence[str]:
    return (f"{recorded.data.cycle}/{recorded.data.questionnaire}",)


def _apply_questionnaire(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    before = dict(body or {})
    match recorded.data:
        case events.QuestionnaireAdopted() as fact:
            return _adopted(fact)
        case events.SurveyOpened():
            return {**before, "status": "open", "opened_at": recorded.context.at.isoformat()}
        case events.ResponsesCounted() as fact:
            counted = before["counted"] + len(fact.responses)
            return {**before, "counted": counted, "batches": fact.batch}
        case events.AnswersExcluded() as fact:
            return {**before, "excluded": before["excluded"] + len(fact.positions)}
        case events.ResultImported():
            return {**before, "imported": before["imported"] + 1}
        case events.SurveyClosed() as fact:
            return {**before, "status": "closed", "closed_by": fact.closed_by}
        case _:
            return before


def _adopted(fact: events.QuestionnaireAdopted) -> Body:
    return {
        "cycle": fact.cycle,
        "questionnaire": fact.questionnaire,
        "tier": fact.tier,
        "group": fact.group,
        "title": fact.title,
        "questions": [_question(question) for question in fact.questions],
        "opens": fact.opens.isoformat(),
        "closes": fact.closes.isoformat(),
        "status": "adopted",
        "counted": 0,
        "batches": 0,
        "excluded": 0,
        "imported": 0,
    }


def _question(question: events.Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "text": question.text,
        "item": question.item,
        "options": [{"code": option.code, "title": option.title} for option in question.options],
    }


QUESTIONNAIRE = View[Recorded]("survey_questionnaire", 1, _keys, _apply_questionnaire)

VIEWS = (QUESTIONNAIRE,)
