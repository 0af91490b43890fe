"""What the answers came to, as a page for everybody: the same that the public results say.

Counts stand as they are, per cents are rounded once, and what is withheld says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import groupby

from services.survey.application import MadeBeside, Reading, Results
from services.survey.domain import results as domain
from services.survey.domain.validity import FIRST_LANGUAGE, languages_of
from services.survey.pages.look import drawn_to_keep, kept
from services.survey.pages.receipts import receipts_at
from services.survey.pages.sheet import LANGUAGE_NAMES, Tongue
from shared.adapters import web
from shared.events import survey as events
from shared.kernel import points

PERCENT_PLACES = 2
ROW_BYTES = 2_200
OPTION_BYTES = 380
"""What a result takes in memory, beside what each of its options takes with its fractions."""
NOTES = ("margins-of-random-samples", "index-counts-all")
"""What a reader has to know of all results, beside why one is withheld."""


@dataclass(frozen=True, slots=True)
class Line:
    """How often an option was chosen, and the share of those who answered, in per cent."""

    title: str
    count: int
    percent: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a question came to; `withheld` says why it is not told, and `lines` are empty then."""

    number: int
    text: str
    lines: Sequence[Line]
    said: Sequence[str]
    withheld: str


@dataclass(frozen=True, slots=True)
class Group:
    """All questions about one agency, or about all of them (without a name)."""

    id: str
    name: str
    questions: Sequence[Shown]


class ResultsPage:
    """The results of each questionnaire, drawn beside once for everybody who reads a language."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._pages = MadeBeside[domain.Report](results.bench, _bytes_of)

    async def shown(self, reader: web.Reader, at: tuple[str, str], wanted: str) -> web.Html:
        """The page of the questionnaire `at` (cycle, name); raises what `Results.published` does.

        Of a new version, or of agencies that have other names, there is another publication.
        """
        reading = (await self._results.published(at, ("", ""))).now
        names = await self._results.names(at[0])
        words = _Words(reading.adopted, wanted or reader.language)
        place = (at, reader.root, words.tongue.code, words.lang)
        drawing = partial(_drawn, reading, names, words, reader.root, at)
        body = await self._pages.of(place, reading.publication, drawing)
        return kept(body, words.tongue)


def _bytes_of(publication: domain.Report) -> int:
    """How much memory it takes, about; its rows are nearly all of it."""
    rows = (*publication.results, *publication.services)
    rows += (*publication.overall, *publication.overall_services)
    options = sum(len(row.counts) for row in rows if isinstance(row, domain.Result))
    return ROW_BYTES * (len(rows) + len(publication.areas)) + OPTION_BYTES * options


class _Words:
    """The questionnaire in a language that it has, on a page that is wanted in one.

    Who wants neither of its languages gets an English page around Vietnamese questions.
    """

    def __init__(self, adopted: events.QuestionnaireAdopted, wanted: str) -> None:
        known = languages_of(adopted)
        self._is_known = wanted in known
        self.tongue = Tongue(wanted if self._is_known else "en")
        others = [code for code in known if code != wanted] if len(known) > 1 else []
        self.others = [(code, LANGUAGE_NAMES.get(code, code)) for code in others]

    @property
    def lang(self) -> str:
        """The language of the questions, where the page is in another one."""
        return self.tongue.differs if self._is_known else FIRST_LANGUAGE

    def of(self, wording: events.Wording) -> str:
        """A text of the questionnaire."""
        return self.tongue.of(wording) if self._is_known else wording.vi


def _drawn(
    reading: Reading,
    names: Mapping[str, str],
    words: _Words,
    root: str,
    at: tuple[str, str],
) -> bytes:
    silent = _silent(reading.report.results)
    spoken_of = [row for row in reading.report.results if row.agency not in silent]
    rows = (*reading.report.overall, *spoken_of)
    shown = {
        # Told by the page around, as it is of a form.
        "about": {"is_trial": reading.mode == "trial"},
        "title": words.of(reading.adopted.title),
        "lang": words.lang,
        "others": words.others,
        "groups": _groups(reading, rows, names, words),
        "silent": [names.get(agency, agency) for agency in silent],
        "notes": [web.told(code, words.tongue.ui) for code in NOTES],
        "receipts": receipts_at(root, at, words.tongue),
        "exact": f"{root}/cycles/{at[0]}/questionnaires/{at[1]}/results/public",
    }
    return drawn_to_keep("results.html", words.tongue, root, shown)


def _silent(rows: Sequence[domain.Row]) -> Sequence[str]:
    """The agencies about which nobody answered, and of which nothing is withheld."""
    return [
        agency
        for agency, of_agency in groupby(rows, lambda row: row.agency)
        if all(isinstance(row, domain.Result) and _says_nothing(row) for row in of_agency)
    ]


def _says_nothing(row: domain.Result) -> bool:
    """Of several choices a certified total says how often they were chosen, and not by how many."""
    return not row.asked and not row.counts


def _groups(
    reading: Reading, rows: Sequence[domain.Row], names: Mapping[str, str], words: _Words
) -> Sequence[Group]:
    asked = {each.code: (place, each) for place, each in enumerate(reading.adopted.questions, 1)}
    return [
        Group(
            id=f"g{place}",
            name=names.get(agency, agency),
            questions=[_shown(row, *asked[row.question], words) for row in of_agency],
        )
        for place, (agency, of_agency) in enumerate(groupby(rows, lambda row: row.agency))
    ]


def _shown(row: domain.Row, number: int, question: events.Question, words: _Words) -> Shown:
    text = words.of(question.text)
    if isinstance(row, domain.Withheld):
        minimum = str(domain.PUBLISHED_ANSWERS_MIN)
        why = web.told(row.because, words.tongue.ui, minimum=minimum)
        return Shown(number, text, (), (), withheld=why)
    lines = [
        Line(words.of(option.title), row.counts.get(option.code, 0), _share_of(row, option.code))
        for option in question.options
    ]
    return Shown(number, text, lines if row.counts else (), _said(row, words.tongue), withheld="")


def _said(row: domain.Result, tongue: Tongue) -> Sequence[str]:
    """What stands below the counts: how many answered, how many are satisfied, and how sure."""
    if not row.counts:
        return [tongue.said("results-nobody")]
    said = [tongue.said("results-answered", answered=str(row.answered), valid=str(row.valid))]
    scored, satisfied = row.scored, row.satisfied
    if scored is not None and satisfied is not None and scored.satisfied_between is not None:
        between = scored.satisfied_between
        said.append(
            tongue.said(
                "results-satisfied",
                satisfied=str(scored.satisfied),
                percent=_percent(satisfied),
                margin=_percent(between.margin),
                low=_percent(between.low),
                high=_percent(between.high),
            )
        )
    if row.imported:
        sources = [_source(each, row.imported_forms.get(each), tongue) for each in row.imported]
        said.append(tongue.said("results-certified", sources=", ".join(sources)))
    return said


def _source(name: str, forms: int | None, tongue: Tongue) -> str:
    """Who certifies a part of it, and on how many forms that rests, where its document says so."""
    if forms is None:
        return name
    return tongue.said("results-certified-forms", source=name, forms=str(forms))


def _share_of(row: domain.Result, option: str) -> str:
    """A number of times is no share where nobody can tell of how many people."""
    if not row.shares:
        return ""
    return _percent(row.shares.get(option, Fraction(0)))


def _percent(share: Fraction) -> str:
    return points.shown(share * 100, PERCENT_PLACES)
