"""Old versions of facts, read as the newest: the log is never rewritten.

An upcaster turns a fact of one version into one of the next. It is added together with the new
version, and the golden file of the old version proves it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from shared.events import former, survey

Upcaster = Callable[[Any], object]


def upcast(fact: object, upcasters: Mapping[type, Upcaster] | None = None) -> object:
    """The same fact in its newest shape."""
    known = UPCASTERS if upcasters is None else upcasters
    while type(fact) in known:
        fact = known[type(fact)](fact)
    return fact


def _questionnaire_adopted(fact: former.QuestionnaireAdoptedV1) -> survey.QuestionnaireAdopted:
    return survey.QuestionnaireAdopted(
        cycle=fact.cycle,
        questionnaire=fact.questionnaire,
        edition=1,
        tier=fact.tier,
        group=fact.group,
        agencies=(),
        title=_in_vietnamese(fact.title),
        introduction=_in_vietnamese(""),
        second_language=None,
        questions=tuple(_question(question) for question in fact.questions),
        service_question=None,
        copied_from=None,
        opens=fact.opens,
        closes=fact.closes,
    )


def _question(question: former.QuestionV1) -> survey.Question:
    return survey.Question(
        code=question.code,
        text=_in_vietnamese(question.text),
        kind="single-choice",
        required=True,
        item=question.item,
        options=tuple(
            survey.AnswerOption(
                code=option.code, title=_in_vietnamese(option.title), no_opinion=False
            )
            for option in question.options
        ),
        asked_if=None,
    )


def _in_vietnamese(text: str) -> survey.Wording:
    return survey.Wording(vi=text, second="")


def _responses_counted(fact: former.ResponsesCountedV1) -> survey.ResponsesCounted:
    return survey.ResponsesCounted(
        cycle=fact.cycle,
        questionnaire=fact.questionnaire,
        batch=fact.batch,
        channel="mixed",
        responses=tuple(
            survey.Response(agency=response.agency, answers=response.answers, choices={})
            for response in fact.responses
        ),
        receipts=(),
        hasty=0,
    )


def _answers_excluded(fact: former.AnswersExcludedV1) -> survey.AnswersExcluded:
    return survey.AnswersExcluded(
        cycle=fact.cycle,
        questionnaire=fact.questionnaire,
        exclusion="",
        batch=fact.batch,
        positions=fact.positions,
        because=fact.because,
    )


def _result_imported(fact: former.ResultImportedV1) -> survey.ResultImported:
    return survey.ResultImported(
        cycle=fact.cycle,
        questionnaire=fact.questionnaire,
        agency=fact.agency,
        counts=fact.counts,
        source=fact.source,
        document=fact.document,
        sha256=None,
    )


UPCASTERS: Mapping[type, Upcaster] = MappingProxyType(
    {
        former.QuestionnaireAdoptedV1: _questionnaire_adopted,
        former.ResponsesCountedV1: _responses_counted,
        former.AnswersExcludedV1: _answers_excluded,
        former.ResultImportedV1: _result_imported,
    }
)
