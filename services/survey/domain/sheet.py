"""A pile as a table: one row a form, one column for the agency and one for each question.

Where a question takes several options, their codes stand in one cell with `;` between them: as
many columns as options would not fit a screen, and nobody would see which belong together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.survey.domain.filled import Filled
from services.survey.domain.paper import Form
from services.survey.domain.validity import of_answers
from shared.events import survey as events
from shared.kernel.errors import Flaw

AGENCY = "Cơ quan"
AGENCY_HEADINGS = frozenset({"agency", "cơ quan", "mã cơ quan"})
BETWEEN = ";"
FIRST_ROW = 2
"""Rows count as a spreadsheet counts them: the headings are the first."""

Cells = Sequence[Sequence[str]]
Oddities = Sequence[tuple[int, int, str]]
"""Row, column and kind of what cannot be taken."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column of the form to be filled in is called, and the codes that it takes."""

    text: str
    codes: tuple[tuple[str, str], ...]
    several: bool = False


def headings(adopted: events.QuestionnaireAdopted, agencies: Sequence[str]) -> Sequence[Heading]:
    """The columns in which a pile about these agencies is filled in."""
    about = Heading(AGENCY, tuple((agency, "") for agency in agencies))
    return [about, *map(_heading, adopted.questions)]


def is_heading(adopted: events.QuestionnaireAdopted, text: str) -> bool:
    """Whether a text is what a column may be called."""
    return _column_named(adopted, text) is not None


def forms_in(adopted: events.QuestionnaireAdopted, rows: Cells) -> Sequence[Form]:
    """The forms of a table in which `flaws` found nothing wrong with the headings."""
    places = _places(adopted, rows[0])
    return [_form(adopted, places, row) for row in rows[1:]]


def flaws_of_headings(adopted: events.QuestionnaireAdopted, rows: Cells) -> Iterator[Flaw]:
    """Columns that nobody asked for, or that are there twice or not at all."""
    if len(rows) < FIRST_ROW:
        yield Flaw("", "sheet-empty")
        return
    places = _places(adopted, rows[0])
    for column, text in enumerate(rows[0], start=1):
        letter = letter_of(column)
        details = {"row": "1", "column": letter, "heading": text}
        if column not in places.values():
            known = _column_named(adopted, text) is not None
            code = "sheet-heading-twice" if known else "sheet-heading-unknown"
            yield Flaw(f"/1/{letter}", code, details)
    if None not in places:
        yield Flaw("/1", "sheet-agency-missing")
    for question in adopted.questions:
        if question.required and question.code not in places:
            yield Flaw("/1", "sheet-column-missing", {"heading": question.code})


def flaws_of_rows(
    adopted: events.QuestionnaireAdopted, agencies: frozenset[str], rows: Cells, odd: Oddities
) -> Iterator[Flaw]:
    """What is wrong in the rows, each with its row, its column and its question."""
    places = _places(adopted, rows[0])
    # That of the agency goes by what this table calls it, in whichever language that is.
    named = {column: question or rows[0][column - 1] for question, column in places.items()}
    unread: dict[int, list[tuple[int, str]]] = {}
    for row, column, kind in odd:
        unread.setdefault(row, []).append((column, kind))
    for row, cells in enumerate(rows[1:], start=FIRST_ROW):
        if row in unread:  # What else is wrong there shows when these can be read.
            for column, kind in unread[row]:
                yield _at(row, column, f"odd-cell-{kind}", {"question": named[column]})
        elif not any(cells):
            yield Flaw(f"/{row}", "row-empty", {"row": str(row)})
        else:
            for column, code, details in _flaws_of_row(adopted, agencies, places, cells):
                yield _at(row, column, f"row-{code}", {"question": named[column], **details})


def letter_of(column: int) -> str:
    """How a spreadsheet calls a column: A, ..., Z, AA, ..."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _heading(question: events.Question) -> Heading:
    codes = tuple((option.code, option.title.vi) for option in question.options)
    return Heading(_template(question), codes, several=question.kind == "multiple-choice")


def _template(question: events.Question) -> str:
    return f"{question.code}. {question.text.vi}"


def _places(adopted: events.QuestionnaireAdopted, line: Sequence[str]) -> Mapping[str | None, int]:
    """The column of each question, and that of the agency under None; the first counts."""
    places: dict[str | None, int] = {}
    for column, text in enumerate(line, start=1):
        named = _column_named(adopted, text)
        if named is not None:
            places.setdefault(named or None, column)
    return places


def _column_named(adopted: events.QuestionnaireAdopted, text: str) -> str | None:
    """The question that a heading names, empty for the agency, None for nothing that is asked."""
    plain = " ".join(text.split())
    for question in adopted.questions:
        if plain in {question.code, " ".join(_template(question).split())}:
            return question.code
    return "" if plain.casefold() in AGENCY_HEADINGS else None


def _form(
    adopted: events.QuestionnaireAdopted, places: Mapping[str | None, int], row: Sequence[str]
) -> Form:
    answers: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    comments: dict[str, str] = {}
    for question in adopted.questions:
        said = row[places[question.code] - 1] if question.code in places else ""
        match question.kind:
            case _ if not said:
                pass
            case "free-text":
                comments[question.code] = said
            case "multiple-choice":
                codes = (code.strip() for code in said.split(BETWEEN))
                choices[question.code] = tuple(code for code in codes if code)
            case _:
                answers[question.code] = said
    return Form(row[places[None] - 1], Filled(answers, choices, comments))


def _flaws_of_row(
    adopted: events.QuestionnaireAdopted,
    agencies: frozenset[str],
    places: Mapping[str | None, int],
    cells: Sequence[str],
) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    form = _form(adopted, places, cells)
    if form.agency not in agencies:
        yield places[None], "agency-unknown", {"agency": form.agency}
    for flaw in of_answers(adopted, form.filled):
        yield places[flaw.details["question"]], flaw.code, flaw.details


def _at(row: int, column: int, code: str, details: Mapping[str, str]) -> Flaw:
    letter = letter_of(column)
    return Flaw(f"/{row}/{letter}", code, {**details, "row": str(row), "column": letter})
