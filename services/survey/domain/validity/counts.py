"""What is wrong with a certified result."""

from collections.abc import Iterator, Mapping

from services.survey.domain.limits import COUNT_MAX
from shared.events import survey as events
from shared.kernel.errors import Flaw


def of_counts(
    adopted: events.QuestionnaireAdopted,
    counts: Mapping[str, Mapping[str, int]],
    forms: int | None = None,
) -> Iterator[Flaw]:
    """Where a certified result does not fit the questionnaire, or how many answered it."""
    questions = {question.code: question for question in adopted.questions}
    for code, by_option in counts.items():
        if code not in questions:
            yield Flaw(f"/counts/{code}", "question-unknown", {"question": code})
            continue
        options = {option.code for option in questions[code].options}
        for option, count in by_option.items():
            details = {"question": code, "option": option}
            if option not in options:
                yield Flaw(f"/counts/{code}/{option}", "option-unknown", details)
            if not 0 <= count <= COUNT_MAX:
                yield Flaw(f"/counts/{code}/{option}", "count-out-of-range", details)
        if forms is not None:
            yield from _beyond(questions[code], by_option, forms)
    if forms and not any(any(by_option.values()) for by_option in counts.values()):
        yield Flaw("/counts", "counts-missing", {"forms": str(forms)})


def _beyond(question: events.Question, by_option: Mapping[str, int], forms: int) -> Iterator[Flaw]:
    """Who answers a question chooses one option, or some of several, each once."""
    several = question.kind == "multiple-choice"
    chosen = max(by_option.values(), default=0) if several else sum(by_option.values())
    if chosen > forms:
        details = {"question": question.code, "count": str(chosen), "forms": str(forms)}
        yield Flaw(f"/counts/{question.code}", "counts-exceed-forms", details)
