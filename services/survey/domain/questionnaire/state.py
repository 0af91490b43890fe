"""What is known of one questionnaire."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from services.survey.domain.questionnaire.totals import alike
from shared.events import survey as events
from shared.events.envelope import Recorded
from shared.kernel.prefix import Prefix
from shared.kernel.quarantine import QUARANTINED, UNSCANNED, Scan, cleared_by, condemned_by

ExclusionStatus = Literal["open", "dropped", "excluded"]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A proposed exclusion, by whom, and what became of it."""

    proposed: events.ExclusionProposed
    by: str
    status: ExclusionStatus = "open"
    seconded_by: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Invitations that were issued together, about which agency, under which key, and when."""

    key: str
    agency: str
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What is known of one questionnaire; `batches` are the responses as they were counted."""

    version: int = 0
    adopted: events.QuestionnaireAdopted | None = None
    plan: events.SamplePlanned | None = None
    issues: tuple[Issue, ...] = ()
    links: Mapping[str, events.LinkOpened] = field(default_factory=dict)
    closed_links: frozenset[str] = frozenset()
    keys: events.BallotKeysAdopted | None = None
    opened: bool = False
    closed: bool = False
    batches: tuple[tuple[events.Response, ...], ...] = ()
    piles: Mapping[str, events.PaperEntered] = field(default_factory=dict)
    given_up: frozenset[str] = frozenset()
    receipts: Prefix[tuple[str, ...]] = field(default_factory=Prefix)
    exclusions: Mapping[str, Exclusion] = field(default_factory=dict)
    excluded: frozenset[tuple[int, int]] = frozenset()
    typed: Mapping[tuple[str, str], Mapping[str, events.ResultTyped]] = field(default_factory=dict)
    imported: Mapping[tuple[str, str], events.ResultImported] = field(default_factory=dict)
    scans: Mapping[str, Scan] = field(default_factory=dict)

    def scan(self, sha256: str) -> Scan:
        """What came of a document, as far as a scanner was asked."""
        return self.scans.get(sha256, UNSCANNED)

    def responses(self) -> Iterator[events.Response]:
        """The responses that count."""
        for number, batch in enumerate(self.batches, start=1):
            for position, response in enumerate(batch):
                if (number, position) not in self.excluded:
                    yield response


def evolve(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    """The next state."""
    return replace(_evolve(state, recorded), version=recorded.version)


def _evolve(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    match recorded.data:
        case events.QuestionnaireAdopted() as fact:
            return replace(state, adopted=fact)
        case events.SurveyOpened():
            return replace(state, opened=True)
        case events.SurveyClosed():
            return replace(state, closed=True)
        case events.ResponsesCounted() as fact:
            return replace(
                state,
                batches=(*state.batches, fact.responses),
                receipts=state.receipts.with_next(fact.receipts),
            )
        case _:
            for fold in (_grant, _type_in, _import, _scan, _exclude):
                state = fold(state, recorded)
            return state


def _grant(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    """What a fact says of who is to answer."""
    match recorded.data:
        case events.SamplePlanned() as fact:
            return replace(state, plan=fact)
        case events.InvitationsIssued() as fact:
            context = recorded.context
            issue = Issue(context.idempotency_key or "", fact.agency, fact.count, context.at)
            return replace(state, issues=(*state.issues, issue))
        case events.LinkOpened() as fact:
            return replace(state, links={**state.links, fact.link: fact})
        case events.LinkClosed() as fact:
            return replace(state, closed_links=state.closed_links | {fact.link})
        case events.BallotKeysAdopted() as fact:
            return replace(state, keys=fact)
        case _:
            return state


def _type_in(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    """What a fact says of piles of paper forms."""
    match recorded.data:
        case events.PaperEntered() as fact:
            return replace(state, piles={**state.piles, fact.pile: fact})
        case events.PaperGivenUp() as fact:
            return replace(state, given_up=state.given_up | {fact.pile})
        case _:
            return state


def _import(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    """What a fact says of certified results, by agency and source."""
    match recorded.data:
        case events.ResultTyped() as fact:
            place = fact.agency, fact.source
            by = recorded.context.actor or ""
            typed = {**state.typed.get(place, {}), by: fact}
            return replace(state, typed={**state.typed, place: typed})
        case events.ResultImported() as fact:
            place = fact.agency, fact.source
            # Who read something else in the same document is not silenced by two who agree.
            others = {
                person: each
                for person, each in state.typed.get(place, {}).items()
                if person != recorded.context.actor and not alike(each, fact)
            }
            imported = {**state.imported, place: fact}
            return replace(state, typed={**state.typed, place: others}, imported=imported)
        case _:
            return state


def _scan(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    """What a fact says of the documents that certify results."""
    match recorded.data:
        case events.DocumentQuarantined() as fact:
            return replace(state, scans={**state.scans, fact.sha256: QUARANTINED})
        case events.DocumentCleared() as fact:
            return replace(state, scans={**state.scans, fact.sha256: cleared_by(fact.scanner)})
        case events.DocumentCondemned() as fact:
            scans = {**state.scans, fact.sha256: condemned_by(fact.scanner, fact.finding)}
            return replace(state, scans=scans, typed=_typed_without(state, fact.sha256))
        case _:
            return state


def _typed_without(
    state: Questionnaire, sha256: str
) -> Mapping[tuple[str, str], Mapping[str, events.ResultTyped]]:
    """What was typed in of other documents than this one."""
    return {
        place: {by: each for by, each in typed.items() if each.sha256 != sha256}
        for place, typed in state.typed.items()
    }


def _exclude(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    """What a fact says of answers that are not to count."""
    match recorded.data:
        case events.ExclusionProposed() as fact:
            exclusion = Exclusion(fact, recorded.context.actor or "")
            return replace(state, exclusions={**state.exclusions, fact.exclusion: exclusion})
        case events.ExclusionDropped() as fact:
            return _with_exclusion(state, fact.exclusion, "dropped", "")
        case events.AnswersExcluded() as fact:
            places = {(fact.batch, position) for position in fact.positions}
            excluded = replace(state, excluded=state.excluded | places)
            by = recorded.context.actor or ""
            return _with_exclusion(excluded, fact.exclusion, "excluded", by)
        case _:
            return state


def _with_exclusion(
    state: Questionnaire, name: str, status: ExclusionStatus, by: str
) -> Questionnaire:
    """The proposal's end; of old, answers were excluded without one."""
    before = state.exclusions.get(name)
    if before is None:
        return state
    ended = replace(before, status=status, seconded_by=by)
    return replace(state, exclusions={**state.exclusions, name: ended})
