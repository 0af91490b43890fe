"""What was answered, gathered by agency, service and question: whole numbers, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from services.survey.domain.filled import Filled
from services.survey.domain.questionnaire import Questionnaire, adopted_in
from shared.events import survey as events

ALL = ""
"""Stands for all agencies that a questionnaire asks about."""

UNSAID = ""
"""Stands for the service of those who did not say which one they used."""


@dataclass(frozen=True, slots=True)
class Place:
    """About whom, which service of theirs, and which question; `service` None is any."""

    agency: str
    service: str | None
    question: str


@dataclass(slots=True)
class Gathered:
    """What was answered there: of how many asked, by how many, and which options they chose.

    `imported` has what each source certifies; nobody knows how many were asked there. `forms` are
    those that each rests on, None where any of its documents does not say so.
    """

    asked: int = 0
    answered: int = 0
    chosen: Counter[str] = field(default_factory=Counter)
    imported: dict[str, Counter[str]] = field(default_factory=dict)
    forms: dict[str, int | None] = field(default_factory=dict)

    def add(self, other: "Gathered") -> None:
        """Take in what was answered elsewhere."""
        self.asked += other.asked
        self.answered += other.answered
        self.chosen.update(other.chosen)
        for source, counts in other.imported.items():
            self.imported.setdefault(source, Counter()).update(counts)
        for source, forms in other.forms.items():
            before = self.forms.get(source, 0)
            self.forms[source] = None if forms is None or before is None else before + forms


def gathered(state: Questionnaire) -> Mapping[Place, Gathered]:
    """Everything that counts, by each place where anybody was asked or anything was imported."""
    adopted = adopted_in(state)
    places: dict[Place, Gathered] = {}
    for place, each in _leaves(adopted, state.responses()).items():
        for wider in _places_of(place, adopted):
            places.setdefault(wider, Gathered()).add(each)
    for fact in state.imported.values():
        for question, counts in fact.counts.items():
            imported = Gathered(
                imported={fact.source: Counter(counts)}, forms={fact.source: fact.forms}
            )
            for agency in (fact.agency, ALL):
                places.setdefault(Place(agency, None, question), Gathered()).add(imported)
    return places


def _leaves(
    adopted: events.QuestionnaireAdopted, responses: Iterable[events.Response]
) -> Mapping[Place, Gathered]:
    """What was answered by responses, each in one place of every question that it was asked."""
    groups: dict[tuple[str, str], list[events.Response]] = {}
    for response in responses:
        service = response.answers.get(adopted.service_question or "", UNSAID)
        groups.setdefault((response.agency, service), []).append(response)
    return {
        Place(agency, service, question): each
        for (agency, service), group in groups.items()
        for question, each in _by_question(adopted, group)
    }


def _by_question(
    adopted: events.QuestionnaireAdopted, group: Sequence[events.Response]
) -> Iterator[tuple[str, Gathered]]:
    """Question by question, and not person by person, which took ten times as long."""
    asked_of: dict[str, Sequence[events.Response]] = {}
    for question in adopted.questions:
        code, condition = question.code, question.asked_if
        asked = asked_of[code] = (
            group
            if condition is None
            else [
                each
                for each in asked_of.get(condition.question, ())
                if not _chosen(each, condition.question).isdisjoint(condition.options)
            ]
        )
        if question.kind == "multiple-choice":
            chosen = [each.choices[code] for each in asked if each.choices.get(code)]
            counts = Counter(chain.from_iterable(chosen))
            yield code, Gathered(len(asked), len(chosen), counts)
        elif question.kind != "free-text":
            counts = Counter(each.answers[code] for each in asked if code in each.answers)
            yield code, Gathered(len(asked), counts.total(), counts)


def _chosen(response: events.Response, question: str) -> frozenset[str]:
    return frozenset(Filled(response.answers, response.choices).chosen(question))


def _places_of(leaf: Place, adopted: events.QuestionnaireAdopted) -> Iterator[Place]:
    """Where what was answered at a leaf counts; a service is no breakdown of its own question."""
    for agency in (leaf.agency, ALL):
        yield Place(agency, None, leaf.question)
        if adopted.service_question not in {None, leaf.question}:
            yield Place(agency, leaf.service, leaf.question)
