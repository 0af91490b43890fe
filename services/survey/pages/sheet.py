"""A questionnaire as a page shows it: in one language, with what was filled in and is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from services.survey.domain.filled import Filled
from services.survey.domain.limits import COMMENT_CHARACTERS_MAX
from services.survey.domain.validity import FIRST_LANGUAGE
from services.survey.pages.reading import PREFIX
from services.survey.pages.texts import TEXTS, said
from shared.adapters import web
from shared.events import survey as events
from shared.kernel.errors import Flaw

LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "vi": "Tiếng Việt",
        "cja": "Cham",
        "en": "English",
        "fr": "Français",
        "ja": "日本語",
        "km": "ភាសាខ្មែរ",
        "ko": "한국어",
        "lo": "ພາສາລາວ",
        "zh": "中文",
    }
)
"""What languages call themselves; of the province's own, Khmer, Chinese and Cham."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of a reader: of the questions, and of what the page says around them.

    Where the second language is another one than English, its own texts stand among English ones.
    """

    code: str = FIRST_LANGUAGE

    @property
    def ui(self) -> web.Language:
        """The language of the page."""
        return "vi" if self.code == FIRST_LANGUAGE else "en"

    @property
    def differs(self) -> str:
        """The language of the questions, where the page is in another one."""
        return "" if self.code.partition("-")[0] == self.ui else self.code

    def of(self, wording: events.Wording) -> str:
        """A text in this language, in Vietnamese where it has no other."""
        return wording.vi if self.code == FIRST_LANGUAGE else wording.second or wording.vi

    def said(self, name: str, **details: str) -> str:
        """What the page itself says."""
        return said(name, self.ui, **details)

    def until(self, at: datetime) -> str:
        """A closing as everybody here reads it."""
        return web.until(at, self.ui)


def tongue_of(adopted: events.QuestionnaireAdopted, wanted: str) -> Tongue:
    """The language wanted, if the questionnaire has it; Vietnamese else."""
    return Tongue(wanted) if wanted and wanted == adopted.second_language else Tongue()


@dataclass(frozen=True, slots=True)
class Choice:
    """An option, or the one that leaves a question out (its value is empty)."""

    value: str
    title: str
    id: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A question; `notes` say how it is answered, and of whom it is asked."""

    number: int
    field: str
    id: str
    text: str
    kind: events.QuestionKind
    required: bool
    notes: Sequence[str]
    choices: Sequence[Choice]
    written: str
    error: str

    @property
    def first_id(self) -> str:
        """Where whoever comes from the list of errors can begin to type."""
        return self.choices[0].id if self.choices else self.id


def questions_of(
    adopted: events.QuestionnaireAdopted,
    filled: Filled,
    tongue: Tongue,
    flaws: Iterable[Flaw] = (),
) -> Sequence[Shown]:
    """All questions, in their order; those with a condition say of whom they are asked."""
    errors = _errors(flaws, tongue)
    numbers = {question.code: number for number, question in enumerate(adopted.questions, 1)}
    by_code = {question.code: question for question in adopted.questions}
    return [
        Shown(
            number=number,
            field=f"{PREFIX}{question.code}",
            id=f"q{number}",
            text=tongue.of(question.text),
            kind=question.kind,
            required=question.required,
            notes=_notes(question, by_code, numbers, tongue),
            choices=_choices(question, f"q{number}", filled, tongue),
            written=filled.comments.get(question.code, ""),
            error=errors.get(question.code, ""),
        )
        for number, question in enumerate(adopted.questions, 1)
    ]


def _choices(
    question: events.Question, id_: str, filled: Filled, tongue: Tongue
) -> Sequence[Choice]:
    chosen = filled.chosen(question.code)
    choices = [
        Choice(option.code, tongue.of(option.title), f"{id_}-{place}", option.code in chosen)
        for place, option in enumerate(question.options, 1)
    ]
    is_single = question.kind in {"single-choice", "scale"}
    if is_single and (question.asked_if is not None or not question.required):
        # Without a script a browser takes no choice of one back.
        choices.append(Choice("", tongue.said("no-answer"), f"{id_}-0", checked=False))
    return choices


def _notes(
    question: events.Question,
    by_code: Mapping[str, events.Question],
    numbers: Mapping[str, int],
    tongue: Tongue,
) -> Sequence[str]:
    notes = []
    if question.asked_if is not None:
        before = by_code[question.asked_if.question]
        titles = [
            f"“{tongue.of(option.title)}”"
            for option in before.options
            if option.code in question.asked_if.options
        ]
        options = f" {tongue.said('or')} ".join(titles)
        number = str(numbers[before.code])
        notes.append(tongue.said("asked-if", number=number, options=options))
    match question.kind:
        case "multiple-choice":
            notes.append(tongue.said("several"))
        case "free-text":
            notes.append(tongue.said("written", maximum=str(COMMENT_CHARACTERS_MAX)))
        case _:
            notes.append(tongue.said("one"))
    return notes


def _errors(flaws: Iterable[Flaw], tongue: Tongue) -> Mapping[str, str]:
    """What is wrong with each question; of several flaws of one, the first."""
    errors: dict[str, str] = {}
    for flaw in flaws:
        name = flaw.code if flaw.code in TEXTS else "answer-unfit"
        errors.setdefault(flaw.details["question"], tongue.said(name, **flaw.details))
    return errors


@dataclass(frozen=True, slots=True)
class Line:
    """One question as it is checked before sending: what was answered, if anything."""

    number: int
    text: str
    answers: Sequence[str]


def lines_of(
    adopted: events.QuestionnaireAdopted, filled: Filled, tongue: Tongue, codes: Iterable[str]
) -> Sequence[Line]:
    """These questions with their answers, in the order in which they are asked."""
    wanted = frozenset(codes)
    return [
        Line(number, tongue.of(question.text), _answers(question, filled, tongue))
        for number, question in enumerate(adopted.questions, 1)
        if question.code in wanted
    ]


def _answers(question: events.Question, filled: Filled, tongue: Tongue) -> Sequence[str]:
    if question.code in filled.comments:
        return [filled.comments[question.code]]
    chosen = filled.chosen(question.code)
    return [tongue.of(option.title) for option in question.options if option.code in chosen]
