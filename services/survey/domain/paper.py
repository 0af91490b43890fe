"""A pile of paper forms (tập phiếu giấy), typed in by two people who do not see one another's.

What both typed alike goes into the urn. Where they differ, each looks at the paper again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Literal

from services.survey.domain.cycle import Cycle
from services.survey.domain.filled import Filled, answer_of
from services.survey.domain.questionnaire import Questionnaire, adopted_in, asked_about
from services.survey.domain.validity import of_answers
from shared.events import survey as events
from shared.kernel.errors import Flaw

FORMS_MAX = 500
"""So many forms are in a pile at most."""

ALIKE_PER_TOLD = 5
"""One in so many forms may differ for a person to be told what the other typed."""

About = Literal["form", "agency", "question"]


@dataclass(frozen=True, slots=True)
class Form:
    """A paper form as somebody typed it in."""

    agency: str
    filled: Filled


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two people typed a form in differently; forms count from 1.

    It is about the whole form, which one of them left out, about its agency, or about a question.
    What each of them typed is empty where that is nothing; what the other did, None where it is not
    to be told.
    """

    form: int
    about: About
    question: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...] | None


def differences(mine: Sequence[Form], theirs: Sequence[Form]) -> Iterator[Difference]:
    """Where two people typed a pile in differently, form by form."""
    for number, (one, other) in enumerate(zip_longest(mine, theirs), start=1):
        if one is None or other is None:
            yield Difference(number, "form", "", _agency(one), _agency(other))
            continue
        if one.agency != other.agency:
            yield Difference(number, "agency", "", _agency(one), _agency(other))
        for question in _questions(one, other):
            said, also_said = _said(one.filled, question), _said(other.filled, question)
            if _compared(one.filled, question) != _compared(other.filled, question):
                yield Difference(number, "question", question, said, also_said)


def told(found: Sequence[Difference], forms: int) -> Sequence[Difference]:
    """The differences as a person may see them who typed in so many forms.

    Where few forms differ, what the other typed helps to find the slip. Where many do, it would
    be copied from there without a look at the paper.
    """
    differing = len({each.form for each in found})
    if differing * ALIKE_PER_TOLD <= forms:
        return found
    return [replace(each, theirs=None) for each in found]


def flaws(state: Questionnaire, cycle: Cycle, forms: Sequence[Form]) -> Iterator[Flaw]:
    """Where forms do not fit the questionnaire; `/forms/0` is the first one."""
    adopted = adopted_in(state)
    agencies = asked_about(adopted, cycle)
    for place, form in enumerate(forms):
        pointer = f"/forms/{place}"
        if form.agency not in agencies:
            yield Flaw(f"{pointer}/agency", "agency-unknown", {"agency": form.agency})
        for flaw in of_answers(adopted, form.filled):
            yield Flaw(f"{pointer}{flaw.pointer}", flaw.code, flaw.details)


def by_agency(forms: Sequence[Form]) -> tuple[tuple[str, int], ...]:
    """How many forms there are about each agency."""
    return tuple(sorted(Counter(form.agency for form in forms).items()))


def answer(adopted: events.QuestionnaireAdopted, form: Form) -> Mapping[str, Any]:
    """What goes into the urn of a form; nobody is too fast on paper."""
    return answer_of(adopted, form.filled, hasty=False)


def to_document(forms: Sequence[Form]) -> Mapping[str, Any]:
    """Forms as they are kept in a draft."""
    return {
        "forms": [
            {
                "agency": form.agency,
                "answers": dict(form.filled.answers),
                "choices": {code: list(chosen) for code, chosen in form.filled.choices.items()},
                "comments": dict(form.filled.comments),
            }
            for form in forms
        ]
    }


def from_document(document: Mapping[str, Any]) -> Sequence[Form]:
    """The forms of a draft."""
    return [
        Form(
            form["agency"],
            Filled(
                form["answers"],
                {code: tuple(chosen) for code, chosen in form["choices"].items()},
                form["comments"],
            ),
        )
        for form in document["forms"]
    ]


def _agency(form: Form | None) -> tuple[str, ...]:
    return () if form is None else (form.agency,)


def _questions(one: Form, other: Form) -> Sequence[str]:
    answered = (
        member
        for filled in (one.filled, other.filled)
        for member in (filled.answers, filled.choices, filled.comments)
    )
    return sorted({question for member in answered for question in member})


def _said(filled: Filled, question: str) -> tuple[str, ...]:
    if question in filled.comments:
        return (filled.comments[question],)
    return filled.chosen(question)


def _compared(filled: Filled, question: str) -> tuple[str, ...]:
    """Options in whatever order; handwriting without what two people never read alike."""
    if question in filled.comments:
        letters = (each for each in filled.comments[question].casefold() if each.isalnum())
        return tuple(letters)
    return tuple(sorted(filled.chosen(question)))
