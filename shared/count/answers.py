"""The answers to one questionnaire (bộ câu hỏi), counted as they come."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from shared.events import survey as events
from shared.kernel.index import Tally

Counts = dict[str, int]


@dataclass(slots=True)
class Questionnaire:
    """What was asked, and what was answered so far.

    Answers are counted by (agency, question): how often each option was chosen, and how many of
    them each batch gave. Which item and respondent group they count for says the questionnaire
    as it was last adopted. Batches are kept, so that their responses can be excluded later.
    """

    name: str
    adopted: events.QuestionnaireAdopted | None = None
    fact: str = ""
    open: bool = False
    batches: dict[int, tuple[str, events.ResponsesCounted]] = field(default_factory=dict)
    excluded: dict[int, set[int]] = field(default_factory=dict)
    chosen: dict[tuple[str, str], Counts] = field(default_factory=dict)
    sources: dict[tuple[str, str], Counts] = field(default_factory=dict)
    imports: dict[tuple[str, str], tuple[str, events.ResultImported]] = field(default_factory=dict)

    def fork(self) -> "Questionnaire":
        """Another one, which goes on by itself."""
        return replace(
            self,
            batches=dict(self.batches),
            excluded={batch: set(positions) for batch, positions in self.excluded.items()},
            chosen={key: dict(counts) for key, counts in self.chosen.items()},
            sources={key: dict(counts) for key, counts in self.sources.items()},
            imports=dict(self.imports),
        )

    def adopt(self, fact: events.QuestionnaireAdopted, identity: str) -> None:
        """Ask these questions from now on."""
        self.adopted, self.fact = fact, identity

    def count(self, fact: events.ResponsesCounted, identity: str) -> bool:
        """Count a batch; False if one of its number was counted already."""
        if fact.batch in self.batches:
            return False
        self.batches[fact.batch] = (identity, fact)
        for response in fact.responses:
            self._count(response, identity, 1)
        return True

    def exclude(self, fact: events.AnswersExcluded) -> bool:
        """Take responses back, each once; False if the batch has not all of the positions."""
        identity, batch = self.batches.get(fact.batch, ("", None))
        responses = batch.responses if batch else ()
        excluded = self.excluded.setdefault(fact.batch, set())
        known = {position for position in fact.positions if 0 <= position < len(responses)}
        for position in sorted(known - excluded):
            self._count(responses[position], identity, -1)
        excluded |= known
        return len(known) == len(set(fact.positions))

    def take_over(self, fact: events.ResultImported, identity: str) -> None:
        """Count a certified result, in place of what its source said of the agency before."""
        self.imports[fact.agency, fact.source] = (identity, fact)

    def _count(self, response: events.Response, identity: str, change: int) -> None:
        for question, option in response.answers.items():
            key = (response.agency, question)
            _add(self.chosen.setdefault(key, {}), option, change)
            _add(self.sources.setdefault(key, {}), identity, change)

    def responses(self) -> Iterator[events.Response]:
        """Every response that counts, batch by batch."""
        for number, (_, batch) in self.batches.items():
            excluded = self.excluded.get(number, ())
            for position, response in enumerate(batch.responses):
                if position not in excluded:
                    yield response

    def agencies(self) -> frozenset[str]:
        """The agencies that anybody said something about."""
        answered = {agency for (agency, _), counts in self.sources.items() if counts}
        return frozenset(answered | {agency for agency, _ in self.imports})

    def counted(self, agency: str, question: str) -> Tally:
        """How often each option of a question was chosen for an agency, from all sources."""
        counts = dict(self.chosen.get((agency, question), {}))
        facts = list(self.sources.get((agency, question), {}))
        for (about, _), (identity, imported) in self.imports.items():
            if about == agency and question in imported.counts:
                facts.append(identity)
                for option, number in imported.counts[question].items():
                    _add(counts, option, number)
        return Tally(counts, tuple(facts))


def tallies(
    questionnaires: Iterable[Questionnaire], agency: str, tier: str
) -> Mapping[tuple[str, str], Tally]:
    """The answers about an agency of a tier, by item and respondent group."""
    merged: dict[tuple[str, str], tuple[Counts, list[str]]] = {}
    for questionnaire in questionnaires:
        adopted = questionnaire.adopted
        if adopted is None or adopted.tier != tier:
            continue
        for question in adopted.questions:
            tally = questionnaire.counted(agency, question.code)
            counts, facts = merged.setdefault((question.item, adopted.group), ({}, []))
            facts += tally.facts
            for option, number in tally.counts.items():
                _add(counts, option, number)
    return {
        key: Tally(counts, tuple(sorted(set(facts))))
        for key, (counts, facts) in merged.items()
        if facts
    }


def _add(counts: Counts, key: str, change: int) -> None:
    number = counts.get(key, 0) + change
    if number:
        counts[key] = number
    else:
        counts.pop(key, None)
