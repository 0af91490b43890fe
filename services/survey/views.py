"""What the survey shows of its own facts: the questionnaires of a cycle and how far they are."""

from collections.abc import Sequence
from typing import Any

from shared.events import survey as events
from shared.events.envelope import Recorded
from shared.kernel.view import Body, View


def _keys(recorded: Recorded) -> Sequence[str]:
    return (f"{recorded.data.cycle}/{recorded.data.questionnaire}",)


def _apply_questionnaire(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    if isinstance(recorded.data, events.QuestionnaireAdopted):
        return _adopted(recorded.data)
    return None if body is None else _changed(body, recorded)


def _changed(before: Body, recorded: Recorded) -> Body:
    match recorded.data:
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
        "edition": fact.edition,
        "tier": fact.tier,
        "group": fact.group,
        "agencies": list(fact.agencies),
        **_wording("title", fact.title),
        **_wording("introduction", fact.introduction),
        "second_language": fact.second_language,
        "questions": [_question(question) for question in fact.questions],
        "service_question": fact.service_question,
        "copied_from": fact.copied_from,
        "opens": fact.opens.isoformat(),
        "closes": fact.closes.isoformat(),
        "status": "adopted",
        "counted": 0,
        "batches": 0,
        "excluded": 0,
        "imported": 0,
    }


def _question(question: events.Question) -> dict[str, Any]:
    condition = question.asked_if
    return {
        "code": question.code,
        **_wording("text", question.text),
        "kind": question.kind,
        "required": question.required,
        "item": question.item,
        "options": [
            {
                "code": option.code,
                **_wording("title", option.title),
                "no_opinion": option.no_opinion,
            }
            for option in question.options
        ],
        "asked_if": condition
        and {"question": condition.question, "options": list(condition.options)},
    }


def _wording(name: str, wording: events.Wording) -> dict[str, str]:
    """A text under its name, and beside it in the second language, where there is one."""
    shown = {name: wording.vi}
    return {**shown, f"{name}_second": wording.second} if wording.second else shown


def _apply_running(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    match recorded.data:
        case events.QuestionnaireAdopted() as fact:
            return {
                "cycle": fact.cycle,
                "questionnaire": fact.questionnaire,
                "opens": fact.opens.isoformat(),
                "closes": fact.closes.isoformat(),
                "status": "adopted",
            }
        case events.SurveyOpened():
            return None if body is None else {**body, "status": "open"}
        case events.SurveyClosed():
            return None
        case _:
            return body


QUESTIONNAIRE = View[Recorded]("survey_questionnaire", 2, _keys, _apply_questionnaire)

RUNNING = View[Recorded]("survey_running", 1, _keys, _apply_running)
"""The questionnaires that are not closed: what the calendar and the counting look through."""


def _documents_of(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case (
            events.ResultTyped()
            | events.ResultImported()
            | events.DocumentQuarantined()
            | events.DocumentCleared()
            | events.DocumentCondemned()
        ) as fact:
            return (fact.sha256,) if fact.sha256 else ()
        case _:
            return ()


def _apply_document(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    match recorded.data:
        case events.DocumentQuarantined():
            return {"standing": "quarantined", "finding": ""}
        case events.DocumentCleared():
            return {"standing": "cleared", "finding": ""}
        case events.DocumentCondemned() as fact:
            return {"standing": "condemned", "finding": fact.finding}
        case _:
            return body or {"standing": "unscanned", "finding": ""}


DOCUMENTS = View[Recorded]("survey_documents", 1, _documents_of, _apply_document)
"""The documents that certify results, by their content, and what was said of each last."""


def _quarantine_of(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case events.DocumentQuarantined() | events.DocumentCleared() | events.DocumentCondemned():
            return _keys(recorded)
        case _:
            return ()


def _apply_quarantine(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    fact = recorded.data
    left = [sha256 for sha256 in (body["waiting"] if body else ()) if sha256 != fact.sha256]
    if isinstance(fact, events.DocumentQuarantined):
        left.append(fact.sha256)
    named = {"cycle": fact.cycle, "questionnaire": fact.questionnaire}
    return {**named, "waiting": left} if left else None


QUARANTINE = View[Recorded]("survey_quarantine", 1, _quarantine_of, _apply_quarantine)
"""The documents of each questionnaire that wait for a scanner, in the order in which they came."""


def _kept_of(recorded: Recorded) -> Sequence[str]:
    match recorded.data:
        case events.ResultTyped() | events.ResultImported() as fact:
            return _keys(recorded) if fact.sha256 else ()
        case _:
            return ()


def _apply_kept(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    fact = recorded.data
    before: Sequence[str] = body["kept"] if body else ()
    kept = [*before, *({fact.sha256} - {*before})]
    return {"cycle": fact.cycle, "questionnaire": fact.questionnaire, "kept": kept}


KEPT = View[Recorded]("survey_kept", 1, _kept_of, _apply_kept)
"""All documents of a questionnaire, by their content, in the order they came in."""

VIEWS = (QUESTIONNAIRE, RUNNING, DOCUMENTS, QUARANTINE, KEPT)
