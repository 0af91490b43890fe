"""What is wrong with a questionnaire, with answers to it, or with a result of it: every flaw."""

from collections.abc import Iterator, Mapping

from services.survey.domain.cycle import Cycle
from shared.events import survey as events
from shared.kernel.calendar import Calendar
from shared.kernel.errors import Flaw
from shared.kernel.scheme import Survey as SurveyRule

QUESTIONS_MAX = 60
COUNT_MAX = 10_000_000
ANSWER_BYTES = len('"":"",')
RESPONSE_BYTES = len('{"agency":"","answers":{}},') + 64
"""What stands around the answers, with an agency code of 64 characters."""


def of_questionnaire(adopted: events.QuestionnaireAdopted, cycle: Cycle) -> Iterator[Flaw]:
    """Where a questionnaire does not fit the scheme of its tier."""
    if adopted.tier not in cycle.schemes:
        yield Flaw("/tier", "tier-unknown", {"tier": adopted.tier})
        return
    if adopted.opens >= adopted.closes:
        yield Flaw("/closes", "closes-before-opening")
    if cycle.calendar is not None and not _within_phase(adopted, cycle.calendar):
        phase = cycle.calendar.phases["survey"]
        ends = {
            "opens": phase.opens.isoformat(),
            "closes": cycle.calendar.closes("survey").isoformat(),
        }
        yield Flaw("/opens", "outside-survey-phase", ends)
    seen: set[str] = set()
    for place, question in enumerate(adopted.questions):
        pointer = f"/questions/{place}"
        if question.code in seen:
            yield Flaw(f"{pointer}/code", "question-twice", {"question": question.code})
        seen.add(question.code)
        yield from _question_flaws(pointer, question, adopted, cycle)


def _question_flaws(
    pointer: str, question: events.Question, adopted: events.QuestionnaireAdopted, cycle: Cycle
) -> Iterator[Flaw]:
    details = {"question": question.code, "item": question.item}
    item = cycle.schemes[adopted.tier].items.get(question.item)
    if item is None or not isinstance(item.rule, SurveyRule):
        yield Flaw(f"{pointer}/item", "item-not-surveyed", details)
        return
    if adopted.group not in {group.code for group in item.rule.groups}:
        yield Flaw(f"{pointer}/item", "group-not-asked", {**details, "group": adopted.group})
    options = _options(question)
    if len(options) != len(question.options):
        yield Flaw(f"{pointer}/options", "option-twice", details)
    for option in sorted(options - set(item.rule.shares)):
        yield Flaw(f"{pointer}/options", "option-not-scored", {**details, "option": option})


def response_bytes_max(adopted: events.QuestionnaireAdopted) -> int:
    """What one response may take in a fact at most; codes are ASCII, so a character is a byte."""
    return RESPONSE_BYTES + sum(
        len(question.code) + max(map(len, _options(question))) + ANSWER_BYTES
        for question in adopted.questions
    )


def of_answers(adopted: events.QuestionnaireAdopted, answers: Mapping[str, str]) -> Iterator[Flaw]:
    """Where one person's answers do not fit the questionnaire."""
    questions = {question.code: question for question in adopted.questions}
    for code, option in answers.items():
        if code not in questions:
            yield Flaw(f"/answers/{code}", "question-unknown", {"question": code})
        elif option not in _options(questions[code]):
            details = {"question": code, "option": option}
            yield Flaw(f"/answers/{code}", "option-unknown", details)
    for code in questions:
        if code not in answers:
            yield Flaw(f"/answers/{code}", "answer-missing", {"question": code})


def of_counts(
    adopted: events.QuestionnaireAdopted, counts: Mapping[str, Mapping[str, int]]
) -> Iterator[Flaw]:
    """Where a certified result does not fit the questionnaire."""
    questions = {question.code: question for question in adopted.questions}
    for code, by_option in counts.items():
        if code not in questions:
            yield Flaw(f"/counts/{code}", "question-unknown", {"question": code})
            continue
        for option, count in by_option.items():
            details = {"question": code, "option": option}
            if option not in _options(questions[code]):
                yield Flaw(f"/counts/{code}/{option}", "option-unknown", details)
            if not 0 <= count <= COUNT_MAX:
                yield Flaw(f"/counts/{code}/{option}", "count-out-of-range", details)


def _within_phase(adopted: events.QuestionnaireAdopted, calendar: Calendar) -> bool:
    return calendar.opens("survey") <= adopted.opens and adopted.closes <= calendar.closes("survey")


def _options(question: events.Question) -> frozenset[str]:
    return frozenset(option.code for option in question.options)
