"""A filled questionnaire (phiếu trả lời): what one person chose and wrote, and what was asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.events import survey as events


@dataclass(frozen=True, slots=True)
class Filled:
    """One person's answers, by question.

    `answers` has the option chosen, `choices` those of questions that take several, `comments`
    what was written.
    """

    answers: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)

    def chosen(self, question: str) -> tuple[str, ...]:
        """The options chosen for a question; none where it was not answered."""
        if question in self.answers:
            return (self.answers[question],)
        return self.choices.get(question, ())

    def __contains__(self, question: str) -> bool:
        answered = question in self.answers or question in self.comments
        return answered or bool(self.choices.get(question))


def asked(adopted: events.QuestionnaireAdopted, filled: Filled) -> Iterator[events.Question]:
    """The questions that are asked of somebody who answers like this, in their order."""
    codes: set[str] = set()
    for question in adopted.questions:
        condition = question.asked_if
        if condition is None or (
            condition.question in codes
            and not set(condition.options).isdisjoint(filled.chosen(condition.question))
        ):
            codes.add(question.code)
            yield question


def answer_of(
    adopted: events.QuestionnaireAdopted, filled: Filled, *, hasty: bool
) -> Mapping[str, Any]:
    """What goes into the urn as the answer; options stand in the order of the questionnaire."""
    choices = {}
    for question in adopted.questions:
        chosen = set(filled.choices.get(question.code, ()))
        if chosen:
            choices[question.code] = [
                option.code for option in question.options if option.code in chosen
            ]
    return {"answers": dict(filled.answers), "choices": choices, "hasty": hasty}


def comments_of(filled: Filled) -> tuple[Mapping[str, str], ...]:
    """What goes into the urn as comments: whatever says something, by question."""
    return tuple(
        {"question": question, "text": text.strip()}
        for question, text in sorted(filled.comments.items())
        if text.strip()
    )
