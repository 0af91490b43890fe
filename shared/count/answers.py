"""The answers to one questionnaire (bộ câu hỏi), counted as they come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from shared.events import survey as events
from shared.kernel.index import Tally
from shared.kernel.prefix import Joined, Prefix

Counts = dict[str, int]

SCORED_KINDS = frozenset({"single-choice", "scale"})
"""The kinds of questions that have one option as an answer, and so can give points."""


class Batches:
    """The batches of answers in the order in which they came, and where each stands by its number.

    It never changes: `with_next` gives another, and both share what they have in common.
    """

    __slots__ = ("_kept", "_places")

    def __init__(self) -> None:
        self._kept: Prefix[events.ResponsesCounted] = Prefix()
        self._places: dict[int, int] = {}

    def __iter__(self) -> Iterator[events.ResponsesCounted]:
        return iter(self._kept)

    def get(self, number: int) -> events.ResponsesCounted | None:
        """A batch by its number; None if there is none."""
        place = self._places.get(number)
        # Whoever shares the places may know more batches than stand here.
        return None if place is None or place >= len(self._kept) else self._kept[place]

    def with_next(self, batch: events.ResponsesCounted) -> "Batches":
        """What comes to be when a batch is added, of whose number there is none."""
        grown = Batches()
        grown._kept = self._kept.with_next(batch)
        grown._places = self._places
        if not grown._kept.shares(self._kept):
            grown._places = {each.batch: place for place, each in enumerate(self._kept)}
        grown._places[batch.batch] = len(self._kept)
        return grown


@dataclass(slots=True)
class Questionnaire:
    """What was asked, and what was answered so far.

    `items` are those that answers count for. `chosen` says by agency and question how often each
    option was chosen; which item and respondent group that counts for says the questionnaire as it
    was last adopted. `spoken` holds by agency the facts that spoke of it, exclusions included.
    Batches are kept, so that their responses can be excluded later.
    """

    name: str
    adopted: events.QuestionnaireAdopted | None = None
    fact: str = ""
    items: frozenset[str] = frozenset()
    open: bool = False
    batches: Batches = field(default_factory=Batches)
    excluded: dict[int, frozenset[int]] = field(default_factory=dict)
    chosen: dict[str, dict[str, Counts]] = field(default_factory=dict)
    spoken: dict[str, Prefix[str]] = field(default_factory=dict)
    imports: dict[tuple[str, str], tuple[str, events.ResultImported]] = field(default_factory=dict)
    _own: set[str] = field(default_factory=set)

    def fork(self) -> "Questionnaire":
        """Another one, which goes on by itself; what they have in common is shared."""
        self._own = set()
        return Questionnaire(
            self.name,
            self.adopted,
            self.fact,
            self.items,
            self.open,
            self.batches,
            dict(self.excluded),
            dict(self.chosen),
            dict(self.spoken),
            dict(self.imports),
        )

    def adopt(self, fact: events.QuestionnaireAdopted, identity: str) -> None:
        """Ask these questions from now on."""
        self.adopted, self.fact = fact, identity
        self.items = frozenset(item for item, _ in scored_questions(fact))

    def count(self, fact: events.ResponsesCounted, identity: str) -> bool:
        """Count a batch; False if one of its number was counted already."""
        if self.batches.get(fact.batch) is not None:
            return False
        # There are as many receipts as people who answered, and nothing is counted by them.
        self.batches = self.batches.with_next(msgspec.structs.replace(fact, receipts=()))
        for response in fact.responses:
            self._count(response, 1)
        self._speak(identity, {response.agency for response in fact.responses})
        return True

    def exclude(self, fact: events.AnswersExcluded, identity: str) -> bool:
        """Take responses back, each once; False if the batch has not all of the positions."""
        batch = self.batches.get(fact.batch)
        responses = batch.responses if batch else ()
        excluded = self.excluded.get(fact.batch, frozenset())
        known = {position for position in fact.positions if 0 <= position < len(responses)}
        news = [responses[position] for position in sorted(known - excluded)]
        for response in news:
            self._count(response, -1)
        self._speak(identity, {response.agency for response in news})
        self.excluded[fact.batch] = excluded | known
        return len(known) == len(set(fact.positions))

    def take_over(self, fact: events.ResultImported, identity: str) -> None:
        """Count a certified result, in place of what its source said of the agency before."""
        self.imports[fact.agency, fact.source] = (identity, fact)

    def responses(self) -> Iterator[events.Response]:
        """Every response that counts, batch by batch."""
        for batch in self.batches:
            excluded = self.excluded.get(batch.batch, frozenset())
            for position, response in enumerate(batch.responses):
                if position not in excluded:
                    yield response

    def agencies(self) -> frozenset[str]:
        """The agencies that anybody said something about which still counts."""
        answered = {code for code, chosen in self.chosen.items() if any(chosen.values())}
        return frozenset(answered | {agency for agency, _ in self.imports})

    def said(self) -> Iterator[str]:
        """All facts that speak of an agency; those that speak of several come more than once."""
        for agency in self.spoken.keys() | {agency for agency, _ in self.imports}:
            for part in self.facts(agency):
                yield from part

    def facts(self, agency: str) -> Sequence[Sequence[str]]:
        """The facts that speak of an agency, in parts."""
        said = [self.spoken[agency]] if agency in self.spoken else []
        imported = [(fact,) for (about, _), (fact, _) in self.imports.items() if about == agency]
        return [*said, *imported]

    def counted(self, agency: str, question: str) -> Counts:
        """How often each option of a question was chosen for an agency, from all sources."""
        counts = dict(self.chosen.get(agency, {}).get(question, {}))
        for (about, _), (_, imported) in self.imports.items():
            if about == agency:
                for option, number in imported.counts.get(question, {}).items():
                    _add(counts, option, number)
        return counts

    def _speak(self, identity: str, agencies: Iterable[str]) -> None:
        for agency in agencies:
            self.spoken[agency] = self.spoken.get(agency, Prefix()).with_next(identity)

    def _count(self, response: events.Response, change: int) -> None:
        agency = response.agency
        if agency not in self._own:
            before = self.chosen.get(agency, {})
            self.chosen[agency] = {question: dict(counts) for question, counts in before.items()}
            self._own.add(agency)
        chosen = self.chosen[agency]
        for question, option in response.answers.items():
            _add(chosen.setdefault(question, {}), option, change)


def scored_questions(
    adopted: events.QuestionnaireAdopted,
) -> Iterator[tuple[str, events.Question]]:
    """The questions that count, each with its item; a choice of several never does."""
    for question in adopted.questions:
        if question.item is not None and question.kind in SCORED_KINDS:
            yield question.item, question


def tallies(
    questionnaires: Iterable[Questionnaire], agency: str, tier: str
) -> Mapping[tuple[str, str], Tally]:
    """The answers about an agency of a tier, by item and respondent group."""
    merged: dict[tuple[str, str], tuple[Counts, list[Sequence[str]]]] = {}
    for questionnaire in questionnaires:
        adopted, said = questionnaire.adopted, questionnaire.facts(agency)
        if adopted is None or adopted.tier != tier or not said:
            continue
        for item in dict.fromkeys(item for item, _ in scored_questions(adopted)):
            merged.setdefault((item, adopted.group), ({}, []))[1].extend(said)
        for item, question in scored_questions(adopted):
            counts, _ = merged[item, adopted.group]
            for option, number in questionnaire.counted(agency, question.code).items():
                _add(counts, option, number)
    return {key: Tally(counts, Joined(parts)) for key, (counts, parts) in merged.items()}


def _add(counts: Counts, key: str, change: int) -> None:
    number = counts.get(key, 0) + change
    if number:
        counts[key] = number
    else:
        counts.pop(key, None)
