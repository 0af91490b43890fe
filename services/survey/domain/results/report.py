"""The results of a questionnaire, whole: by question, agency, service and area."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Literal

from services.survey.domain.cycle import Cycle
from services.survey.domain.questionnaire import Questionnaire, adopted_in, asked_about
from services.survey.domain.results.gathered import ALL, UNSAID, Gathered, Place, gathered
from services.survey.domain.results.result import Result, result
from shared.events import survey as events
from shared.kernel.errors import Missing
from shared.kernel.scheme import Item, Scheme

Reason = Literal["small-group", "gives-another-away"]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A result that is not published, and why."""

    agency: str
    service: str | None
    question: str
    because: Reason


Row = Result | Withheld


@dataclass(frozen=True, slots=True)
class AreaResult:
    """An area (lĩnh vực) of the scheme about one agency: its questions that have valid answers.

    `points` of `maximum` are the sums over their items, each with the mean of all its questions.
    """

    agency: str
    area: str
    title: str
    questions: tuple[str, ...]
    valid: int
    satisfied: int
    points: Fraction
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class Report:
    """Results by agency and question; the same by service too; and over all agencies."""

    results: tuple[Row, ...]
    services: tuple[Row, ...]
    overall: tuple[Row, ...]
    overall_services: tuple[Row, ...]
    areas: tuple[AreaResult, ...]


def report(state: Questionnaire, cycle: Cycle) -> Report:
    """Everything that was answered and counts; services where anybody was asked.

    Raises `Missing("tier-unknown")` where no scheme that can be read says what options are worth.
    """
    adopted = adopted_in(state)
    if adopted.tier not in cycle.schemes:
        raise Missing("tier-unknown", tier=adopted.tier)
    agencies = sorted(asked_about(adopted, cycle))
    services = _services(adopted)
    populations = _populations(state.plan, agencies, services)
    of = _Reading(adopted, cycle.schemes[adopted.tier], populations, gathered(state))
    results = tuple(of.row(agency, None, each) for agency in agencies for each in of.questions)
    return Report(
        results=results,
        services=tuple(of.by_service(agencies, services)),
        overall=tuple(of.row(ALL, None, each) for each in of.questions),
        overall_services=tuple(of.by_service((ALL,), services)),
        areas=tuple(_areas(results, of.scheme)),
    )


def results(state: Questionnaire, cycle: Cycle) -> Sequence[Result]:
    """One result for every agency that is asked about, and every question with options."""
    return [row for row in report(state, cycle).results if isinstance(row, Result)]


Populations = Mapping[tuple[str, str | None], int | None]


def _populations(
    plan: events.SamplePlanned | None, agencies: Sequence[str], services: Sequence[str]
) -> Populations:
    """How many people could have been asked, by agency and service, as far as the plan knows.

    Where it is planned by service, they are about the agency together; about all, where it is
    known of each.
    """
    strata: dict[str, dict[str, int]] = {agency: {} for agency in agencies}
    for each in plan.strata if plan else ():
        strata.setdefault(each.agency, {})[each.service] = each.population
    known: dict[tuple[str, str | None], int | None] = {}
    for service in (None, *services):
        counts = [_population(strata[agency], service) for agency in agencies]
        known |= {(agency, service): count for agency, count in zip(agencies, counts, strict=True)}
        known[ALL, service] = sum(filter(None, counts)) if None not in counts else None
    return known


def _population(counts: Mapping[str, int], service: str | None) -> int | None:
    if service is None:
        return counts.get("", sum(counts.values())) if counts else None
    return None if service == UNSAID else counts.get(service)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the rows of one questionnaire are made from."""

    adopted: events.QuestionnaireAdopted
    scheme: Scheme
    populations: Populations
    found: Mapping[Place, Gathered]

    @property
    def questions(self) -> Sequence[events.Question]:
        return [each for each in self.adopted.questions if each.kind != "free-text"]

    def row(self, agency: str, service: str | None, question: events.Question) -> Result:
        place = Place(agency, service, question.code)
        # Of how many people a question is asked only on a condition, no plan says.
        population = None if question.asked_if else self.populations[agency, service]
        item = self.scheme.items.get(question.item or "")
        return result(place, question, self.found.get(place, Gathered()), item, population)

    def by_service(self, agencies: Sequence[str], services: Sequence[str]) -> Iterator[Result]:
        for agency in agencies:
            for service in services:
                for question in self.questions:
                    if Place(agency, service, question.code) in self.found:
                        yield self.row(agency, service, question)


def _services(adopted: events.QuestionnaireAdopted) -> Sequence[str]:
    """The services, in their order, and at last that of those who did not say."""
    for question in adopted.questions:
        if question.code == adopted.service_question:
            return [*(option.code for option in question.options), UNSAID]
    return []


def _areas(results: Sequence[Result], scheme: Scheme) -> Iterator[AreaResult]:
    for agency, of_agency in groupby(results, lambda row: row.agency):
        scored = [row for row in of_agency if row.share is not None]
        for area in scheme.areas:
            items = {item.code: item for criterion in area.criteria for item in criterion.items}
            rows = [row for row in scored if row.item in items]
            if rows:
                yield _area(agency, (area.code, area.title), items, rows)


def _area(
    agency: str, area: tuple[str, str], items: Mapping[str, Item], rows: Sequence[Result]
) -> AreaResult:
    asked = [item for code, item in items.items() if any(row.item == code for row in rows)]
    means = {item.code: _mean([row for row in rows if row.item == item.code]) for item in asked}
    return AreaResult(
        agency=agency,
        area=area[0],
        title=area[1],
        questions=tuple(row.question for row in rows),
        valid=sum(row.valid for row in rows),
        satisfied=sum(row.scored.satisfied for row in rows if row.scored),
        points=sum((item.maximum * means[item.code] for item in asked), Fraction(0)),
        maximum=sum((item.maximum for item in asked), Fraction(0)),
    )


def _mean(rows: Sequence[Result]) -> Fraction:
    """The mean share over the questions of one item, each answer counting once."""
    total = sum((row.share * row.valid for row in rows if row.share is not None), Fraction(0))
    return total / sum(row.valid for row in rows)
