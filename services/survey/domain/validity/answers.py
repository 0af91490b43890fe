"""What is wrong with one person's answers."""

from collections.abc import Iterator, Mapping

from services.survey.domain.filled import Filled, asked
from services.survey.domain.limits import COMMENT_CHARACTERS_MAX
from shared.events import survey as events
from shared.kernel.errors import Flaw

ANSWER_BYTES = len('"":"",')
CHOICE_BYTES = len('"":[],')
OPTION_BYTES = len('"",')
RESPONSE_BYTES = len('{"agency":"","answers":{},"choices":{}},') + 64 + len('"",') + 64
"""What stands around the answers, with an agency code and a receipt of 64 characters."""


def of_answers(adopted: events.QuestionnaireAdopted, filled: Filled) -> Iterator[Flaw]:
    """Where one person's answers do not fit the questionnaire."""
    questions = {question.code: question for question in adopted.questions}
    yield from _misplaced(questions, filled)
    on_the_way = {question.code for question in asked(adopted, filled)}
    for code, question in questions.items():
        pointer = f"/{_member(question)}/{code}"
        if code in filled and code not in on_the_way:
            yield Flaw(pointer, "question-not-asked", {"question": code})
        elif code in on_the_way and question.required and code not in filled:
            yield Flaw(pointer, "answer-missing", {"question": code})
        yield from _unfit(pointer, question, filled)


def response_bytes_max(adopted: events.QuestionnaireAdopted) -> int:
    """What one response may take in a fact at most; codes are ASCII, so a character is a byte."""
    return RESPONSE_BYTES + sum(map(_answer_bytes_max, adopted.questions))


def _answer_bytes_max(question: events.Question) -> int:
    lengths = [len(option.code) for option in question.options]
    match question.kind:
        case "free-text":
            return 0
        case "multiple-choice":
            return len(question.code) + CHOICE_BYTES + sum(lengths) + OPTION_BYTES * len(lengths)
        case _:
            return len(question.code) + ANSWER_BYTES + max(lengths, default=0)


def _misplaced(questions: Mapping[str, events.Question], filled: Filled) -> Iterator[Flaw]:
    """Answers to what is not asked here, or in another form than it is asked in."""
    given = {"answers": filled.answers, "choices": filled.choices, "comments": filled.comments}
    for member, codes in given.items():
        for code in codes:
            details = {"question": code}
            if code not in questions:
                yield Flaw(f"/{member}/{code}", "question-unknown", details)
            elif _member(questions[code]) != member:
                expected = {**details, "member": _member(questions[code])}
                yield Flaw(f"/{member}/{code}", "answer-misplaced", expected)


def _unfit(pointer: str, question: events.Question, filled: Filled) -> Iterator[Flaw]:
    """Options that the question does not have, or not together; and too long a comment."""
    details = {"question": question.code}
    options = {option.code: option for option in question.options}
    chosen = filled.chosen(question.code)
    if question.kind != "free-text":
        for code in chosen:
            if code not in options:
                yield Flaw(pointer, "option-unknown", {**details, "option": code})
    if len(set(chosen)) != len(chosen):
        yield Flaw(pointer, "option-chosen-twice", details)
    if len(chosen) > 1 and any(code in options and options[code].no_opinion for code in chosen):
        yield Flaw(pointer, "no-opinion-with-others", details)
    if len(filled.comments.get(question.code, "")) > COMMENT_CHARACTERS_MAX:
        yield Flaw(pointer, "comment-too-long", {**details, "maximum": str(COMMENT_CHARACTERS_MAX)})


def _member(question: events.Question) -> str:
    match question.kind:
        case "free-text":
            return "comments"
        case "multiple-choice":
            return "choices"
        case _:
            return "answers"
